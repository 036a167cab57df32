import type { RunProgress } from "../../protocol/commands.ts";
import type { Work } from "../command.ts";
import { onceOutside } from "./effects.ts";
import { keptStep } from "./keptStep.ts";
import { announceRun, type RunOutside, stopSubject } from "./runOutside.ts";
import { sayRunning } from "./runStore.ts";

/** So often it says that it goes on, and looks whether it shall stop: what the bus lost is heard so late. */
const sayEveryMs = 2000;

export interface Followed {
  work: Work;
  /** Whether the run has ended, or another process goes on with it. */
  isGone(): boolean;
  end(): void;
}

export interface Following {
  tenant: string;
  run: string;
  fence: number;
  /** Whether its steps are kept, so that another process can go on. */
  resumable: boolean;
}

/** Keeps the row of a run that runs here: that it goes on, how far it is; and hears that it shall stop, from the bus or from the row. */
export function followRun(outside: RunOutside, { tenant, run, fence, resumable }: Following): Followed {
  const { database, bus, clock, log } = outside;
  const abort = new AbortController();
  let progress: RunProgress | undefined;
  let ended = false;
  let gone = false;
  let cancel = () => {};

  const say = async () => {
    const told = progress;
    progress = undefined;
    try {
      const row = await sayRunning(database.forTenant(tenant), { id: run, fence }, new Date(clock.now()), told);
      gone ||= row === undefined;
      if (row === undefined || row.stopping) abort.abort();
      if (told !== undefined) announceRun(outside, tenant, run);
    } catch (error) {
      progress ??= told;
      log.warn({ error, run }, "could not say that a run goes on");
    }
    if (!ended) cancel = clock.after(sayEveryMs, () => void say());
  };
  const unsubscribe = bus.subscribe(stopSubject(tenant, run), () => abort.abort());
  cancel = clock.after(sayEveryMs, () => void say());

  const lose = () => {
    gone = true;
    abort.abort();
  };
  return {
    isGone: () => gone,
    work: {
      signal: abort.signal,
      step: (step, act) => (resumable ? keptStep(outside, { tenant, run, fence, lose }, step, act) : act()),
      effect: (step, act) => onceOutside(outside, { tenant, run }, step, act),
      progress: (now) => {
        const first = progress === undefined;
        progress = now;
        if (!first) return;
        cancel();
        cancel = clock.after(sayEveryMs / 4, () => void say());
      },
    },
    end: () => {
      ended = true;
      unsubscribe();
      cancel();
    },
  };
}
