import { describe, expect, test } from "vitest";
import { groupMessages, offersButtons } from "../../widget/chat/grouping.ts";

const noon = Date.parse("2026-03-01T12:00:00.000Z");
type Kind = "visitor" | "bot" | "agent" | "system";
const say = (seq: number, kind: Kind, minutes = 0, more: { name?: string; command?: string } = {}) => ({
  seq,
  author: { kind, name: more.name ?? kind },
  text: `${seq}`,
  at: new Date(noon + minutes * 60_000).toISOString(),
  ...(more.command === undefined ? {} : { command: more.command }),
});
const shape = (messages: ReturnType<typeof say>[]) => groupMessages(messages).map(({ messages }) => messages.map(({ seq }) => seq));

describe("messages of one breath stand together", () => {
  test.each([
    ["one author", [say(1, "bot"), say(2, "bot", 4)], [[1, 2]]],
    ["a pause of five minutes", [say(1, "bot"), say(2, "bot", 5)], [[1], [2]]],
    ["another author", [say(1, "bot"), say(2, "visitor"), say(3, "bot")], [[1], [2], [3]]],
    ["another person", [say(1, "agent", 0, { name: "Ana" }), say(2, "agent", 0, { name: "Ben" })], [[1], [2]]],
    ["another command", [say(1, "bot", 0, { command: "mat" }), say(2, "bot", 0, { command: "help" })], [[1], [2]]],
    ["system lines each for itself", [say(1, "system"), say(2, "system")], [[1], [2]]],
    ["nothing", [], []],
  ])("%s", (_, messages, expected) => {
    expect(shape(messages)).toEqual(expected);
  });
});

describe("suggestions are offered", () => {
  const offer = say(1, "bot");
  test("until the visitor says something", () => {
    expect(offersButtons(offer, [offer, say(2, "bot")], [])).toBe(true);
    expect(offersButtons(offer, [offer, say(2, "visitor")], [])).toBe(false);
  });
  test("not while an answer is on its way", () => {
    const saying = { clientId: "1", text: "x", frame: { type: "message" as const, clientId: "1", text: "x" } };
    expect(offersButtons(offer, [offer], [{ clientId: "1", frame: saying, at: offer.at, state: "sending" }])).toBe(false);
  });
});
