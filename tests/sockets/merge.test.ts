import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Agent } from "../fixtures/product.ts";
import { type MergeHouse, openMergeHouse } from "./mergeHouse.ts";

let house: MergeHouse;
beforeAll(async () => {
  house = await openMergeHouse();
});
afterAll(() => house.product.stop());

describe("a merge", () => {
  it("answers both visitors from one place, each in their own conversation, and neither reads the other", async () => {
    const target = await house.taken("I am Ana, my card ends in 4242");
    const other = await house.asked("I am Bo");
    expect((await house.one.refused("conversation.merge", { conversation: other.conversation, into: target.conversation })).path).toBe(
      "args.otherContact",
    );
    await house.one.run("conversation.merge", { conversation: other.conversation, into: target.conversation, otherContact: true });
    await other.page.until("state", (state) => state.controller === "agent" && state.agent?.name === house.one.name);
    await house.inbox.until(() => house.entry(other.conversation) === undefined);
    expect((await house.headOf(target.conversation))?.merged).toEqual([
      expect.objectContaining({ id: other.conversation, by: house.one.name, channel: "website" }),
    ]);
    expect((await house.headOf(other.conversation))?.mergedInto).toBe(target.conversation);

    // What the merged visitor writes calls who answers the target; the assistant stays silent.
    await other.page.say("are you there?");
    await house.inbox.until(() => house.entry(target.conversation)?.lastText === "are you there?");
    expect(house.entry(target.conversation)).toMatchObject({ unread: 3, lastAuthor: "visitor" });
    expect(await house.stored(other.conversation)).toMatchObject({ open: false, muted: "merged", unread: 0, turns: 0 });
    await house.desk.say(other.conversation, "yes, Bo");
    await house.desk.say(target.conversation, "yes, Ana");
    await other.page.until("message", ({ text }) => text === "yes, Bo");
    await target.page.until("message", ({ text }) => text === "yes, Ana");
    expect(
      (await house.two.desk().then((colleague) => colleague.refused({ type: "message", conversation: other.conversation, text: "me too" })))
        .error.code,
    ).toBe("not_your_conversation");
    // A page that comes back with its token sees no word of the other.
    for (const [visit, foreign] of [
      [other, "Ana"],
      [target, "Bo"],
    ] as const) {
      const back = await house.product.openVisitor();
      const { seq, conversation } = await back.hello({ token: visit.welcome.token });
      expect(conversation).toBe(visit.conversation);
      if (seq > back.seqs().length) await back.until("message", (message) => message.seq === seq);
      expect(back.seqs()).toEqual(Array.from({ length: seq }, (_, index) => index + 1));
      expect(JSON.stringify(back.frames)).not.toContain(foreign);
    }
  });

  it("calls a person where the target was closed, and tells the merged visitor their place", async () => {
    const target = await house.taken("first matter");
    const second = await house.again(target, "second matter");
    await house.one.run("conversation.merge", { conversation: second.conversation, into: target.conversation });
    await house.one.run("conversation.close", { conversation: target.conversation });
    await second.page.until("state", ({ open }) => open === false);
    await house.one.run("me.away");
    await second.page.say("one more thing");
    await house.inbox.until(() => house.entry(target.conversation)?.controller === "queue");
    await second.page.until("state", ({ controller, position }) => controller === "queue" && position === 1);
    await house.one.run("conversation.take", { conversation: target.conversation });
    await house.desk.say(second.conversation, "here I am");
    await second.page.until("message", ({ text }) => text === "here I am");
    await house.one.run("me.online");
  });

  it("takes over the place of who waited, once, and nobody is offered what was merged", async () => {
    await house.one.run("me.offline");
    const target = await house.asked("hello");
    const waits = await house.asked("hello too");
    await waits.page.say("person");
    await house.inbox.until(() => house.entry(waits.conversation)?.controller === "queue");
    await house.one.run("conversation.merge", { conversation: waits.conversation, into: target.conversation, otherContact: true });
    await house.inbox.until(
      () => house.entry(target.conversation)?.controller === "queue" && house.entry(waits.conversation) === undefined,
    );
    await house.one.run("me.online");
    await house.inbox.until(() => house.entry(target.conversation)?.offer?.to.id === house.one.id);
    const offers = await house.product.database.acrossTenants.query(
      "select 1 from assignment where conversation_id = $1 and ended_at is null",
      [waits.conversation],
    );
    expect(offers).toEqual([]);
    await house.one.run("conversation.accept", { conversation: target.conversation });
    await waits.page.until("state", ({ controller }) => controller === "agent");
    await house.desk.say(waits.conversation, "no wait any more");
  });

  it("keeps one timeline's unread, which reading each part ends", async () => {
    const target = await house.taken("one");
    const second = await house.again(target, "two");
    await house.one.run("conversation.merge", { conversation: second.conversation, into: target.conversation });
    await house.inbox.until(() => house.entry(target.conversation)?.unread === 2);
    house.desk.send({ type: "read", conversation: target.conversation, seq: 2 });
    house.desk.send({ type: "read", conversation: second.conversation, seq: 1 });
    await house.inbox.until(() => house.entry(target.conversation)?.unread === 0);
    await second.page.until("read", ({ seq }) => seq === 1);
  });
});

describe("an unmerge", () => {
  it("puts everything back: who answered, the queue's place, and what was said meanwhile where it was said", async () => {
    const target = await house.taken("matter one");
    const second = await house.again(target, "matter two");
    await house.one.run("conversation.take", { conversation: second.conversation });
    await house.one.run("conversation.merge", { conversation: second.conversation, into: target.conversation });
    await house.desk.say(second.conversation, "answer two");
    await second.page.say("thanks for two");
    await target.page.hello({ token: target.welcome.token });
    await target.page.say("thanks for one");
    await house.inbox.until(() => house.entry(target.conversation)?.lastText.startsWith("thanks") === true);
    // From either side.
    expect((await house.one.run("conversation.unmerge", { conversation: target.conversation })).data).toEqual({
      conversation: second.conversation,
    });
    await house.inbox.until(() => house.entry(second.conversation)?.agent?.id === house.one.id);
    await house.inbox.until(() => house.entry(target.conversation)?.lastText === "thanks for one");
    expect(house.entry(second.conversation)).toMatchObject({ open: true, unread: 1, lastText: "thanks for two" });
    expect(house.entry(second.conversation)).not.toHaveProperty("muted");
    expect(await house.textsOf(target.conversation)).toEqual(["matter one", "thanks for one"]);
    expect(await house.textsOf(second.conversation)).toEqual(["matter two", "answer two", "thanks for two"]);
    expect((await house.headOf(target.conversation))?.merged).toBeUndefined();
    const why = await house.one.run("conversation.why", { conversation: target.conversation });
    expect(why.data).toMatchObject({ merges: [{ conversation: second.conversation, by: house.one.name, endedBy: house.one.name }] });
    expect(why.messages[0]?.text).toContain(`${second.conversation} was merged into this (${house.one.name})`);
  });

  it("calls a person for whom the assistant had, if they wrote meanwhile", async () => {
    const target = await house.taken("first");
    const second = await house.again(target, "second");
    await house.one.run("conversation.merge", { conversation: second.conversation, into: target.conversation });
    await second.page.say("anybody?");
    await house.inbox.until(() => house.entry(target.conversation)?.lastText === "anybody?");
    await house.one.run("conversation.unmerge", { conversation: second.conversation });
    await house.inbox.until(() => house.entry(second.conversation)?.controller === "queue");
  });
});

describe("a merge that can't be", () => {
  it("is refused with the field that is wrong", async () => {
    const [target, source, third] = [await house.taken("a"), await house.asked("b"), await house.asked("c")];
    const into = target.conversation;
    const conversation = source.conversation;
    const refusal = async (agent: Agent, args: object) => {
      const { code, path } = await agent.refused("conversation.merge", { otherContact: true, ...args });
      return [code, path];
    };
    const foreign = await house.product.agent((await house.product.addTenant("merging")).email);
    const none = "00000000-0000-4000-8000-000000000000";
    expect(await refusal(house.one, { conversation, into: conversation })).toEqual(["conflict", "args.into"]);
    expect(await refusal(house.one, { conversation, into: none })).toEqual(["not_found", "args.into"]);
    expect(await refusal(house.one, { conversation, into: "nonsense'--" })).toEqual(["not_found", "args.into"]);
    expect(await refusal(house.one, { conversation: none, into })).toEqual(["not_found", "args.conversation"]);
    expect(await refusal(house.one, { conversation })).toEqual(["invalid_value", "args.into"]);
    expect(await refusal(house.one, { conversation, into, otherContact: "maybe" })).toEqual(["invalid_value", "args.otherContact"]);
    expect(await refusal(foreign, { conversation, into })).toEqual(["not_found", "args.conversation"]);
    expect(await refusal(house.two, { conversation: into, into: conversation })).toEqual(["not_your_conversation", "args.conversation"]);
    expect((await house.one.refused("conversation.unmerge", { conversation })).code).toBe("conflict");
    await house.one.run("conversation.close", { conversation: third.conversation });
    expect(await refusal(house.one, { conversation, into: third.conversation })).toEqual(["conflict", "args.into"]);
    expect(await refusal(house.one, { conversation: third.conversation, into })).toEqual(["conflict", "args.conversation"]);

    await house.one.run("conversation.merge", { conversation, into, otherContact: true });
    expect(await refusal(house.one, { conversation, into })).toEqual(["conflict", "args.conversation"]);
    await house.one.run("conversation.reopen", { conversation: third.conversation });
    expect(await refusal(house.one, { conversation: third.conversation, into: conversation })).toEqual(["conflict", "args.into"]);
    expect(await refusal(house.one, { conversation: into, into: third.conversation })).toEqual(["conflict", "args.conversation"]);
    // What was merged is acted on where it went.
    for (const verb of ["take", "reopen", "spam", "transfer"]) {
      const args = { conversation, ...(verb === "transfer" ? { to: "queue" } : {}) };
      expect([verb, (await house.one.refused(`conversation.${verb}`, args)).code]).toEqual([verb, "conflict"]);
    }
    await house.one.run("conversation.merge", { conversation: third.conversation, into, otherContact: true });
    expect(await house.one.refused("conversation.unmerge", { conversation: into })).toMatchObject({
      code: "invalid_value",
      path: "args.merged",
    });
    expect(await house.one.refused("conversation.unmerge", { conversation: into, merged: none })).toMatchObject({
      code: "not_found",
      path: "args.merged",
    });
    expect((await foreign.refused("conversation.unmerge", { conversation: into })).code).toBe("not_found");
    await house.one.run("conversation.unmerge", { conversation: into, merged: third.conversation });
    expect((await house.headOf(into))?.merged?.map(({ id }) => id)).toEqual([conversation]);
  });

  it("happens once where two agents merge two into each other at the same moment", async () => {
    const [left, right] = [await house.asked("left"), await house.asked("right")];
    const both = await Promise.all(
      [
        [left, right],
        [right, left],
      ].map(async ([from, to], index) =>
        (index === 0 ? house.one : house.two)
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
