import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConversationItem, LookersItem, TopicItem } from "../../src/protocol/desk.ts";
import type { DeskClient, WatchedTopic } from "../fixtures/deskClient.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let one: Agent;
let two: Agent;
let desk: DeskClient;
let inbox: WatchedTopic;
beforeAll(async () => {
  product = await openProduct();
  one = await product.agent("agent1@demo.example");
  two = await product.agent("agent2@demo.example");
  desk = await one.desk();
  inbox = await desk.watch("inbox");
  await one.run("me.online");
});
afterAll(() => product.stop());

const get = async (path: string, token = one.token) => {
  const answer = await fetch(`${product.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  const body: { items: ConversationItem[]; nextCursor: string | null; error?: { code: string } } = JSON.parse(await answer.text());
  return { status: answer.status, ...body };
};
const entry = (topic: WatchedTopic, id: string) => topic.conversations().find((item) => item.id === id);
const taken = async (text = "hello there") => {
  const visit = await product.visit();
  await visit.page.say(text);
  await one.run("conversation.take", { conversation: visit.conversation });
  await inbox.until((topic) => entry(topic, visit.conversation)?.controller === "agent");
  return visit;
};

describe("a snooze", () => {
  it("tells the lists, and ends at its time with a note", async () => {
    const { conversation } = await taken();
    const { data } = await one.run("conversation.snooze", { conversation, until: "in 2 hours" });
    await inbox.until((topic) => entry(topic, conversation)?.snoozedUntil !== undefined);
    expect(data).toEqual({ until: entry(inbox, conversation)?.snoozedUntil });
    await product.database.acrossTenants.query("update conversation set snoozed_until = now() where id = $1", [conversation]);
    await inbox.until((topic) => entry(topic, conversation)?.snoozedUntil === undefined);
    expect(entry(inbox, conversation)?.agent?.id).toBe(one.id);
    const notes = await desk.watch(`conversation:${conversation}`);
    await notes.until((topic) => topic.notes().length === 2);
    expect(notes.notes().map(({ text }) => text)).toEqual([
      expect.stringMatching(/^.+ snoozed it until .+ at .+\.$|^.+ snoozed it until .+, \d\d:\d\d\.$/),
      "Its time has come: it is no longer snoozed.",
    ]);
  });

  it("ends when the visitor writes, and goes to the queue where its agent is away", async () => {
    const { page, conversation } = await taken();
    await one.run("conversation.snooze", { conversation, until: "tomorrow 9:00" });
    await one.run("me.offline");
    await page.say("are you there?");
    await inbox.until((topic) => entry(topic, conversation)?.controller === "queue" && !entry(topic, conversation)?.snoozedUntil);
    const why = (await two.run("conversation.why", { conversation })).messages?.[0]?.text;
    expect(why).toContain("is offline");
    expect(why).not.toContain("connected");
    await one.run("me.online");
  });

  it("is refused for what isn't one's own, is closed, or lies in the past", async () => {
    const { conversation } = await taken();
    const refused = async (agent: Agent, until: string) => (await agent.refused("conversation.snooze", { conversation, until })).code;
    expect(await refused(two, "in 2 hours")).toBe("not_your_conversation");
    expect(await refused(one, "yesterday")).toBe("invalid_value");
    expect((await one.refused("conversation.wake", { conversation })).code).toBe("conflict");
    await one.run("conversation.close", { conversation });
    expect(await refused(one, "in 2 hours")).toBe("conflict");
    const other = await product.agent((await product.addTenant("snoozing")).email);
    for (const verb of ["snooze", "wake", "unread"])
      expect([
        verb,
        (await other.refused(`conversation.${verb}`, { conversation, ...(verb === "snooze" ? { until: "tomorrow" } : {}) })).code,
      ]).toEqual([verb, "not_found"]);
  });

  it("is ended by hand", async () => {
    const { conversation } = await taken();
    await one.run("conversation.snooze", { conversation, until: "tomorrow" });
    await two.run("conversation.wake", { conversation });
    await inbox.until((topic) => entry(topic, conversation)?.snoozedUntil === undefined);
  });
});

describe("a colleague who was invited", () => {
  it("may answer while the holder stays the holder, until they step out", async () => {
    const { page, conversation } = await taken();
    const other = await two.desk();
    expect((await other.refused({ type: "message", conversation, text: "not yet" })).error.code).toBe("not_your_conversation");
    await one.run("conversation.invite", { conversation, email: two.email });
    await inbox.until((topic) => entry(topic, conversation)?.participants?.[0]?.id === two.id);
    await other.say(conversation, "I can help too");
    await page.until("message", ({ text }) => text === "I can help too");
    expect(entry(inbox, conversation)?.agent?.id).toBe(one.id);
    await two.run("conversation.step-out", { conversation });
    expect((await other.refused({ type: "message", conversation, text: "still there" })).error.code).toBe("not_your_conversation");
    expect((await two.refused("conversation.step-out", { conversation })).code).toBe("conflict");
  });

  it("is refused where it makes no sense", async () => {
    const { conversation } = await taken();
    const refused = async (agent: Agent, email: string) => {
      const { code, path } = await agent.refused("conversation.invite", { conversation, email });
      return [code, path];
    };
    expect(await refused(one, "nobody@demo.example")).toEqual(["invalid_value", "args.email"]);
    expect(await refused(one, one.email)).toEqual(["conflict", undefined]);
    expect(await refused(two, two.email)).toEqual(["not_your_conversation", undefined]);
    await one.run("conversation.close", { conversation });
    expect(await refused(one, two.email)).toEqual(["conflict", undefined]);
  });
});

describe("spam and blocked visitors", () => {
  const stored = async (conversation: string) => {
    const [row] = await product.database.acrossTenants.query(
      "select open, controller, muted, unread, last_text as text, (select count(*)::int from turn t where t.conversation_id = c.id) as turns from conversation c where id = $1",
      [conversation],
    );
    return row;
  };

  it("are acknowledged and kept, and call nobody, until the mark is taken away", async () => {
    const { page, conversation } = await taken();
    expect((await two.refused("conversation.spam", { conversation })).code).toBe("not_your_conversation");
    await one.run("conversation.spam", { conversation });
    await inbox.until((topic) => entry(topic, conversation) === undefined);
    for (const text of ["buy this", "person"]) expect((await page.say(text)).seq).toBeGreaterThan(1);
    expect(await stored(conversation)).toEqual({ open: false, controller: "bot", muted: "spam", unread: 0, text: "person", turns: 0 });
    await one.run("conversation.not-spam", { conversation });
    expect((await one.refused("conversation.not-spam", { conversation })).code).toBe("conflict");
    await page.say("person");
    await inbox.until((topic) => entry(topic, conversation)?.controller === "queue");
  });

  it("block all conversations of a contact, and none of another tenant's", async () => {
    const { page, conversation } = await taken();
    const contact = entry(inbox, conversation)?.contact.id;
    const foreign = await product.agent((await product.addTenant("blocking")).email);
    for (const agent of [foreign, one]) {
      const id = agent === one ? "nonsense" : contact;
      expect((await agent.refused("contact.block", { contact: id })).code).toBe("not_found");
    }
    expect((await one.run("contact.block", { contact })).data).toEqual({ conversations: 1 });
    await page.say("hello?");
    expect(await stored(conversation)).toMatchObject({ open: false, muted: "blocked", unread: 0, turns: 0 });
    await one.run("contact.unblock", { contact });
    await page.say("hello again");
    await inbox.until((topic) => entry(topic, conversation)?.open === true);
  });
});

describe("unread again", () => {
  it("counts the visitor's newest message", async () => {
    const { conversation } = await taken();
    desk.send({ type: "read", conversation, seq: 2 });
    await inbox.until((topic) => entry(topic, conversation)?.unread === 0);
    await one.run("conversation.unread", { conversation });
    await inbox.until((topic) => entry(topic, conversation)?.unread === 1);
  });
});

describe("the list over HTTP", () => {
  it("pages through what is closed, the last closed first, and only the tenant's own", async () => {
    const closed: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const { conversation } = await taken(`question ${index}`);
      await one.run("conversation.close", { conversation });
      closed.unshift(conversation);
    }
    const filter = JSON.stringify({ open: { eq: false }, id: { in: closed }, contactName: { startsWith: "VISITOR" } });
    const query = `sort=-closedAt&limit=2&filter=${encodeURIComponent(filter)}`;
    const first = await get(`/conversations?${query}`);
    const second = await get(`/conversations?${query}&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(closed);
    expect(second.nextCursor).toBeNull();
    expect(first.items[0]).toMatchObject({ open: false, id: closed[0], closedAt: expect.any(String) });
    const other = await product.agent((await product.addTenant("listing")).email);
    expect((await get("/conversations", other.token)).items).toEqual([]);
    expect((await get("/conversations?sort=tenant")).error?.code).toBe("invalid_value");
    await one.run("conversation.reopen", { conversation: closed[0] });
    expect((await get(`/conversations?${query}`)).items.map(({ id }) => id)).toEqual(closed.slice(1));
  });
});

describe("who looks", () => {
  const people = (topic: WatchedTopic, id: string) =>
    [...topic.items.values()]
      .filter((item: TopicItem): item is LookersItem => item.kind === "lookers" && item.id === id)
      .flatMap((item) => item.people);

  it("is seen at every gateway within a second, with who writes, until the page leaves", async () => {
    const beside = await product.beside({ bus: product.bus });
    const { conversation } = await taken();
    const watched = await desk.watch("lookers");
    const other = await two.desk(beside);
    other.send({ type: "look", conversation });
    await watched.until((topic) => people(topic, conversation).length === 1, 1000);
    expect(people(watched, conversation)).toEqual([{ id: two.id, name: two.name, writing: false }]);
    other.send({ type: "typing", conversation, on: true });
    await watched.until((topic) => people(topic, conversation)[0]?.writing === true, 1000);
    other.send({ type: "typing", conversation, on: false });
    await watched.until((topic) => people(topic, conversation)[0]?.writing === false, 1000);
    await other.close();
    await watched.until((topic) => people(topic, conversation).length === 0, 1000);
    await beside.stop();
  });
});
