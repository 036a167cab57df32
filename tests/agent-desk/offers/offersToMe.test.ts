import { expect, test } from "vitest";
import { actionsOn } from "../../../agent-desk/conversation/actionsOn.ts";
import { placesInQueues, sectionsOf, toTakeFirst } from "../../../agent-desk/inbox/views.ts";
import { lastWords, noteWith, offeredBecause, offersToMe, secondsLeft } from "../../../agent-desk/offers/offersToMe.ts";
import { offerDecisions, waitingNow } from "../../../agent-desk/person/routingDecisions.ts";
import { heldBy, queued } from "../conversationItem.ts";

// A minute ago: a long wait would count as a level.
const begun = Date.now() - 60_000;
const at = (seconds: number) => new Date(begun + seconds * 1000).toISOString();
const offer = (agent: string, until: number, kind: "assignment" | "transfer" = "assignment") => ({
  offer: { to: { id: agent, name: agent }, kind, until: at(until) },
});

test("what I am offered, the one that ends first at the top, and nothing that is a colleague's", () => {
  const items = [
    { ...queued("late", at(1)), ...offer("me", 40) },
    { ...queued("soon", at(2)), ...offer("me", 20) },
    { ...queued("theirs", at(3)), ...offer("a colleague", 20) },
    queued("nobody's", at(4)),
    heldBy("Mia", "transfer", offer("me", 30, "transfer")),
  ];
  const mine = offersToMe(items, "me");
  expect(mine.map(({ id }) => id)).toEqual(["soon", "transfer", "late"]);
  expect(mine.map(offeredBecause)).toEqual(["Waits for support", "Agent Mia would like you to take over", "Waits for support"]);
});

test("an offer tells what the visitor wrote last, and what the colleague left for me", () => {
  const said = (seq: number, kind: "visitor" | "agent", text: string) => ({
    kind: "message" as const,
    id: `m${seq}`,
    seq,
    author: { kind, name: kind },
    text,
    at: at(seq),
  });
  expect(lastWords([said(1, "visitor", "Hello"), said(2, "visitor", "It burns"), said(3, "agent", "Where?"), said(4, "visitor", "")])).toBe(
    "It burns",
  );
  const note = (seconds: number, text: string, left?: { to: string; until: number }) => ({
    kind: "note" as const,
    id: `${seconds}`,
    afterSeq: 1,
    author: { kind: "system" as const, name: "Switchboard" },
    text: `Offered to ${left?.to} by Mia: ${text}`,
    at: at(seconds),
    ...(left === undefined ? {} : { blocks: [{ type: "offer" as const, to: left.to, until: at(left.until), by: "Mia", text }] }),
  });
  const mine = offer("me", 30, "transfer");
  const others = [
    note(1, "Of an earlier offer", { to: "me", until: 20 }),
    note(3, "For Ben", { to: "Ben", until: 30 }),
    note(4, "A thought"),
  ];
  expect(noteWith(mine, [...others, note(2, "Careful: hot", { to: "me", until: 30 }), note(5, "Another")])).toEqual({
    by: "Mia",
    text: "Careful: hot",
  });
  expect(noteWith(mine, others)).toBeUndefined();
});

test.each([
  [20, 0, 20],
  [20, 19.2, 1],
  [20, 20, 0],
  [20, 90, 0],
])("an offer until %i s has at %f s so many left: %i", (until, now, left) => {
  expect(secondsLeft(at(until), Date.parse(at(0)) + now * 1000)).toBe(left);
});

test("the queue's view has a part for each team, in the server's order, and everybody their place", () => {
  const items = [
    { ...queued("b", at(2)), team: "support" },
    { ...queued("a", at(1)), team: "support" },
    { ...queued("came back", at(9)), team: "support", queueRank: 0 },
    { ...queued("urgent", at(8)), team: "support", priority: 1 as const },
    { ...queued("other", at(5)), team: "sales" },
  ];
  expect(sectionsOf("queue", items, "me", "").map(({ title, ids, waitingSince }) => [title, waitingSince, ...ids])).toEqual([
    ["Waiting for sales", at(5), "other"],
    ["Waiting for support", at(1), "urgent", "came back", "a", "b"],
  ]);
  expect(Object.fromEntries(placesInQueues(items))).toEqual({ urgent: 1, "came back": 2, a: 3, b: 4, other: 1 });
});

test("whom somebody takes by hand comes in the queue's order, and who is offered to a colleague last", () => {
  const items = [
    { ...queued("theirs", at(1)), ...offer("a colleague", 20) },
    queued("second", at(3)),
    { ...queued("first", at(2)), ...offer("me", 9) },
  ];
  expect(toTakeFirst(items, "me").map(({ id }) => id)).toEqual(["first", "second", "theirs"]);
});

test.each([
  ["offered to me", { ...queued("c", at(1)), ...offer("me", 9) }, false, ["accept", "decline", "transfer", "close"]],
  ["offered to another", { ...queued("c", at(1)), ...offer("x", 9) }, false, ["take", "transfer", "close"]],
  ["a transfer to me", heldBy("x", "c", offer("me", 9, "transfer")), false, ["accept", "decline"]],
  ["a colleague's", heldBy("x", "c"), false, []],
  ["a colleague's, and I supervise", heldBy("x", "c"), true, ["take-over"]],
])("what can be done with %s", (_, item, supervises, verbs) => {
  const shown = actionsOn(item, "me", supervises).filter(({ seldom }) => !seldom);
  expect(shown.map(({ verb }) => verb)).toEqual(verbs);
});

test("decisions are read from what the command answers, and nonsense is none", () => {
  const data = {
    assignments: [
      {
        at: at(1),
        agent: "Mia",
        because: "had the fewest open",
        outcome: "declined",
        excluded: [{ says: "away", agents: ["Otto", "Bob"] }],
      },
    ],
    waiting: { team: "support", position: 2, offeredTo: null, eligible: [{ name: "Ada" }], excluded: [] },
  };
  expect(offerDecisions(data)).toMatchObject([{ to: "Mia", outcome: "declined", others: ["Otto, Bob: away"] }]);
  expect(waitingNow(data)).toEqual({ team: "support", position: 2, offeredTo: "", eligible: ["Ada"], others: [] });
  for (const nonsense of [null, 1, {}, { assignments: 1, waiting: "x" }])
    expect([offerDecisions(nonsense), waitingNow(nonsense)]).toEqual([[], null]);
});
