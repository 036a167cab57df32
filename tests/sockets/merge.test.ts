import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConversationHead } from "../../src/protocol/desk.ts";
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

const entry = (id: string) => inbox.conversations().find((item) => item.id === id);
const asked = async (text: string) => {
  const visit = await product.visit();
  await visit.page.say(text);
  return visit;
};
const taken = async (text: string) => {
  const visit = await asked(text);
  await one.run("conversation.take", { conversation: visit.conversation });
  await inbox.until(() => entry(visit.conversation)?.controller === "agent");
  return visit;
};
/** The second chat of the same contact: the first goes on at the desk. */
const again = async (first: Awaited<ReturnType<typeof taken>>, text: string) => {
  const visit = await product.visit({ token: first.welcome.token, anew: true });
  await visit.page.say(text);
  await one.run("conversation.reopen", { conversation: first.conversation });
  return visit;
};
const headOf = async (conversation: string) => {
  const topic = await desk.watch(`conversation:${conversation}`);
  const head = [...topic.items.values()].find((item): item is ConversationHead => item.kind === "head");
  desk.send({ type: "unwatch", topic: `conversation:${conversation}` });
  return head;
};
const stored = async (conversation: string) => {
  const [row] = await product.database.acrossTenants.query(
    `select open, controller, agent_id, muted, unread, last_text, generation,
       (select count(*)::int from turn t where t.conversation_id = c.id) as turns from conversation c where id = $1`,
    [conversation],
  );
  return row;
};
const textsOf = async (conversation: string) => {
  const rows = await product.database.acrossTenants.query<{ seq: number; text: string }>(
    "select seq::int, text from message where conversation_id = $1 and author_kind <> 'system' and author_kind <> 'bot' order by seq",
    [conversation],
  );
  return rows.map(({ text }) => text);
};

describe("a merge", () => {
  it("answers both visitors from one place, each in their own conversation, and neither reads the other", async () => {
    const target = await taken("I am Ana, my card ends in 4242");
    const other = await asked("I am Bo");
    expect((await one.refused("conversation.merge", { conversation: other.conversation, into: target.conversation })).path).toBe(
      "args.otherContact",
    );
    await one.run("conversation.merge", { conversation: other.conversation, into: target.conversation, otherContact: true });
    await other.page.until("state", (state) => state.controller === "agent" && state.agent?.name === one.name);
    await inbox.until(() => entry(other.conversation) === undefined);
    expect((await headOf(target.conversation))?.merged).toEqual([
      expect.objectContaining({ id: other.conversation, by: one.name, channel: "website" }),
    ]);
    expect((await headOf(other.conversation))?.mergedInto).toBe(target.conversation);

    // What the merged visitor writes calls who answers the target; the assistant stays silent.
    await other.page.say("are you there?");
    await inbox.until(() => entry(target.conversation)?.lastText === "are you there?");
    expect(entry(target.conversation)).toMatchObject({ unread: 3, lastAuthor: "visitor" });
    expect(await stored(other.conversation)).toMatchObject({ open: false, muted: "merged", unread: 0, turns: 0 });
    await desk.say(other.conversation, "yes, Bo");
    await desk.say(target.conversation, "yes, Ana");
    await other.page.until("message", ({ text }) => text === "yes, Bo");
    await target.page.until("message", ({ text }) => text === "yes, Ana");
    expect(
      (await two.desk().then((colleague) => colleague.refused({ type: "message", conversation: other.conversation, text: "me too" }))).error
        .code,
    ).toBe("not_your_conversation");
    // A page that comes back with its token sees no word of the other.
    for (const [visit, foreign] of [
      [other, "Ana"],
      [target, "Bo"],
    ] as const) {
      const back = await product.openVisitor();
      const { seq, conversation } = await back.hello({ token: visit.welcome.token });
      expect(conversation).toBe(visit.conversation);
      if (seq > back.seqs().length) await back.until("message", (message) => message.seq === seq);
      expect(back.seqs()).toEqual(Array.from({ length: seq }, (_, index) => index + 1));
      expect(JSON.stringify(back.frames)).not.toContain(foreign);
    }
  });

  it("calls a person where the target was closed, and tells the merged visitor their place", async () => {
    const target = await taken("first matter");
    const second = await again(target, "second matter");
    await one.run("conversation.merge", { conversation: second.conversation, into: target.conversation });
    await one.run("conversation.close", { conversation: target.conversation });
    await second.page.until("state", ({ open }) => open === false);
    await one.run("me.away");
    await second.page.say("one more thing");
    await inbox.until(() => entry(target.conversation)?.controller === "queue");
    await second.page.until("state", ({ controller, position }) => controller === "queue" && position === 1);
    await one.run("conversation.take", { conversation: target.conversation });
    await desk.say(second.conversation, "here I am");
    await second.page.until("message", ({ text }) => text === "here I am");
    await one.run("me.online");
  });

  it("takes over the place of who waited, once, and nobody is offered what was merged", async () => {
    await one.run("me.offline");
    const target = await asked("hello");
    const waits = await asked("hello too");
    await waits.page.say("person");
    await inbox.until(() => entry(waits.conversation)?.controller === "queue");
    await one.run("conversation.merge", { conversation: waits.conversation, into: target.conversation, otherContact: true });
    await inbox.until(() => entry(target.conversation)?.controller === "queue" && entry(waits.conversation) === undefined);
    await one.run("me.online");
    await inbox.until(() => entry(target.conversation)?.offer?.to.id === one.id);
    const offers = await product.database.acrossTenants.query("select 1 from assignment where conversation_id = $1 and ended_at is null", [
      waits.conversation,
    ]);
    expect(offers).toEqual([]);
    await one.run("conversation.accept", { conversation: target.conversation });
    await waits.page.until("state", ({ controller }) => controller === "agent");
    await desk.say(waits.conversation, "no wait any more");
  });

  it("keeps one timeline's unread, which reading each part ends", async () => {
    const target = await taken("one");
    const second = await again(target, "two");
    await one.run("conversation.merge", { conversation: second.conversation, into: target.conversation });
    await inbox.until(() => entry(target.conversation)?.unread === 2);
    desk.send({ type: "read", conversation: target.conversation, seq: 2 });
    desk.send({ type: "read", conversation: second.conversation, seq: 1 });
    await inbox.until(() => entry(target.conversation)?.unread === 0);
    await second.page.until("read", ({ seq }) => seq === 1);
  });
});

describe("an unmerge", () => {
  it("puts everything back: who answered, the queue's place, and what was said meanwhile where it was said", async () => {
    const target = await taken("matter one");
    const second = await again(target, "matter two");
    await one.run("conversation.take", { conversation: second.conversation });
    await one.run("conversation.merge", { conversation: second.conversation, into: target.conversation });
    await desk.say(second.conversation, "answer two");
    await second.page.say("thanks for two");
    await target.page.hello({ token: target.welcome.token });
    await target.page.say("thanks for one");
    await inbox.until(() => entry(target.conversation)?.lastText.startsWith("thanks") === true);
    // From either side.
    expect((await one.run("conversation.unmerge", { conversation: target.conversation })).data).toEqual({
      conversation: second.conversation,
    });
    await inbox.until(() => entry(second.conversation)?.agent?.id === one.id);
    await inbox.until(() => entry(target.conversation)?.lastText === "thanks for one");
    expect(entry(second.conversation)).toMatchObject({ open: true, unread: 1, lastText: "thanks for two" });
    expect(entry(second.conversation)).not.toHaveProperty("muted");
    expect(await textsOf(target.conversation)).toEqual(["matter one", "thanks for one"]);
    expect(await textsOf(second.conversation)).toEqual(["matter two", "answer two", "thanks for two"]);
    expect((await headOf(target.conversation))?.merged).toBeUndefined();
    const why = await one.run("conversation.why", { conversation: target.conversation });
    expect(why.data).toMatchObject({ merges: [{ conversation: second.conversation, by: one.name, endedBy: one.name }] });
    expect(why.messages[0]?.text).toContain(`${second.conversation} was merged into this (${one.name})`);
  });

  it("calls a person for whom the assistant had, if they wrote meanwhile", async () => {
    const target = await taken("first");
    const second = await again(target, "second");
    await one.run("conversation.merge", { conversation: second.conversation, into: target.conversation });
    await second.page.say("anybody?");
    await inbox.until(() => entry(target.conversation)?.lastText === "anybody?");
    await one.run("conversation.unmerge", { conversation: second.conversation });
    await inbox.until(() => entry(second.conversation)?.controller === "queue");
  });
});

describe("a merge that can't be", () => {
  it("is refused with the field that is wrong", async () => {
    const [target, source, third] = [await taken("a"), await asked("b"), await asked("c")];
    const into = target.conversation;
    const conversation = source.conversation;
    const refusal = async (agent: Agent, args: object) => {
      const { code, path } = await agent.refused("conversation.merge", { otherContact: true, ...args });
      return [code, path];
    };
    const foreign = await product.agent((await product.addTenant("merging")).email);
    const none = "00000000-0000-4000-8000-000000000000";
    expect(await refusal(one, { conversation, into: conversation })).toEqual(["conflict", "args.into"]);
    expect(await refusal(one, { conversation, into: none })).toEqual(["not_found", "args.into"]);
    expect(await refusal(one, { conversation, into: "nonsense'--" })).toEqual(["not_found", "args.into"]);
    expect(await refusal(one, { conversation: none, into })).toEqual(["not_found", "args.conversation"]);
    expect(await refusal(one, { conversation })).toEqual(["invalid_value", "args.into"]);
    expect(await refusal(one, { conversation, into, otherContact: "maybe" })).toEqual(["invalid_value", "args.otherContact"]);
    expect(await refusal(foreign, { conversation, into })).toEqual(["not_found", "args.conversation"]);
    expect(await refusal(two, { conversation: into, into: conversation })).toEqual(["not_your_conversation", "args.conversation"]);
    expect((await one.refused("conversation.unmerge", { conversation })).code).toBe("conflict");
    await one.run("conversation.close", { conversation: third.conversation });
    expect(await refusal(one, { conversation, into: third.conversation })).toEqual(["conflict", "args.into"]);
    expect(await refusal(one, { conversation: third.conversation, into })).toEqual(["conflict", "args.conversation"]);

    await one.run("conversation.merge", { conversation, into, otherContact: true });
    expect(await refusal(one, { conversation, into })).toEqual(["conflict", "args.conversation"]);
    await one.run("conversation.reopen", { conversation: third.conversation });
    expect(await refusal(one, { conversation: third.conversation, into: conversation })).toEqual(["conflict", "args.into"]);
    expect(await refusal(one, { conversation: into, into: third.conversation })).toEqual(["conflict", "args.conversation"]);
    // What was merged is acted on where it went.
    for (const verb of ["take", "reopen", "spam", "transfer"]) {
      const args = { conversation, ...(verb === "transfer" ? { to: "queue" } : {}) };
      expect([verb, (await one.refused(`conversation.${verb}`, args)).code]).toEqual([verb, "conflict"]);
    }
    await one.run("conversation.merge", { conversation: third.conversation, into, otherContact: true });
    expect(await one.refused("conversation.unmerge", { conversation: into })).toMatchObject({ code: "invalid_value", path: "args.merged" });
    expect(await one.refused("conversation.unmerge", { conversation: into, merged: none })).toMatchObject({
      code: "not_found",
      path: "args.merged",
    });
    expect((await foreign.refused("conversation.unmerge", { conversation: into })).code).toBe("not_found");
    await one.run("conversation.unmerge", { conversation: into, merged: third.conversation });
    expect((await headOf(into))?.merged?.map(({ id }) => id)).toEqual([conversation]);
  });

  it("happens once where two agents merge two into each other at the same moment", async () => {
    const [left, right] = [await asked("left"), await asked("right")];
    const both = await Promise.all(
      [
        [left, right],
        [right, left],
      ].map(async ([from, to], index) =>
        (index === 0 ? one : two)
          .run("conversation.merge", { conversation: from?.conversation, into: to?.conversation, otherContact: true })
          .then(
            () => "merged",
            () => "refused",
          ),
      ),
    );
    expect(both.sort()).toEqual(["merged", "refused"]);
  });
});

describe("what a person keeps of merged conversations", () => {
  const merged = async (page: Awaited<ReturnType<typeof asked>>["page"]) => {
    const clientId = `merged ${Math.random()}`;
    page.send({ type: "merged", clientId });
    const { messages } = await page.until("merged", (answer) => answer.clientId === clientId);
    return messages.filter(({ author }) => author.kind === "visitor").map(({ text }) => text);
  };
  const mailed = async (run: () => Promise<unknown>) => {
    await run();
    const [mail] = await product.database.acrossTenants.query<{ text: string }>(
      "select mail->>'text' as text from mail_out where kind = 'transcript' order by created_at desc, id desc limit 1",
    );
    return mail?.text ?? "";
  };

  it("is all of their own, in order, from either side; undone, it is one again", async () => {
    const first = await taken("the parcel is late");
    const second = await again(first, "the parcel again");
    const before = await mailed(() => one.run("conversation.transcript", { conversation: second.conversation, email: "ana@example.org" }));
    expect(before).not.toContain("the parcel is late");
    await one.run("conversation.merge", { conversation: second.conversation, into: first.conversation });
    expect(await merged(second.page)).toEqual(["the parcel is late"]);
    for (const { conversation } of [first, second]) {
      const text = await mailed(() => one.run("conversation.transcript", { conversation, email: "ana@example.org" }));
      expect(text.indexOf("the parcel is late")).toBeGreaterThan(0);
      expect(text.indexOf("the parcel again")).toBeGreaterThan(text.indexOf("the parcel is late"));
    }
    await one.run("conversation.unmerge", { conversation: first.conversation });
    expect(await merged(second.page)).toEqual([]);
  });

  it("is nothing of another customer's, though an agent answers both in one", async () => {
    const target = await taken("I am Ana, my card ends in 4242");
    const other = await asked("I am Bo, and tell nobody");
    await one.run("conversation.merge", { conversation: other.conversation, into: target.conversation, otherContact: true });
    expect([await merged(target.page), await merged(other.page)]).toEqual([[], []]);
    const texts = [];
    for (const { conversation } of [target, other])
      texts.push(await mailed(() => one.run("conversation.transcript", { conversation, email: "somebody@example.org" })));
    expect([texts[0]?.includes("4242"), texts[0]?.includes("Bo")]).toEqual([true, false]);
    expect([texts[1]?.includes("Bo"), texts[1]?.includes("4242")]).toEqual([true, false]);
  });
});

describe("the erasure of a contact", () => {
  it("frees what was merged into theirs, and leaves no word of theirs in another's entry", async () => {
    const admin = await product.agent("admin@demo.example");
    // What a page has just shown may still be noted between plan and run, which makes the plan stale.
    const erase = (contact: string | undefined) =>
      expect
        .poll(() =>
          admin.run("contact.erase", { contact }).then(
            () => "erased",
            (error: Error) => error.message,
          ),
        )
        .toBe("erased");
    const [kept, gone] = [await taken("I stay"), await asked("hello")];
    await one.run("conversation.merge", { conversation: gone.conversation, into: kept.conversation, otherContact: true });
    await gone.page.say("secret of who goes");
    await inbox.until(() => entry(kept.conversation)?.lastText === "secret of who goes");
    const contact = (await headOf(gone.conversation))?.contact.id;
    await erase(contact);
    await inbox.until(() => entry(kept.conversation)?.lastText.includes("secret") === false);
    expect((await headOf(kept.conversation))?.merged).toBeUndefined();

    const [target, free] = [await taken("I go"), await asked("I am free")];
    await one.run("conversation.merge", { conversation: free.conversation, into: target.conversation, otherContact: true });
    await erase((await headOf(target.conversation))?.contact.id);
    expect(await stored(free.conversation)).toMatchObject({ open: false, muted: null });
    await free.page.say("hello again");
    await inbox.until(() => entry(free.conversation)?.open === true);
  });
});
