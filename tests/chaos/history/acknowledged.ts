import { groupBy } from "./groupBy.ts";
import type { LedgerState, Recorded } from "./history.ts";
import type { Viewing } from "./viewings.ts";
import type { Violation } from "./violation.ts";

/** I1: every acked message is in the ledger as it was sent, and whoever is there at the end has been shown it. */
export function acknowledged(history: readonly Recorded[], ledger: LedgerState, viewings: readonly Viewing[]): Violation[] {
  return [...lost(history, ledger), ...hidden(ledger, viewings), ...forgotten(history)];
}

function lost(history: readonly Recorded[], ledger: LedgerState): Violation[] {
  const texts = new Map(history.flatMap((event) => (event.kind === "sent" ? [[event.clientId, event.text] as const] : [])));
  const stored = new Map(ledger.messages.map((message) => [clientIdOf(message.key), message]));
  return history.flatMap((event) => {
    if (event.kind !== "acked") return [];
    const message = stored.get(event.clientId);
    const what = `${event.clientId} of ${event.conversation}, acked as ${event.seq} to ${event.viewer},`;
    if (message === undefined) return [{ invariant: "I1", what: `${what} is not in the ledger` }];
    if (message.seq !== event.seq || message.conversation !== event.conversation)
      return [{ invariant: "I1", what: `${what} stands in the ledger as ${message.seq} of ${message.conversation}` }];
    if (message.text !== texts.get(event.clientId)) return [{ invariant: "I1", what: `${what} has another text in the ledger` }];
    return [];
  });
}

function hidden(ledger: LedgerState, viewings: readonly Viewing[]): Violation[] {
  const seqs = groupBy(ledger.messages, (message) => message.conversation);
  return viewings.flatMap((viewing) => {
    if (!viewing.live) return [];
    const missing = (seqs.get(viewing.conversation) ?? []).map(({ seq }) => seq).filter((seq) => !viewing.firstSeenAt.has(seq));
    if (missing.length === 0) return [];
    return [{ invariant: "I1", what: `${viewing.viewer} was never shown ${missing.join(", ")} of ${viewing.conversation}` }];
  });
}

function forgotten(history: readonly Recorded[]): Violation[] {
  return history.flatMap((event) =>
    event.kind === "forgotten" ? [{ invariant: "I1", what: `${event.viewer} was refused its own conversation ${event.conversation}` }] : [],
  );
}

/** The last part of a message's key; the clientIds of a run hold no colon and are unique. */
export function clientIdOf(key: string): string {
  return key.slice(key.lastIndexOf(":") + 1);
}
