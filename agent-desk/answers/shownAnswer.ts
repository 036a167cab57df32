import { signal } from "@preact/signals";
import type { RunAnswer } from "../../src/protocol/commands.ts";
import type { Answered } from "./Answer.tsx";

/** The answer that is looked at over the page. */
export const shownAnswer = signal<(Answered & Pick<RunAnswer, "command">) | null>(null);

/** Whether it has what stands on no line: a table, a chart. */
export function isSheet({ messages }: Pick<RunAnswer, "messages">): boolean {
  return messages.some(({ blocks = [] }) => blocks.some(({ type }) => type === "table" || type === "chart"));
}
