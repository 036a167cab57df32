import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openOutbox } from "../../src/client/outbox.ts";

interface Typed {
  clientId: string;
  text: string;
  /** It is not complete, and lives as long as its page. */
  awaits?: true;
}

const lostFiles = { code: "invalid_value", message: "Its files were lost." } as const;

/** localStorage as two tabs of a site share it: each hears of the other's changes, not of its own. */
function sharedStorage() {
  const kept = new Map<string, string>();
  const tabs: EventTarget[] = [];
  return () => {
    const events = new EventTarget();
    tabs.push(events);
    const tell = (key: string) => {
      for (const tab of tabs) if (tab !== events) tab.dispatchEvent(Object.assign(new Event("storage"), { key }));
    };
    const storage = {
      get length() {
        return kept.size;
      },
      key: (index: number) => [...kept.keys()][index] ?? null,
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => {
        kept.set(key, value);
        tell(key);
      },
      removeItem: (key: string) => {
        if (kept.delete(key)) tell(key);
      },
    };
    return { storage, events, kept };
  };
}

function openTab(tab: ReturnType<ReturnType<typeof sharedStorage>>, { online = true } = {}) {
  const network = { online, sent: [] as Typed[], overdue: 0 };
  const outbox = openOutbox<Typed>(
    {
      ...tab,
      send: (frame) => {
        const goes = network.online && frame.awaits === undefined;
        if (goes) network.sent.push(frame);
        return goes;
      },
      lost: ({ awaits }) => (awaits === undefined ? undefined : lostFiles),
      overdue: () => {
        network.overdue += 1;
      },
    },
    "inbox",
  );
  return { outbox, network };
}

const texts = (typed: readonly Typed[]) => typed.map(({ text }) => text);
const states = ({ posts }: ReturnType<typeof openTab>["outbox"]) => posts.value.map(({ state }) => state);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the outbox", () => {
  test("sends at once, and forgets with the ack", () => {
    const { outbox, network } = openTab(sharedStorage()());
    outbox.add({ clientId: "1", text: "a" });
    expect(texts(network.sent)).toEqual(["a"]);
    expect(states(outbox)).toEqual(["sending"]);
    expect(outbox.settle("1")?.frame.text).toBe("a");
    expect(outbox.settle("1")).toBeUndefined();
    expect(outbox.posts.value).toEqual([]);
  });

  test("says waiting at once without a network, within 3 s without an answer", () => {
    const { outbox, network } = openTab(sharedStorage()(), { online: false });
    outbox.add({ clientId: "1", text: "a" });
    expect(states(outbox)).toEqual(["waiting"]);
    network.online = true;
    outbox.add({ clientId: "2", text: "b" });
    vi.advanceTimersByTime(2_400);
    expect(states(outbox)).toEqual(["waiting", "sending"]);
    vi.advanceTimersByTime(200);
    expect(states(outbox)).toEqual(["waiting", "waiting"]);
    expect(network.overdue).toBe(1);
  });

  test("survives a reload and goes again in order, under the same ids", () => {
    const tab = sharedStorage()();
    const before = openTab(tab, { online: false });
    for (const text of ["a", "b", "c"]) before.outbox.add({ clientId: `id-${text}`, text });
    before.outbox.close();
    const after = openTab(tab);
    expect(states(after.outbox)).toEqual(["waiting", "waiting", "waiting"]);
    after.outbox.flush();
    expect(after.network.sent).toEqual([
      { clientId: "id-a", text: "a" },
      { clientId: "id-b", text: "b" },
      { clientId: "id-c", text: "c" },
    ]);
  });

  test("goes again until it is answered", () => {
    const { outbox, network } = openTab(sharedStorage()());
    outbox.add({ clientId: "1", text: "a" });
    vi.advanceTimersByTime(10_000);
    expect(texts(network.sent)).toEqual(["a", "a"]);
    outbox.settle("1");
    vi.advanceTimersByTime(60_000);
    expect(texts(network.sent)).toEqual(["a", "a"]);
  });

  test("a refusal stays with its reason until a person decides", () => {
    const tab = sharedStorage()();
    const { outbox, network } = openTab(tab);
    outbox.add({ clientId: "1", text: "a" });
    outbox.refuse("1", { code: "invalid_value", message: "No." });
    outbox.flush();
    vi.advanceTimersByTime(60_000);
    expect(texts(network.sent)).toEqual(["a"]);
    expect(openTab(tab).outbox.posts.value).toMatchObject([{ state: "failed", error: { message: "No." } }]);
    outbox.retry("1");
    expect(texts(network.sent)).toEqual(["a", "a"]);
    expect(outbox.posts.value[0]?.error).toBeUndefined();
    outbox.refuse("1", { code: "invalid_value", message: "No." });
    expect(outbox.discard("1")?.frame.text).toBe("a");
    expect(openTab(tab).outbox.posts.value).toEqual([]);
  });

  test("rate_limited: goes by itself when it may, and what was typed later doesn't overtake it", () => {
    const { outbox, network } = openTab(sharedStorage()());
    outbox.add({ clientId: "1", text: "a" });
    outbox.refuse("1", { code: "rate_limited", message: "Slower.", retryAfterMs: 2_000 });
    outbox.add({ clientId: "2", text: "b" });
    expect(states(outbox)).toEqual(["waiting", "waiting"]);
    vi.advanceTimersByTime(1_900);
    expect(texts(network.sent)).toEqual(["a"]);
    vi.advanceTimersByTime(200);
    expect(texts(network.sent)).toEqual(["a", "a", "b"]);
  });

  test("two tabs see each other's posts, and neither takes the other's away", () => {
    const site = sharedStorage();
    const [one, two] = [openTab(site(), { online: false }), openTab(site(), { online: false })];
    one.outbox.add({ clientId: "1", text: "a" });
    two.outbox.add({ clientId: "2", text: "b" });
    expect(one.outbox.posts.value.map(({ clientId }) => clientId)).toEqual(["1", "2"]);
    one.network.online = true;
    one.outbox.flush();
    expect(texts(one.network.sent)).toEqual(["a", "b"]);
    one.outbox.settle("1");
    expect(two.outbox.posts.value.map(({ clientId }) => clientId)).toEqual(["2"]);
  });

  test("what isn't complete waits in its place, and goes once it is", () => {
    const { outbox, network } = openTab(sharedStorage()());
    outbox.add({ clientId: "1", text: "a", awaits: true });
    outbox.add({ clientId: "2", text: "b" });
    outbox.flush();
    expect(texts(network.sent)).toEqual(["b", "b"]);
    outbox.retry("1", { clientId: "1", text: "a, complete" });
    expect(texts(network.sent)).toEqual(["b", "b", "a, complete"]);
    expect(outbox.posts.value.map(({ clientId }) => clientId)).toEqual(["1", "2"]);
  });

  test("what isn't complete is told to be lost after a reload, and is no affair of another tab", () => {
    const site = sharedStorage();
    const tab = site();
    const [one, two] = [openTab(tab), openTab(site())];
    one.outbox.add({ clientId: "1", text: "a", awaits: true });
    expect(two.outbox.posts.value).toEqual([]);
    const reloaded = openTab(tab).outbox;
    expect(reloaded.posts.value).toMatchObject([{ state: "failed", error: lostFiles }]);
    one.outbox.retry("1", { clientId: "1", text: "a, complete" });
    expect(openTab(tab).outbox.posts.value).toMatchObject([{ state: "waiting", frame: { text: "a, complete" } }]);
  });

  test("what a full storage could not keep is not taken for done when another tab is", () => {
    const site = sharedStorage();
    const tab = site();
    const setItem = () => {
      throw new Error("QuotaExceededError");
    };
    const full = openTab({ ...tab, storage: Object.assign(Object.create(tab.storage), { setItem }) });
    full.outbox.add({ clientId: "1", text: "a" });
    const other = openTab(site());
    other.outbox.add({ clientId: "2", text: "b" });
    other.outbox.settle("2");
    expect(full.outbox.posts.value.map(({ clientId }) => clientId)).toEqual(["1"]);
  });

  test("works without storage, for as long as the page lives", () => {
    const forbidden = () => {
      throw new Error("SecurityError");
    };
    const storage = { getItem: forbidden, setItem: forbidden, removeItem: forbidden, key: forbidden, length: 1 };
    const { outbox, network } = openTab({ storage, events: new EventTarget(), kept: new Map() });
    outbox.add({ clientId: "1", text: "a" });
    expect(texts(network.sent)).toEqual(["a"]);
    outbox.settle("1");
    expect(outbox.posts.value).toEqual([]);
  });
});
