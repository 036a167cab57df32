import { signal } from "@preact/signals";
import type { RunAnswer } from "../../src/protocol/commands.ts";
import { requestAsMe } from "../session/session.ts";

/** Runs that this page asked for and waits for, and that take longer than a moment. */
export interface UnderWay {
  id: string;
  command: string;
  /** How far it is. */
  told: string;
  stopping: boolean;
}

export const underWay = signal<readonly UnderWay[]>([]);

export function follow({ id, command, progress, stopping }: RunAnswer): void {
  const now = { id, command, told: progress?.text ?? "", stopping };
  const known = underWay.value.find((run) => run.id === id);
  if (known === undefined) underWay.value = [...underWay.value, now];
  else if (known.told !== now.told || known.stopping !== now.stopping)
    underWay.value = underWay.value.map((run) => (run.id === id ? { ...now, stopping: now.stopping || run.stopping } : run));
}

export function leave(id: string): void {
  if (underWay.value.some((run) => run.id === id)) underWay.value = underWay.value.filter((run) => run.id !== id);
}

/** Asks it to stop; whoever waits for it is told how it ended. */
export async function stop(id: string): Promise<void> {
  underWay.value = underWay.value.map((run) => (run.id === id ? { ...run, stopping: true } : run));
  // It may have ended in this moment.
  await requestAsMe({ method: "POST", path: `runs/${encodeURIComponent(id)}/cancel` }).catch(() => {});
}
