import { computed, signal } from "@preact/signals";
import type { RunAnswer } from "../../src/protocol/commands.ts";
import { route } from "../shell/route.ts";

export const adminChatAddress = "#/admin";

/** Whether the admin chat takes the inbox's place. */
export const adminChatShown = computed(() => {
  route.value;
  return location.hash === adminChatAddress;
});

/** A line that was run here, and what came of it. Kept in this page alone: it goes with a reload. */
export interface Said {
  id: number;
  line: string;
  /** Null while it runs. */
  answer: RunAnswer | { wrong: string } | null;
}

export const said = signal<readonly Said[]>([]);

let next = 1;

/** Writes the line down at once, and its answer when it is there. */
export async function say(line: string, run: () => Promise<RunAnswer>): Promise<void> {
  const id = next++;
  said.value = [...said.value, { id, line, answer: null }];
  const answered = (answer: Said["answer"]) => {
    said.value = said.value.map((each) => (each.id === id ? { ...each, answer } : each));
  };
  await run().then(
    (done) => answered(done),
    (error: unknown) => answered({ wrong: error instanceof Error ? error.message : "That didn't work." }),
  );
}

/** `/agents` is what `agent.list` lists. */
export function spelled(text: string, known: (name: string) => boolean): string {
  const [, group = ""] = /^\s*\/([a-z-]+)s\s*$/i.exec(text) ?? [];
  return group !== "" && known(`${group.toLowerCase()}.list`) ? `/${group.toLowerCase()}.list` : text;
}
