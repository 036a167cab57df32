import { answersOf } from "./answers.ts";
import type { LedgerState, Recorded } from "./history.ts";
import { faultsOf } from "./prompt.ts";
import type { Violation } from "./violation.ts";

/** I9: within 30 s of the last fault nothing waits any more. */
const drainMs = 30_000;

export interface Drained {
  violations: Violation[];
  /** From the end of the last fault, or the last message where that is later, until nothing waited. */
  drainedAfterMs: number;
}

export function drained(history: readonly Recorded[], ledger: LedgerState): Drained {
  const settledAt = history.findLast((event) => event.kind === "settled")?.at ?? Number.POSITIVE_INFINITY;
  const lastSentAt = history.findLast((event) => event.kind === "sent")?.at ?? 0;
  const quietSince = Math.max(lastSentAt, ...faultsOf(history).map((fault) => fault.endedAt));
  const drainedAfterMs = Math.max(0, settledAt - quietSince);
  return {
    violations: [
      ...(drainedAfterMs <= drainMs ? [] : [violation(`something still waits ${drainMs / 1000} s after the last fault`)]),
      ...stuckTurns(ledger),
      ...unheard(history),
      ...unanswered(ledger),
    ],
    drainedAfterMs,
  };
}

function stuckTurns({ turns }: LedgerState): Violation[] {
  return turns.map(({ conversation, seq, deadReason }) =>
    violation(`the turn ${seq} of ${conversation} ${deadReason === null ? "still waits" : `was put aside: ${deadReason}`}`),
  );
}

function unheard(history: readonly Recorded[]): Violation[] {
  const heard = new Set(
    history.flatMap((event) => (event.kind === "acked" || (event.kind === "told" && event.state === "failed") ? [event.clientId] : [])),
  );
  return history.flatMap((event) =>
    event.kind === "sent" && !heard.has(event.clientId)
      ? [violation(`${event.clientId} of ${event.viewer} was neither acked nor refused`)]
      : [],
  );
}

/** Where only the bot ever answered, each message of the visitor has its answer. */
function unanswered(ledger: LedgerState): Violation[] {
  const handled = new Set(ledger.controls.map(({ conversation }) => conversation));
  const answers = answersOf(ledger);
  return ledger.messages.flatMap(({ conversation, seq, key }) =>
    key.startsWith("v:") && !handled.has(conversation) && (answers.get(`${conversation} ${seq}`)?.times ?? 0) === 0
      ? [violation(`message ${seq} of ${conversation} has no answer`)]
      : [],
  );
}

function violation(what: string): Violation {
  return { invariant: "I9", what };
}
