import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConversationItem } from "../../src/protocol/desk.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct();
  agent = await product.agent();
});
afterAll(() => product.stop());

describe("the inbox", () => {
  it("comes as a snapshot, then as what changes", async () => {
    const { page, conversation } = await product.visit();
    await page.answerTo(await page.say("reverse a b"));
    const desk = await agent.desk();
    const inbox = await desk.watch("inbox");
    expect(inbox.items.get(conversation)).toEqual({
      kind: "conversation",
      id: conversation,
      contact: { id: expect.any(String), name: expect.stringMatching(/^Visitor /) },
      inbox: { id: expect.any(String), name: "Website" },
      team: "support",
      controller: "bot",
      generation: 1,
      agent: null,
      open: true,
      queuedAt: null,
      priority: 3,
      queueRank: 1,
      language: "en",
      skills: [],
      channel: "website",
      offer: null,
      lastSeq: 2,
      lastText: "b a",
      lastAuthor: "bot",
      lastAt: expect.any(String),
      unread: 1,
      createdAt: expect.any(String),
      tags: [],
    } satisfies ConversationItem);
    await page.say("mat x");
    await inbox.until(() => lastOf(inbox.items.get(conversation)) === 4);
    const fresh = await product.visit();
    await fresh.page.say("help");
    await inbox.until(() => lastOf(inbox.items.get(fresh.conversation)) === 2);
    expect(inbox.snapshots).toBe(1);
    await Promise.all([page.close(), fresh.page.close(), desk.close()]);
  });

  it("resumes by its cursor: what changed meanwhile, and no second snapshot", async () => {
    const { page, conversation } = await product.visit();
    await page.answerTo(await page.say("reverse a b"));
    const desk = await agent.desk();
    const before = await desk.watch("inbox");
    await before.until(() => lastOf(before.items.get(conversation)) === 2);
    const { cursor } = before;
    await desk.close();
    await page.answerTo(await page.say("mat c"));
    const other = await product.visit();
    await other.page.answerTo(await other.page.say("help"));
    const back = await agent.desk();
    const resumed = await back.watch("inbox", cursor);
    await resumed.until(() => lastOf(resumed.items.get(conversation)) === 4 && resumed.items.has(other.conversation));
    expect(resumed.snapshots).toBe(0);
    expect([...resumed.items.keys()].every((id) => [conversation, other.conversation].includes(id) || !before.items.has(id))).toBe(true);
    await Promise.all([page.close(), other.page.close(), back.close()]);
  });

  it.each(["nonsense", `${randomUUID()}:1`, ":", "1e9", "-1"])(
    "answers a cursor that it doesn't know with a snapshot: %s",
    async (cursor) => {
      const desk = await agent.desk();
      const inbox = await desk.watch("inbox", cursor);
      expect(inbox.snapshots).toBe(1);
      await desk.close();
    },
  );

  it("watched twice on one socket is watched once", async () => {
    const desk = await agent.desk();
    await desk.watch("inbox");
    const inbox = await desk.watch("inbox");
    await inbox.until(() => desk.of("snapshot").length === 2);
    const { page, conversation } = await product.visit();
    await page.say("nothing to answer");
    await inbox.until(() => inbox.items.has(conversation));
    await desk.settled();
    const deltas = desk.of("delta").filter(({ changed }) => changed.some((item) => item.id === conversation && lastOf(item) === 2));
    expect(deltas.length).toBeLessThanOrEqual(1);
    desk.send({ type: "unwatch", topic: "inbox" });
    await desk.settled();
    const heard = desk.frames.length;
    await page.answerTo(await page.say("mat x"));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(desk.frames).toHaveLength(heard);
    await Promise.all([page.close(), desk.close()]);
  });
});

describe("a queue", () => {
  it("holds who waits, in the order in which they came, and lets go of who is taken or leaves", async () => {
    const desk = await agent.desk();
    const queue = await desk.watch("queue:support");
    const other = await desk.watch("queue:sales");
    const visits = [await product.visit(), await product.visit(), await product.visit()];
    for (const { page } of visits) {
      await page.say("person");
      await page.until("state", ({ controller }) => controller === "queue");
    }
    const ids = visits.map(({ conversation }) => conversation);
    await queue.until(() => ids.every((id) => queue.items.has(id)));
    const waiting = queue.conversations().filter(({ id }) => ids.includes(id));
    expect(waiting.toSorted((a, b) => ((a.queuedAt ?? "") < (b.queuedAt ?? "") ? -1 : 1)).map(({ id }) => id)).toEqual(ids);
    await agent.run("conversation.take", { conversation: ids[1] });
    await visits[2]?.page.say("leave");
    await queue.until(() => ids.filter((id) => queue.items.has(id)).join() === ids[0]);
    expect(other.items.size).toBe(0);
    const again = await desk.watch("queue:support");
    expect(ids.filter((id) => again.items.has(id))).toEqual([ids[0]]);
    await Promise.all([...visits.map(({ page }) => page.close()), desk.close()]);
  });
});

describe("10,000 conversations", () => {
  it("come whole within seconds, who waits first, while it goes on", async () => {
    const { tenant } = product;
    const [inbox] = await product.database.acrossTenants.query<{ id: string }>("select id from inbox where tenant_id = $1", [tenant]);
    await product.database.acrossTenants.query(
      `with made as (
         insert into contact (tenant_id, id, name) select $1, gen_random_uuid(), 'Visitor ' || n from generate_series(1, 10000) n returning id, name)
       insert into conversation (tenant_id, id, inbox_id, contact_id, team, controller, queued_at, last_text, last_at)
       select $1, gen_random_uuid(), $2, id, 'support', case when name like '%77' then 'queue' else 'bot' end,
         case when name like '%77' then now() end, 'hello', now() - interval '1 day' from made`,
      [tenant, inbox?.id],
    );
    // Another process, that has no list yet.
    const fresh = await product.beside();
    const desk = await agent.desk(fresh);
    const begun = performance.now();
    const list = await desk.watch("inbox");
    const first = list.conversations();
    expect(first.slice(0, 100).every(({ controller }) => controller === "queue")).toBe(true);
    const { page, conversation } = await fresh.visit();
    await page.answerTo(await page.say("reverse a b"));
    await list.until(() => list.items.size >= 10_001 && lastOf(list.items.get(conversation)) === 2, 10_000);
    expect(performance.now() - begun).toBeLessThan(10_000);
    for (const frame of desk.frames) expect(JSON.stringify(frame).length).toBeLessThan(600_000);
    // One change is one small frame.
    const heard = desk.frames.length;
    await page.answerTo(await page.say("mat a"));
    await list.until(() => lastOf(list.items.get(conversation)) === 4);
    expect(JSON.stringify(desk.frames.slice(heard)).length).toBeLessThan(5000);
    await Promise.all([page.close(), desk.close()]);
  }, 40_000);
});

function lastOf(item: { kind: string; lastSeq?: number } | undefined): number | undefined {
  return item?.lastSeq;
}
