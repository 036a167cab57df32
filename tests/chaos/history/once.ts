import { answersOf } from "./answers.ts";
import { groupBy } from "./groupBy.ts";
import type { LedgerState, Recorded } from "./history.ts";
import type { Session, Viewing } from "./viewings.ts";
import type { Violation } from "./violation.ts";

/** I2: what was sent once is stored once, and no viewer is shown a message twice. A text is sent as often as it was said, "person" more than once. */
export function once(history: readonly Recorded[], ledger: LedgerState, viewings: readonly Viewing[]): Violation[] {
  return [
    ...storedTwice(history, ledger),
    ...answeredTwice(ledger),
    ...viewings.flatMap((viewing) => viewing.sessions.flatMap((session) => shownTwice(viewing, session))),
  ];
}

function storedTwice(history: readonly Recorded[], ledger: LedgerState): Violation[] {
  const times = new Map<string, number>();
  const sent = new Set<string>();
  for (const event of history) {
    if (event.kind !== "sent") continue;
    const said = `${event.conversation} ${event.text}`;
    times.set(said, (times.get(said) ?? 0) + 1);
    sent.add(event.text);
  }
  const copies = groupBy(
    ledger.messages.filter((message) => sent.has(message.text)),
    (message) => `${message.conversation} ${message.text}`,
  );
  return [...copies].flatMap(([said, messages]) => {
    const [first] = messages;
    // What was said before the welcome named no conversation yet.
    const before = times.get(` ${first?.text}`) ?? 0;
    if (messages.length <= Math.max(1, (times.get(said) ?? 0) + before)) return [];
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
