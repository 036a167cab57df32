import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countConversations, sectionsOf, type View, waitingLongestFirst } from "../../../agent-desk/inbox/views.ts";
import { conversation, heldBy, queued } from "../conversationItem.ts";

const minute = (n: number) => new Date(Date.UTC(2026, 10, 21, 10, n)).toISOString();
const shown = (view: View, items: Parameters<typeof sectionsOf>[1], wanted = "") =>
  sectionsOf(view, items, "me", wanted).map(({ key, ids }) => [key, ...ids]);

describe("mine", () => {
  test("who waits for me comes first and longest, then whom I wait for, newest first", () => {
    const items = [
      heldBy("me", "answered early", { lastAuthor: "agent", lastAt: minute(1) }),
      heldBy("me", "answered late", { lastAuthor: "agent", lastAt: minute(9) }),
      heldBy("me", "asked late", { lastAt: minute(8) }),
      heldBy("me", "asked early", { lastAt: minute(2) }),
      heldBy("a colleague", "not mine"),
      heldBy("me", "done", { open: false }),
    ];
    expect(shown("mine", items)).toEqual([
      ["for-me", "asked early", "asked late"],
      ["for-them", "answered late", "answered early"],
    ]);
  });

  test("a title without entries is not shown", () => {
    expect(shown("mine", [])).toEqual([]);
  });
});

describe("the queue", () => {
  test("stands in the order of waiting and knows the longest", () => {
    const items = [queued("second", minute(5)), queued("first", minute(1)), conversation("with the assistant")];
    const [section] = sectionsOf("queue", items, "me", "");
    expect(section).toMatchObject({ ids: ["first", "second"], waitingSince: minute(1) });
    expect(waitingLongestFirst(items).map(({ id }) => id)).toEqual(["first", "second"]);
  });
});

describe("all", () => {
  test("newest first, without the closed ones", () => {
    const items = [
      conversation("old", { lastAt: minute(1) }),
      conversation("new", { lastAt: minute(2) }),
      conversation("closed", { open: false }),
    ];
    expect(shown("all", items)).toEqual([["open", "new", "old"]]);
  });

  test("a filter wants all its words, anywhere in name, text or colleague, and finds closed ones too", () => {
    const items = [
      conversation("by name", { contact: { id: "x", name: "Ana LIMA" }, lastText: "my order" }),
      heldBy("Lima", "by colleague", { lastText: "another order" }),
      conversation("one word only", { contact: { id: "y", name: "Lima" } }),
      conversation("closed", { open: false, lastText: "order of lima" }),
    ];
    expect(shown("all", items, "lima  ORDER")).toEqual([
      ["open", "by colleague", "by name"],
      ["closed", "closed"],
    ]);
  });
});

test("each open conversation is listed once in all, and the counts are what the views hold", () => {
  const item = fc.record({
    id: fc.uuid(),
    open: fc.boolean(),
    controller: fc.constantFrom("bot" as const, "queue" as const, "agent" as const),
    mine: fc.boolean(),
    snoozed: fc.boolean(),
    lastAuthor: fc.constantFrom("visitor" as const, "agent" as const),
  });
  fc.assert(
    fc.property(fc.uniqueArray(item, { selector: ({ id }) => id }), (drawn) => {
      const items = drawn.map(({ id, open, controller, mine, snoozed, lastAuthor }) =>
        conversation(id, {
          open,
          controller,
          lastAuthor,
          agent: controller === "agent" ? { id: mine ? "me" : "other", name: "x" } : null,
          queuedAt: controller === "queue" ? minute(1) : null,
          ...(snoozed ? { snoozedUntil: minute(2) } : {}),
        }),
      );
      const listed = (view: View) => sectionsOf(view, items, "me", "").flatMap(({ ids }) => ids);
      expect(new Set([...listed("all"), ...listed("snoozed")]).size).toBe(items.filter((each) => each.open).length);
      expect(new Set(listed("all")).size).toBe(listed("all").length);
      expect(countConversations(items, "me")).toEqual({
        mine: listed("mine").length,
        queue: listed("queue").length,
        all: listed("all").length,
        snoozed: listed("snoozed").length,
      });
    }),
  );
});
