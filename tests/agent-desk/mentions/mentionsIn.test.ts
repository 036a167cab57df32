import { expect, test } from "vitest";
import { atBefore, mentionOffers, namedIn, piecesOf } from "../../../agent-desk/mentions/mentionsIn.ts";
import type { AgentItem, TeamItem } from "../../../src/protocol/desk.ts";

test.each([
  ["@an", 3, { from: 0, word: "an" }],
  ["Hello @an and more", 9, { from: 6, word: "an" }],
  ["Hello @Ana Si", 13, { from: 6, word: "Ana Si" }],
  ["(@", 2, { from: 1, word: "" }],
  ["mail ana@example.com", 20, null],
  ["@Ana ", 5, null],
  ["@ Ana", 5, null],
  ["@Ana\nSilva", 10, null],
  [`@${"a".repeat(41)}`, 42, null],
  ["nobody", 6, null],
])("in %j at %i", (text, cursor, expected) => {
  expect(atBefore(text, cursor)).toEqual(expected);
});

const agent = (id: string, name: string, more: Partial<AgentItem> = {}): AgentItem => ({
  kind: "agent",
  id,
  name,
  email: `${id}@demo.example`,
  declared: "online",
  connected: false,
  holding: 0,
  offered: 0,
  capacity: 5,
  teams: ["support"],
  ...more,
});
const support: TeamItem = {
  kind: "team",
  id: "support",
  name: "Support",
  waiting: 0,
  offered: 0,
  urgent: 0,
  waitingSince: null,
  agents: { online: 0, busy: 0, away: 0, offline: 0 },
  holding: 0,
  capacity: 0,
  assignedToday: 0,
  abandonedToday: 0,
  meanWaitSeconds: null,
};
const agents = [agent("a", "José Silva"), agent("b", "Sue Silva", { connected: true }), agent("me", "Silvia Me"), agent("c", "Cy")];
const offered = (word: string) => mentionOffers(word, { agents, teams: [support], me: "me" }).map(({ id }) => id);

test("names are found by the beginning of each part, whatever the accents; who is there comes first, I am not among them", () => {
  expect(offered("silv")).toEqual(["b", "a"]);
  expect(offered("jose s")).toEqual(["a"]);
  expect(offered("su")).toEqual(["b", "team:support"]);
  expect(offered("c@demo")).toEqual(["c"]);
  expect(offered("me")).toEqual([]);
});

const [ana, anaMaria, otherAna] = [
  { id: "1", name: "Ana" },
  { id: "2", name: "Ana Maria" },
  { id: "3", name: "Ana" },
];

test("a text names those who were chosen and still stand in it, and whose whole name only one has", () => {
  const named = (text: string, chosen = [ana], everybody = [ana, anaMaria]) => namedIn(text, chosen, everybody).map(({ id }) => id);
  expect(named("@Ana, look")).toEqual(["1"]);
  expect(named("look")).toEqual([]);
  expect(named("@Anastasia")).toEqual([]);
  expect(named("@Ana Maria")).toEqual(["2"]);
  expect(named("@Ana Maria and @Ana")).toEqual(["1", "2"]);
  expect(named("@Ana", [], [ana, otherAna])).toEqual([]);
  expect(named("@Ana", [otherAna], [ana, otherAna])).toEqual(["3"]);
});

test("the pieces of a text are the text", () => {
  const pieces = piecesOf("So @Ana Maria: ask @Ana or @nobody", [ana, anaMaria]);
  expect(pieces).toEqual(["So ", anaMaria, ": ask ", ana, " or @nobody"]);
  expect(piecesOf("plain", [ana])).toEqual(["plain"]);
  expect(piecesOf("", [ana])).toEqual([]);
});
