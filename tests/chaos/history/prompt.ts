import { groupBy } from "./groupBy.ts";
import type { Recorded } from "./history.ts";
import type { Viewing } from "./viewings.ts";
import type { Violation } from "./violation.ts";

/** I6: a message is seen by the others within 1 s (p99), and within 5 s of the end of a fault that was in its way. */
const quietMs = 1000;
const afterFaultMs = 5000;

export interface Promptness {
  violations: Violation[];
  /** From the first who had it to the others, without a fault in the way. */
  quietP50Ms: number;
  quietP99Ms: number;
  /** From the end of the fault, or from the message where that is later. */
  worstAfterFaultMs: number;
}

export interface Window {
  begunAt: number;
  endedAt: number;
}

export function prompt(history: readonly Recorded[], viewings: readonly Viewing[]): Promptness {
  const faults = faultsOf(history);
  const quiet: number[] = [];
  let worstAfterFaultMs = 0;
  const late: Violation[] = [];
  for (const group of groupBy(viewings, (viewing) => viewing.conversation).values()) {
    for (const [seq, knownAt] of firstKnown(group)) {
      for (const viewing of group) {
        const shownAt = viewing.firstSeenAt.get(seq);
        if (shownAt === undefined) continue;
        const owedAt = Math.max(knownAt, sessionOf(viewing, shownAt)?.openedAt ?? knownAt);
        const inTheWay = faults.filter((fault) => fault.begunAt <= shownAt && fault.endedAt + afterFaultMs >= knownAt);
        if (inTheWay.length === 0) {
          quiet.push(shownAt - owedAt);
          continue;
        }
        const delay = shownAt - Math.max(owedAt, ...inTheWay.map((fault) => Math.min(fault.endedAt, shownAt)));
        worstAfterFaultMs = Math.max(worstAfterFaultMs, delay);
        if (delay > afterFaultMs)
          late.push({
            invariant: "I6",
            what: `${viewing.viewer} saw ${seq} of ${viewing.conversation} ${Math.round(delay)} ms after the fault`,
          });
      }
    }
  }
  quiet.sort((a, b) => a - b);
  const quietP99Ms = quantile(quiet, 0.99);
  if (quietP99Ms > quietMs) late.push({ invariant: "I6", what: `the others see a message after ${Math.round(quietP99Ms)} ms (p99)` });
  return { violations: late, quietP50Ms: quantile(quiet, 0.5), quietP99Ms, worstAfterFaultMs };
}

/** In the order of their beginnings. A recorder that didn't run is one too. */
export function faultsOf(history: readonly Recorded[]): Window[] {
  const open = new Map<string, Window>();
  const all: Window[] = [];
  for (const event of history) {
    if (event.kind === "asleep") all.push({ begunAt: event.at - event.ms, endedAt: event.at });
    if (event.kind !== "fault") continue;
    if (event.phase === "begun") {
      const window = { begunAt: event.at, endedAt: Number.POSITIVE_INFINITY };
      open.set(event.name, window);
      all.push(window);
    } else {
      const window = open.get(event.name);
      if (window !== undefined) window.endedAt = event.at;
    }
  }
  return all.sort((one, other) => one.begunAt - other.begunAt);
}

/** When anybody first had each `seq`: it was committed by then. */
function firstKnown(group: readonly Viewing[]): Map<number, number> {
  const known = new Map<number, number>();
  for (const { firstSeenAt } of group)
    for (const [seq, at] of firstSeenAt) known.set(seq, Math.min(at, known.get(seq) ?? Number.POSITIVE_INFINITY));
  return known;
}

function sessionOf({ sessions }: Viewing, at: number) {
  return sessions.findLast((session) => session.openedAt <= at);
}

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
