import type { Window } from "./prompt.ts";

/** How much longer than a fault its consequences may last (I6). */
const aftermathMs = 5000;

/** The longest time within these two moments in which no fault, nor what follows from one, was in the way. */
export function quietWithin(from: number, to: number, faults: readonly Window[]): number {
  let longest = 0;
  let since = from;
  for (const { begunAt, endedAt } of faults) {
    if (begunAt >= to) break;
    longest = Math.max(longest, begunAt - since);
    since = Math.max(since, endedAt + aftermathMs);
  }
  return Math.max(longest, to - since);
}
