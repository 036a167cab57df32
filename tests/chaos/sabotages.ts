import type { Invariant } from "./history/violation.ts";
import type { Scale } from "./row.ts";

/** A product with one protection off: the row that must notice, and by which invariant. */
interface Sabotage {
  name: string;
  /** The modules that are replaced when it is built. The product itself has no switch. */
  instead: Record<string, string>;
  row: number;
  invariant: Invariant;
  /** Where the row would otherwise take longer than it needs. */
  scale?: Partial<Scale>;
}

const sabotage = (
  name: string,
  original: string,
  replacement: string,
  row: number,
  invariant: Invariant,
  scale: Partial<Scale> = {},
): Sabotage => ({
  name,
  instead: { [`src/${original}.ts`]: `tests/chaos/sabotage/${replacement}.ts` },
  row,
  invariant,
  scale,
});

export const ackBeforeCommit = sabotage("ack before the commit", "conversations/ledger/receiveMessage", "ackBeforeCommit", 3, "I1");
const newKeyEachTime = sabotage("no key for what is sent again", "conversations/conversation", "newKeyEachTime", 2, "I2");
const noFence = sabotage("no fence around control", "conversations/ledger/ledgerStore", "noFence", 55, "I5");
const busOnly = sabotage("nobody looks for what the bus lost", "sockets/desk/topics", "busOnly", 28, "I1");
const noSweeper = sabotage("nobody retakes turns", "conversations/turns/turnStore", "noSweeper", 33, "I9");
const nobodyTold = sabotage("nobody is told that a right was taken away", "access/accessChanges", "nobodyTold", 53, "row");
const neverAsleep = sabotage("a process that slept goes on as if nothing had been", "platform/process/eventLoop", "neverAsleep", 5, "row");
const nothingWentBack = sabotage("sockets go on over a restored database", "sockets/viewers", "nothingWentBack", 27, "row");
const numbersOnly = sabotage("a page is known by its number alone", "sockets/visitor/knowsAnother", "numbersOnly", 27, "row");
const runWithoutKey = sabotage("no key for a run that is asked for again", "commands/runs/runStore", "runWithoutKey", 14, "I4");
const lostIsRefused = sabotage("what a lost run did is forgotten", "commands/runs/runStore", "lostIsRefused", 14, "I4");
const aWhile = { minutes: 0.5 };
const noTeamLock = sabotage("several decide for a team at once", "routing/assignStore", "noTeamLock", 57, "I5", aWhile);
const neverLapses = sabotage("offers have no end", "routing/offerStore", "neverLapses", 57, "I5", aWhile);
const placeLost = sabotage("a passed conversation goes to the end of the queue", "routing/offerStore", "placeLost", 57, "I5", aWhile);
const anyCapacity = sabotage("agents are offered more than they take", "routing/chooseAgent", "anyCapacity", 57, "I5", aWhile);
const newEventEachTime = sabotage("no key for what a chat tells again", "channels/events/chatEvents", "newEventEachTime", 39, "row");
const heardBeforeCommit = sabotage("a chat has its 200 before the commit", "channels/events/chatEvents", "heardBeforeCommit", 40, "row");
const neverLooked = sabotage("what may be written is written again", "channels/outbox/outStore", "neverLooked", 41, "row", { seconds: 3 });
const keysForEver = sabotage("a key of the Bot Framework counts for ever", "../bots/teams/signingKeys", "keysForEver", 42, "row");
const anyHost = sabotage("answers go to any host", "../bots/teams/cloud", "anyHost", 43, "row");

export const sabotages: Sabotage[] = [
  ackBeforeCommit,
  newKeyEachTime,
  noFence,
  busOnly,
  noSweeper,
  nobodyTold,
  neverAsleep,
  nothingWentBack,
  numbersOnly,
  runWithoutKey,
  lostIsRefused,
  noTeamLock,
  neverLapses,
  placeLost,
  anyCapacity,
  newEventEachTime,
  heardBeforeCommit,
  neverLooked,
  keysForEver,
  anyHost,
];
