import { expect, it } from "vitest";
import { withChanges } from "../../src/client/withChanges.ts";
import type { ChangeBlock } from "../../src/protocol/blocks.ts";
import type { Message } from "../../src/protocol/conversation.ts";

const at = "2026-01-01T00:00:00.000Z";
const said = (seq: number, text: string): Message => ({ seq, author: { kind: "agent", name: "Ada" }, text, at });
const entry = (seq: number, change: Partial<ChangeBlock>): Message => ({
  seq,
  author: { kind: "system", name: "Switchboard" },
  text: "Ada did something.",
  at,
  blocks: [{ type: "change", of: 1, change: "edited", by: "Ada", ...change }],
});

it.each<[what: string, entries: Message[], shown: Partial<Message>]>([
  ["says what it was changed to last", [entry(3, {}), entry(4, { text: "new" })], { text: "new", changedAt: at }],
  [
    "says nothing once it is deleted",
    [entry(3, { text: "new" }), entry(4, { change: "deleted" })],
    { text: "", deleted: { at, by: "Ada" } },
  ],
  [
    "has the reactions of the newest",
    [entry(3, { change: "reacted", reactions: [{ emoji: "👍", names: ["Bo"] }] })],
    { reactions: [{ emoji: "👍", names: ["Bo"] }] },
  ],
])("a message %s, and its entries are no lines of their own", (_, entries, shown) => {
  const all = withChanges([said(1, "old"), said(2, "other"), ...entries]);
  expect(all).toHaveLength(2);
  expect(all).toMatchObject([shown, { text: "other" }]);
});

it("what nothing became of is the same array", () => {
  const all = [said(1, "old")];
  expect(withChanges(all)).toBe(all);
});
