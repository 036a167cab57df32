import { afterEach, describe, expect, test, vi } from "vitest";
import { remember } from "../../widget/chat/remembered.ts";
import type { Talk } from "../../widget/chat/talk.ts";
import { site, startTestTalk } from "./startTestTalk.ts";

const bot = { kind: "bot", name: "Assistant" };
const ana = { kind: "agent", name: "Ana" };
const at = "2026-03-01T12:00:00.000Z";
const said = (seq: number, text: string, author: object = bot) => ({ type: "message", seq, text, author, at });
const welcome = { type: "welcome", token: "t1", conversation: "c1", seq: 0, state: { controller: "bot", open: true } };

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const start = (answer: Parameters<typeof startTestTalk>[0], storage?: ReturnType<typeof site>, embedded?: { identity?: string }) =>
  startTestTalk(answer, stops, storage, embedded);

const texts = (talk: Talk) => talk.messages.value.map(({ text }) => text);
const pending = (talk: Talk) => talk.pending.value.map(({ frame, state }) => [frame.text, state]);

describe("the conversation in the page", () => {
  test("keeps its token and asks only for what is missing", async () => {
    const { server, storage, talk } = await start((frame, say) => {
      if (frame.type !== "hello") return;
      say({ ...welcome, seq: 2 });
      for (const message of [said(1, "a"), said(2, "b")].slice(frame.after)) say(message);
    });
    await vi.waitUntil(() => talk.known.value);
    expect(texts(talk)).toEqual(["a", "b"]);
    expect(storage.kept.get("switchboard:key:token")).toBe("t1");
    expect(server.of("hello")).toMatchObject([{ inbox: "key", after: 0, locale: "en", page: "https://shop.example/" }]);
    expect(server.of("hello")[0]).not.toHaveProperty("token");
    server.cut();
    await vi.waitUntil(() => server.of("hello").length === 2, { timeout: 5_000 });
    expect(server.of("hello")[1]).toMatchObject({ token: "t1", after: 2 });
  });

  test("shows an own message at once, and once, whether the ack or the reload finds it", async () => {
    let acking = false;
    const { server, open, talk } = await start((frame, say) => {
      if (frame.type === "hello") say(welcome);
      if (frame.type === "message" && acking) say({ type: "ack", clientId: frame.clientId, seq: 1, at });
    });
    await vi.waitUntil(() => talk.status.value === "open");
    talk.say("hello");
    expect(pending(talk)).toEqual([["hello", "sending"]]);
    await vi.waitUntil(() => server.of("message").length === 1);
    talk.close();
    acking = true;
    const reloaded = open();
    expect(pending(reloaded)).toEqual([["hello", "waiting"]]);
    await vi.waitUntil(() => reloaded.messages.value.length === 1);
    expect(texts(reloaded)).toEqual(["hello"]);
    expect(pending(reloaded)).toEqual([]);
    const ids = server.of("message").map(({ clientId }) => clientId);
    expect(new Set(ids).size).toBe(1);
  });

  test("an own message that came back from another tab's sending is sent no more", async () => {
    const { server, storage, talk } = await start((frame, say) => {
      if (frame.type === "hello") say(welcome);
      if (frame.type === "message") say({ ...said(1, "mine", { kind: "visitor", name: "" }), clientId: frame.clientId });
    });
    talk.say("mine");
    await vi.waitUntil(() => talk.messages.value.length === 1, { timeout: 5_000 });
    expect(pending(talk)).toEqual([]);
    expect([...storage.kept.keys()].filter((key) => key.includes("outbox"))).toEqual([]);
    expect(server.of("message")).toHaveLength(1);
  });

  test("keeps the order where an ack overtakes an answer", async () => {
    const { server, talk } = await start((frame, say) => {
      if (frame.type === "hello") say(welcome);
      if (frame.type === "message") say({ type: "ack", clientId: frame.clientId, seq: 2, at });
    });
    await vi.waitUntil(() => talk.status.value === "open");
    talk.say("mine");
    await vi.waitUntil(() => talk.messages.value.length === 1);
    server.say(said(1, "earlier"));
    await vi.waitUntil(() => talk.messages.value.length === 2);
    expect(texts(talk)).toEqual(["earlier", "mine"]);
  });

  test("asks again for what stays missing", async () => {
    const { server, talk } = await start((frame, say) => {
      if (frame.type !== "hello") return;
      say({ ...welcome, seq: frame.after === 0 ? 0 : 3 });
      if (frame.after === 1) for (const message of [said(2, "b"), said(3, "c")]) say(message);
    });
    await vi.waitUntil(() => talk.status.value === "open");
    server.say(said(1, "a"));
    server.say(said(3, "c"));
    await vi.waitUntil(() => texts(talk).length === 3, { timeout: 4_000 });
    expect(texts(talk)).toEqual(["a", "b", "c"]);
    expect(server.of("hello").map(({ after }) => after)).toEqual([0, 1]);
  });

  test("resync begins from nothing", async () => {
    let newest = 3;
    const { server, talk } = await start((frame, say) => {
      if (frame.type !== "hello") return;
      const resync = (frame.after ?? 0) > newest;
      say({ ...welcome, seq: newest, ...(resync ? { resync: true } : {}) });
      for (let seq = resync ? 1 : (frame.after ?? 0) + 1; seq <= newest; seq += 1) say(said(seq, `${newest}-${seq}`));
    });
    await vi.waitUntil(() => texts(talk).length === 3);
    newest = 1;
    server.cut();
    await vi.waitUntil(() => texts(talk).length === 1, { timeout: 5_000 });
    expect(texts(talk)).toEqual(["1-1"]);
  });

  test("4401: begins anew without the token, and what is unsent goes along", async () => {
    const storage = site();
    storage.setItem("switchboard:key:token", "stale");
    const { server, talk } = await start((frame, say, socket) => {
      if (frame.type === "hello" && frame.token === "stale") {
        say({ type: "error", error: { code: "unauthenticated", message: "No." } });
        socket.close(4401);
      } else if (frame.type === "hello") say(welcome);
      else if (frame.type === "message") say({ type: "ack", clientId: frame.clientId, seq: 1, at });
    }, storage);
    talk.say("kept");
    await vi.waitUntil(() => texts(talk).length === 1, { timeout: 5_000 });
    expect(server.of("hello").map(({ token }) => token)).toEqual(["stale", undefined]);
    expect(storage.kept.get("switchboard:key:token")).toBe("t1");
    expect(talk.trouble.value).toBeUndefined();
  });

  test("the site's word that is refused costs nothing: told to its developer, the chat goes on without", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => {});
    const storage = site();
    remember({ local: storage, session: site() }, "key").setToken("t1");
    const hellos: [unknown, unknown][] = [];
    await start(
      (frame, say, socket) => {
        if (frame.type !== "hello") return;
        hellos.push([frame.token, frame.identity]);
        if (frame.identity === undefined) return say(welcome);
        say({ type: "error", error: { code: "invalid_value", message: "The identity has expired.", path: "identity" } });
        socket.close(4401);
      },
      storage,
      { identity: "an old word" },
    );
    await expect
      .poll(() => hellos)
      .toEqual([
        ["t1", "an old word"],
        ["t1", undefined],
      ]);
    expect(told).toHaveBeenCalledWith("Switchboard: The identity has expired.");
    told.mockRestore();
  });

  test("two tabs that begin at once go on with one token", async () => {
    const storage = site();
    let made = 0;
    const { server, talk } = await start((frame, say) => {
      if (frame.type !== "hello") return;
      if (frame.token === undefined) {
        made += 1;
        storage.setItem("switchboard:key:token", "other-tab"); // kept while this hello was on its way
      }
      const token = frame.token ?? `own-${made}`;
      say({ ...welcome, token, conversation: token });
    }, storage);
    await vi.waitUntil(() => talk.status.value === "open", { timeout: 5_000 });
    expect(server.of("hello").map(({ token }) => token)).toEqual([undefined, "other-tab"]);
    expect(storage.kept.get("switchboard:key:token")).toBe("other-tab");
  });

  test("a refusal keeps the text and its reason; editing brings it back into the box", async () => {
    const { talk, storage } = await start((frame, say) => {
      if (frame.type === "hello") say(welcome);
      if (frame.type === "message") say({ type: "error", ref: frame.clientId, error: { code: "invalid_value", message: "No." } });
    });
    await vi.waitUntil(() => talk.status.value === "open");
    talk.say("bad words");
    await vi.waitUntil(() => talk.pending.value[0]?.state === "failed");
    expect(talk.pending.value[0]?.error?.message).toBe("No.");
    talk.setDraft("next");
    talk.edit(talk.pending.value[0]?.clientId ?? "");
    expect(talk.draft.value).toBe("bad words\nnext");
    expect(talk.pending.value).toEqual([]);
    expect(storage.kept.get("switchboard:key:draft")).toBe("bad words\nnext");
  });

  test("what was deleted before it was seen counts no more", async () => {
    const { talk } = await start((frame, say) => {
      if (frame.type !== "hello") return;
      say({ ...welcome, seq: 3 });
      const gone = { type: "change", of: 1, change: "deleted", by: "Ana" };
      for (const message of [said(1, "a", ana), said(2, "b", ana), { ...said(3, "", { kind: "system", name: "" }), blocks: [gone] }])
        say(message);
    });
    await vi.waitUntil(() => talk.known.value && talk.messages.value.length === 2);
    expect(talk.unread.value).toBe(1);
  });

  test("counts what others said and was not seen, and remembers what was", async () => {
    const { server, storage, open, talk } = await start((frame, say) => {
      if (frame.type !== "hello") return;
      say({ ...welcome, seq: 4 });
      const all = [
        said(1, "me", { kind: "visitor", name: "" }),
        said(2, "b"),
        said(3, "joined", { kind: "system", name: "" }),
        said(4, "c", ana),
      ];
      for (const message of all.slice(frame.after)) say(message);
    });
    await vi.waitUntil(() => talk.known.value);
    expect(talk.unread.value).toBe(2);
    talk.sawAll();
    expect(talk.unread.value).toBe(0);
    await vi.waitUntil(() => server.of("read").length === 1);
    expect(server.of("read")).toEqual([{ type: "read", seq: 4 }]);
    talk.sawAll();
    expect(storage.kept.get("switchboard:key:read")).toBe("c1 4");
    const again = open();
    await vi.waitUntil(() => again.known.value);
    expect(again.unread.value).toBe(0);
  });

  test("a button is an action of its message; one of the greeting says its line", async () => {
    const { server, talk } = await start((frame, say) => {
      if (frame.type === "hello") say(welcome);
    });
    await vi.waitUntil(() => talk.status.value === "open");
    talk.press(7, { action: "command", label: "ORD-1", value: "order ORD-1" });
    talk.press(0, { action: "command", label: "What can I ask?", value: "help" });
    talk.press(0, { action: "person", label: "Ask for a person" });
    await vi.waitUntil(() => server.heard.length === 4);
    expect(server.heard.slice(1)).toMatchObject([
      { type: "action", seq: 7, action: "command", value: "order ORD-1" },
      { type: "message", text: "help" },
      { type: "action", seq: 0, action: "person" },
    ]);
    expect(pending(talk).map(([text]) => text)).toEqual(["ORD-1", "help", "Ask for a person"]);
  });

  test("a button that is clicked twice is pressed once, until it was answered", async () => {
    const { server, talk } = await start((frame, say) => {
      if (frame.type === "hello") say(welcome);
      if (frame.type === "action") say({ type: "ack", clientId: frame.clientId, seq: server.of("action").length * 2 - 1, at });
    });
    await vi.waitUntil(() => talk.status.value === "open");
    const person = { action: "person", label: "Ask for a person" };
    talk.press(0, person);
    await vi.waitUntil(() => talk.messages.value.length === 1);
    talk.press(1, person);
    server.say(said(2, "You are in line."));
    await vi.waitUntil(() => talk.messages.value.length === 2);
    expect(server.of("action").length).toBe(1);
    talk.press(2, person);
    await vi.waitUntil(() => server.of("action").length === 2);
  });

  test("typing and read marks of a person; the dots go when they spoke", async () => {
    const { server, talk } = await start((frame, say) => {
      if (frame.type === "hello") say(welcome);
    });
    await vi.waitUntil(() => talk.status.value === "open");
    server.say({ type: "typing", on: true, author: ana });
    await vi.waitUntil(() => talk.typing.value?.name === "Ana");
    server.say({ type: "read", seq: 3, author: ana });
    server.say({ type: "read", seq: 2, author: ana });
    server.say(said(1, "here", ana));
    await vi.waitUntil(() => talk.typing.value === undefined);
    expect(talk.readByThem.value).toBe(3);
  });

  test("tells that the visitor types, not every key", async () => {
    const { server, talk } = await start((frame, say) => {
      if (frame.type === "hello") say(welcome);
    });
    await vi.waitUntil(() => talk.status.value === "open");
    for (const text of ["h", "he", "hel"]) talk.setDraft(text);
    talk.setDraft("");
    await vi.waitUntil(() => server.of("typing").length === 2);
    expect(server.of("typing").map(({ on }) => on)).toEqual([true, false]);
  });
});
