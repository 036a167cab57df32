import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Holdable, holdMs, mayGo, openHeldReplies } from "../../../agent-desk/live/heldReplies.ts";
import { openOutbox } from "../../../src/client/outbox.ts";

let kept: Map<string, string>;
beforeEach(() => {
  vi.useFakeTimers();
  kept = new Map();
});
afterEach(() => vi.useRealTimers());

/** A desk's page on storage that lives longer than the page. */
function openPage({ online = true } = {}) {
  const sent: string[] = [];
  const network = { online };
  const storage = {
    get length() {
      return kept.size;
    },
    key: (index: number) => [...kept.keys()][index] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const send = (frame: Holdable) => {
    if (!mayGo(frame) || !network.online) return false;
    sent.push(frame.text);
    return true;
  };
  const outbox = openOutbox<Holdable>({ send, overdue: () => {}, storage, events: new EventTarget() }, "desk");
  const held = openHeldReplies(outbox);
  const hold = (clientId: string, conversation = "c") =>
    outbox.add({ clientId, conversation, text: clientId, heldUntil: Date.now() + holdMs });
  const leave = () => {
    held.close();
    outbox.close();
  };
  return { sent, network, outbox, held, hold, leave };
}

describe("a reply that can be taken back", () => {
  test("waits for its time, then goes once, whatever asks the outbox meanwhile", () => {
    const { hold, outbox, sent } = openPage();
    hold("a");
    vi.advanceTimersByTime(holdMs - 1);
    outbox.flush();
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sent).toEqual(["a"]);
    outbox.settle("a");
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual(["a"]);
  });

  test("taken back, it never goes, not after a reload either", () => {
    const page = openPage();
    page.hold("a");
    expect(page.held.undo("a")).toBe("a");
    page.leave();
    const next = openPage();
    vi.advanceTimersByTime(60_000);
    expect([page.sent, next.sent, kept.size]).toEqual([[], [], 0]);
  });

  test("can't be taken back once it may have gone", () => {
    const { hold, held, sent } = openPage();
    hold("a");
    held.release();
    expect([held.undo("a"), sent]).toEqual([undefined, ["a"]]);
    hold("b");
    vi.setSystemTime(Date.now() + holdMs);
    expect(held.undo("b")).toBeUndefined();
  });

  test("is sent by the next page where its own went without a word", () => {
    const page = openPage();
    page.hold("a");
    page.leave();
    const next = openPage();
    vi.advanceTimersByTime(holdMs - 1);
    expect(next.sent).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(next.sent).toEqual(["a"]);
    next.leave();
  });

  test("let go without a network it stays, and goes when there is one", () => {
    const { hold, held, network, outbox, sent } = openPage({ online: false });
    hold("a");
    held.release();
    expect(sent).toEqual([]);
    expect(outbox.posts.value[0]).toMatchObject({ state: "waiting", frame: { heldUntil: null } });
    network.online = true;
    outbox.flush();
    expect(sent).toEqual(["a"]);
  });

  test("goes before a command, in the order in which it was written, and the command waits for the answer", async () => {
    const { hold, held, outbox, sent } = openPage();
    hold("a");
    hold("b", "other");
    const order: string[] = [];
    const settled = held.settled().then(() => order.push("command"));
    expect(sent).toEqual(["a", "b"]);
    await Promise.resolve();
    for (const clientId of sent) {
      order.push(clientId);
      outbox.settle(clientId);
    }
    await settled;
    expect(order).toEqual(["a", "b", "command"]);
  });

  test("no command waits for ever", async () => {
    const { hold, held } = openPage();
    hold("a");
    const settled = held.settled();
    await vi.advanceTimersByTimeAsync(3000);
    await settled;
    await held.settled();
  });
});
