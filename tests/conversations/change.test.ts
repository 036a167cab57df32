import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Change, type Changeable, changed, looksOther, shownReactions } from "../../src/conversations/changes/change.ts";
import type { Block } from "../../src/protocol/blocks.ts";

const said: Changeable = { text: "first", blocks: null, changedAt: null, deletedAt: null, reactions: null };
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const edited = (text: string): Change => ({ kind: "edited", text });
const reacted = (emoji: string, on: boolean, who = "a:1"): Change => ({ kind: "reacted", emoji, on, who });

function become(steps: readonly [change: Change, second: number][], message = said): Changeable {
  return steps.reduce((now, [change, second]) => changed(now, change, "Ada", at(second)) ?? now, message);
}

describe("a message that is changed", () => {
  it.each<[what: string, steps: [Change, number][], end: Partial<Changeable>]>([
    [
      "says what the newest change says",
      [
        [edited("b"), 1],
        [edited("c"), 2],
      ],
      { text: "c", changedAt: at(2) },
    ],
    [
      "is not set back by one that comes late",
      [
        [edited("c"), 2],
        [edited("b"), 1],
      ],
      { text: "c", changedAt: at(2) },
    ],
    [
      "stays deleted",
      [
        [{ kind: "deleted" }, 1],
        [edited("b"), 2],
      ],
      { text: "", deletedAt: at(1) },
    ],
    [
      "is deleted also by a word from before a change",
      [
        [edited("b"), 2],
        [{ kind: "deleted" }, 1],
      ],
      { text: "", deletedAt: at(1) },
    ],
    [
      "loses its reactions with its text",
      [
        [reacted("👍", true), 1],
        [{ kind: "deleted" }, 2],
      ],
      { reactions: null },
    ],
  ])("%s", (_, steps, end) => expect(become(steps)).toMatchObject(end));

  it("keeps its files, and the lines of their names", () => {
    const file: Block = { type: "file", id: "1", name: "a.txt", mediaType: "text/plain", size: 1, url: "/f" };
    expect(become([[edited("look"), 1]], { ...said, text: "see\n[a.txt]", blocks: [file] })).toMatchObject({
      text: "look\n[a.txt]",
      blocks: [file],
    });
  });

  it("shows who reacted and didn't take it back, by emoji", () => {
    const now = become([
      [reacted("👍", true), 1],
      [reacted("🎉", true), 2],
      [reacted("👍", true, "p:2"), 3],
      [reacted("🎉", false), 4],
    ]);
    expect(shownReactions(now.reactions ?? [])).toEqual([{ emoji: "👍", names: ["Ada", "Ada"] }]);
    // What comes late and is taken back already changes nothing that anybody sees.
    expect(changed(now, reacted("🎉", true), "Ada", at(3))).toBeUndefined();
    const never = changed(now, reacted("😢", false), "Ada", at(5));
    expect(never && looksOther(now, never)).toBe(false);
  });

  it("ends the same in whatever order its changes come", () => {
    const change = fc.oneof(
      fc.record({ kind: fc.constant("edited" as const), text: fc.constantFrom("a", "b", "c") }),
      fc.record({
        kind: fc.constant("reacted" as const),
        emoji: fc.constantFrom("👍", "🎉"),
        on: fc.boolean(),
        who: fc.constantFrom("a:1", "p:2"),
      }),
      fc.constant({ kind: "deleted" as const }),
    );
    const steps = fc.array(change, { maxLength: 8 }).map((all) => all.map((one, index): [Change, number] => [one, index]));
    const orders = steps.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
    const shown = (steps: [Change, number][]) => {
      const { text, deletedAt, reactions } = become(steps);
      const isGone = deletedAt !== null;
      return [text, isGone, shownReactions(reactions ?? []).sort((a, b) => a.emoji.localeCompare(b.emoji))];
    };
    fc.assert(fc.property(orders, ([inOrder, shuffled]) => isDeepStrictEqual(shown(shuffled), shown(inOrder))));
  });
});
