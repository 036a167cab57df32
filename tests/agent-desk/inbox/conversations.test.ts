import { beforeEach, describe, expect, test } from "vitest";
import { Conversations } from "../../../agent-desk/inbox/conversations.ts";
import { conversation, queued } from "../conversationItem.ts";

let draws: (() => void)[];
let laters: (() => void)[];
let known: Conversations;

beforeEach(() => {
  draws = [];
  laters = [];
  known = new Conversations(
    (tell) => draws.push(tell),
    (run) => laters.push(run),
  );
});

const run = (waiting: (() => void)[]) => {
  for (const each of waiting.splice(0)) each();
};
const ids = () => [...known.all()].map(({ id }) => id).sort();

describe("the conversations that the desk knows", () => {
  test("nothing is known before the first snapshot, be it empty", () => {
    expect(known.known).toBe(false);
    known.snapshot({ topic: "inbox", items: [] });
    expect(known.known).toBe(true);
  });

  test("a thousand changes are told once", () => {
    for (let n = 0; n < 1000; n += 1) known.delta({ topic: "inbox", changed: [conversation(`${n}`)], removed: [] });
    expect(draws).toHaveLength(1);
    run(draws);
    expect(known.revision.value).toBe(1);
    known.delta({ topic: "inbox", changed: [conversation("one more")], removed: [] });
    expect(draws).toHaveLength(1);
  });

  test("what leaves the queue is still in the inbox", () => {
    known.snapshot({ topic: "inbox", items: [queued("a", "2026-11-21T10:00:00Z")] });
    known.snapshot({ topic: "queue:support", items: [queued("a", "2026-11-21T10:00:00Z")] });
    known.delta({ topic: "queue:support", changed: [], removed: ["a", "never known"] });
    expect(ids()).toEqual(["a"]);
  });

  test("what left altogether is not listed, but can still be shown as closed", () => {
    known.snapshot({ topic: "inbox", items: [conversation("a")] });
    known.delta({ topic: "inbox", changed: [], removed: ["a"] });
    expect(ids()).toEqual([]);
    expect(known.get("a")).toMatchObject({ open: false });
    known.delta({ topic: "inbox", changed: [conversation("a")], removed: [] });
    expect(known.get("a")).toMatchObject({ open: true });
  });

  test("who lists what is closed hears that something left, or may have left unseen; what came back is open", () => {
    known.snapshot({ topic: "inbox", items: [conversation("a"), conversation("b")] });
    const before = known.left.value;
    known.delta({ topic: "inbox", changed: [conversation("b")], removed: [] });
    expect(known.left.value).toBe(before);
    known.delta({ topic: "inbox", changed: [], removed: ["a"] });
    expect(known.left.value).toBe(before + 1);
    expect(known.isOpen("a")).toBe(false);
    known.snapshot({ topic: "inbox", items: [conversation("a"), conversation("b")] });
    expect(known.left.value).toBe(before + 2);
    expect(known.isOpen("a")).toBe(true);
  });

  test("after a reconnect the list doesn't shrink to its first page, and loses in the end what is gone", () => {
    known.snapshot({ topic: "inbox", items: ["a", "b", "gone"].map((id) => conversation(id)) });
    known.snapshot({ topic: "inbox", items: [conversation("a", { lastText: "newer" })] });
    expect(ids()).toEqual(["a", "b", "gone"]);
    expect(known.get("a")?.lastText).toBe("newer");
    known.delta({ topic: "inbox", changed: [conversation("b")], removed: [] });
    run(laters);
    expect(ids()).toEqual(["a", "b"]);
  });

  test("a second snapshot meanwhile begins the waiting anew", () => {
    known.snapshot({ topic: "inbox", items: [conversation("a"), conversation("b")] });
    known.snapshot({ topic: "inbox", items: [conversation("a")] });
    known.snapshot({ topic: "inbox", items: [conversation("a")] });
    laters[0]?.();
    expect(ids()).toEqual(["a", "b"]);
    laters[1]?.();
    expect(ids()).toEqual(["a"]);
  });
});
