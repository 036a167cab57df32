import { groupBy } from "./groupBy.ts";
import type { LedgerState } from "./history.ts";
import type { Session, Viewing } from "./viewings.ts";
import type { Violation } from "./violation.ts";

/** I3: `seq` has no gap and no repeat, and every viewer sees the ledger's order and texts. */
export function order(ledger: LedgerState, viewings: readonly Viewing[]): Violation[] {
  const texts = new Map(ledger.messages.map(({ conversation, seq, text }) => [`${conversation} ${seq}`, text]));
  return [...numbering(ledger), ...viewings.flatMap((viewing) => viewing.sessions.flatMap((session) => disorder(viewing, session, texts)))];
}

function numbering(ledger: LedgerState): Violation[] {
  const messages = groupBy(ledger.messages, (message) => message.conversation);
  return ledger.conversations.flatMap(({ id, lastSeq }) => {
    const seqs = (messages.get(id) ?? []).map(({ seq }) => seq).sort((a, b) => a - b);
    const broken = seqs.findIndex((seq, index) => seq !== index + 1);
    if (broken === -1 && seqs.length === lastSeq) return [];
    const where = broken === -1 ? "" : `, and after ${broken} comes ${seqs[broken]}`;
    return [{ invariant: "I3", what: `${id} counts to ${lastSeq} and holds ${seqs.length}${where}` }];
  });
}

/** Own messages are there by their acks, which may come before what stands in front of them. */
function disorder({ viewer, conversation }: Viewing, { from, seen }: Session, texts: ReadonlyMap<string, string>): Violation[] {
  const acked = new Set(seen.flatMap((event) => (event.kind === "acked" && event.shows ? [event.seq] : [])));
  let newest = from;
  return seen.flatMap((event) => {
    if (event.kind !== "shown") return [];
    const { seq } = event;
    const what = `${viewer} was shown ${seq} of ${conversation}`;
    if (texts.get(`${conversation} ${seq}`) !== event.text)
      return [{ invariant: "I3", what: `${what} with a text that the ledger doesn't have there` }];
    if (seq <= newest) return [{ invariant: "I3", what: `${what} after ${newest}` }];
    const skipped = Array.from({ length: seq - newest - 1 }, (_, index) => newest + 1 + index).filter((between) => !acked.has(between));
    newest = seq;
    return skipped.length === 0 ? [] : [{ invariant: "I3", what: `${what} before ${skipped.join(", ")}` }];
  });
}
