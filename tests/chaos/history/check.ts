import { acknowledged } from "./acknowledged.ts";
import { assigned } from "./assigned.ts";
import { drained } from "./drained.ts";
import { groupBy } from "./groupBy.ts";
import type { LedgerState, Recorded } from "./history.ts";
import { offered } from "./offers.ts";
import { once } from "./once.ts";
import { order } from "./order.ts";
import { prompt } from "./prompt.ts";
import { strangers } from "./strangers.ts";
import { takenAway } from "./takenAway.ts";
import { told } from "./told.ts";
import { toldYours } from "./toldYours.ts";
import { viewingsOf } from "./viewings.ts";
import type { Violation } from "./violation.ts";

/** What happened to the messages of a run: counts, and milliseconds. */
export interface Figures {
  sent: number;
  acked: number;
  /** Told that it failed: the conversation was no longer theirs. */
  refused: number;
  /** Acked, and not in the ledger or never shown to somebody who was there. */
  lost: number;
  doubled: number;
  outOfOrder: number;
  /** Given to two agents, or to none while somebody believes to have it. */
  misassigned: number;
  /** Left without an answer, or gone from its visitor's page. */
  forgotten: number;
  quietP50Ms: number;
  quietP99Ms: number;
  worstAfterFaultMs: number;
  worstSilenceMs: number;
  worstAnswerMs: number;
  drainedAfterMs: number;
}

/** Proves the invariants I1 to I3 and I5 to I9 of faults.md over what was recorded, or says where they break. Pure. */
export function check(
  history: readonly Recorded[],
  ledger: LedgerState,
): {
  violations: Violation[];
  figures: Figures;
  /** Counts and milliseconds of what isn't in every history: routing, and a recorder that didn't run. */
  own: Record<string, number>;
} {
  const viewings = viewingsOf(history);
  const promptness = prompt(history, viewings);
  const heard = told(history, ledger);
  const drain = drained(history, ledger);
  const lost = acknowledged(history, ledger, viewings);
  const doubled = once(history, ledger, viewings);
  const disordered = order(ledger, viewings);
  const routing = offered(history, ledger);
  const assignment = [
    ...assigned(history, ledger, viewings),
    ...routing.violations,
    ...toldYours(history, ledger),
    ...takenAway(history, ledger),
  ];
  const refusals = history.filter((event) => event.kind === "told" && event.state === "failed");
  const acked = new Set(history.flatMap((event) => (event.kind === "acked" ? [event.clientId] : [])));
  return {
    violations: [
      ...lost,
      ...doubled,
      ...disordered,
      ...assignment,
      ...promptness.violations,
      ...heard.violations,
      ...drain.violations,
      ...strangers(history, ledger),
    ],
    figures: {
      sent: history.filter((event) => event.kind === "sent").length,
      acked: acked.size,
      refused: refusals.length,
      lost: lost.length,
      doubled: doubled.length,
      outOfOrder: disordered.length,
      misassigned: assignment.length,
      forgotten: drain.violations.length + history.filter((event) => event.kind === "forgotten").length,
      quietP50Ms: promptness.quietP50Ms,
      quietP99Ms: promptness.quietP99Ms,
      worstAfterFaultMs: promptness.worstAfterFaultMs,
      worstSilenceMs: heard.worstSilenceMs,
      worstAnswerMs: heard.worstAnswerMs,
      drainedAfterMs: drain.drainedAfterMs,
    },
    own: { ...routing.figures, ...countsOf(refusals), ...napsOf(history) },
  };
}

/** How often which code. */
function countsOf(refusals: readonly Recorded[]): Record<string, number> {
  const codes = groupBy(refusals, (event) => (event.kind === "told" ? event.code : ""));
  return Object.fromEntries([...codes].map(([code, all]) => [`refused_${code}`, all.length]));
}

function napsOf(history: readonly Recorded[]): { recorderAsleepMs?: number } {
  const ms = history.reduce((sum, event) => sum + (event.kind === "asleep" ? event.ms : 0), 0);
  return ms === 0 ? {} : { recorderAsleepMs: ms };
}
