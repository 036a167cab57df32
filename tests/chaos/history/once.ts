import { answersOf } from "./answers.ts";
import { groupBy } from "./groupBy.ts";
import type { LedgerState, Recorded } from "./history.ts";
import type { Session, Viewing } from "./viewings.ts";
import type { Violation } from "./violation.ts";

/** I2: what was sent once is stored once, and no viewer is shown a message twice. The texts of a run are unique. */
export function once(history: readonly Recorded[], ledger: LedgerState, viewings: readonly Viewing[]): Violation[] {
  return [
    ...storedTwice(history, ledger),
    ...answeredTwice(ledger),
    ...viewings.flatMap((viewing) => viewing.sessions.flatMap((session) => shownTwice(viewing, session))),
  ];
}

function storedTwice(history: readonly Recorded[], ledger: LedgerState): Violation[] {
  const sent = new Set(history.flatMap((event) => (event.kind === "sent" ? [event.text] : [])));
  const copies = groupBy(
    ledger.messages.filter((message) => sent.has(message.text)),
    (message) => `${message.conversation} ${message.text}`,
  );
  return [...copies.values()].flatMap((messages) => {
    if (messages.length < 2) return [];
    const [first] = messages;
    return [{ invariant: "I2", what: `one message stands in ${first?.conversation} as ${messages.map(({ seq }) => seq).join(" and ")}` }];
  });
}

function answeredTwice(ledger: LedgerState): Violation[] {
  return [...answersOf(ledger)].flatMap(([asked, { times }]) =>
    times < 2 ? [] : [{ invariant: "I2", what: `the bot answered ${asked} ${times} times` }],
  );
}

/** A replay after a reconnect begins after `from`; an ack may repeat, but where it stands for the message, no message may follow it. */
function shownTwice({ viewer, conversation }: Viewing, { from, seen }: Session): Violation[] {
  const there = new Set<number>();
  return seen.flatMap((event) => {
    if (event.kind === "acked") {
      if (event.shows) there.add(event.seq);
      return [];
    }
    const repeated = event.seq <= from || there.has(event.seq);
    there.add(event.seq);
    return repeated ? [{ invariant: "I2", what: `${viewer} was shown ${event.seq} of ${conversation} again` }] : [];
  });
}
