import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openProduct, type TestProduct } from "../fixtures/product.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

let product: TestProduct;
beforeAll(async () => {
  product = await openProduct();
});
afterAll(() => product.stop());

async function comeBack(token: string, fields: object = {}): Promise<VisitorClient> {
  const page = await product.openVisitor();
  await page.hello({ token, ...fields });
  return page;
}

/** Every seq once, in order, from the first. */
function expectWhole(page: VisitorClient, newest: number, from = 1): void {
  expect(page.seqs().toSorted((a, b) => a - b)).toEqual(Array.from({ length: newest - from + 1 }, (_, index) => index + from));
  const shown = page.shown().map(({ seq }) => seq);
  expect(shown).toEqual(shown.toSorted((a, b) => a - b));
}

describe("the order in which a visitor writes", () => {
  it("is the order of seq, and every ack comes once", async () => {
    const { page } = await product.visit();
    const ids = Array.from({ length: 40 }, (_, n) => `m${n}`);
    for (const clientId of ids) page.send({ type: "message", clientId, text: `mat ${clientId}` });
    await expect.poll(() => page.of("ack").length, { timeout: 5000 }).toBe(40);
    const bySeq = page.of("ack").toSorted((a, b) => a.seq - b.seq);
    expect(bySeq.map(({ clientId }) => clientId)).toEqual(ids);
    await expect.poll(() => page.seqs().length, { timeout: 5000 }).toBe(80);
    expectWhole(page, 80);
    await page.close();
  });
});

describe("one visitor", () => {
  it("has one conversation of ten parallel first messages in ten tabs, also after it was closed", async () => {
    const { page, welcome, conversation } = await product.visit();
    const agent = await product.agent();
    const tabs = [page, ...(await Promise.all(Array.from({ length: 9 }, () => comeBack(welcome.token))))];
    const sayInAll = () => Promise.all(tabs.map((tab, n) => tab.say(`first ${n}`)));
    const seqs = (await sayInAll()).map(({ seq }) => seq);
    expect(new Set(seqs).size).toBe(10);
    await agent.run("conversation.close", { conversation });
    expect(new Set((await sayInAll()).map(({ seq }) => seq)).size).toBe(10);
    const count = await product.database.forTenant(product.tenant).query<{ contacts: number; conversations: number }>(
      `select count(distinct c.contact_id)::int as contacts, count(*)::int as conversations from conversation c
          where c.tenant_id = $1 and c.contact_id = (select contact_id from conversation where tenant_id = $1 and id = $2)`,
      [conversation],
    );
    expect(count).toEqual([{ contacts: 1, conversations: 1 }]);
    await Promise.all(tabs.map((tab) => tab.close()));
  });
});

describe("a page that comes back", () => {
  it("gets what it misses, in order, and nothing twice", async () => {
    const { page, welcome } = await product.visit();
    await page.answerTo(await page.say("reverse a b"));
    await page.answerTo(await page.say("mat a b"));
    await page.close();
    for (const [after, expected] of [
      [0, [1, 2, 3, 4]],
      [2, [3, 4]],
      [4, []],
    ] as const) {
      const back = await comeBack(welcome.token, { after });
      await back.settled();
      expect(back.of("welcome")).toMatchObject([{ conversation: welcome.conversation, seq: 4, token: welcome.token }]);
      expect(back.of("welcome")[0]).not.toHaveProperty("resync");
      await expect.poll(() => back.shown().map(({ seq }) => seq)).toEqual(expected);
      await back.close();
    }
  });

  it("that knows more than there is gets everything again, and is told to forget", async () => {
    const { page, welcome } = await product.visit();
    await page.answerTo(await page.say("reverse a b"));
    const back = await comeBack(welcome.token, { after: 7 });
    expect(back.of("welcome")).toMatchObject([{ resync: true, seq: 2 }]);
    await expect.poll(() => back.shown().map(({ seq }) => seq)).toEqual([1, 2]);
    await Promise.all([page.close(), back.close()]);
  });

  it("may ask again on the same socket for what is missing", async () => {
    const { page } = await product.visit();
    await page.answerTo(await page.say("reverse a b"));
    const again = await page.hello({ after: 0 });
    expect(again.seq).toBe(2);
    await expect.poll(() => page.shown().map(({ seq }) => seq)).toEqual([2, 1, 2]);
    await page.answerTo(await page.say("mat a"));
    expect(page.seqs().filter((seq) => seq > 2)).toEqual([3, 4]);
    await page.close();
  });

  it("gets a long conversation whole, while it goes on", async () => {
    const { page, welcome } = await product.visit();
    for (let n = 0; n < 260; n++) page.send({ type: "message", clientId: `m${n}`, text: "mat x" });
    await expect.poll(() => page.seqs().length, { timeout: 15_000 }).toBe(520);
    const back = await product.openVisitor();
    back.send({ type: "hello", inbox: product.inbox, token: welcome.token, after: 0 });
    for (let n = 0; n < 40; n++) page.send({ type: "message", clientId: `n${n}`, text: "mat x" });
    await expect.poll(() => back.shown().length, { timeout: 10_000 }).toBe(600);
    expect(back.shown().map(({ seq }) => seq)).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
    await expect.poll(() => page.seqs().length, { timeout: 5000 }).toBe(600);
    expectWhole(page, 600);
    await Promise.all([page.close(), back.close()]);
  }, 30_000);

  it("sends again what was never acked, and it is there once", async () => {
    const { page, welcome } = await product.visit();
    page.send({ type: "message", clientId: "k", text: "reverse a b" });
    page.socket.terminate();
    const back = await comeBack(welcome.token, { after: 0 });
    const ack = await back.say("reverse a b", "k");
    expect(ack.seq).toBe(1);
    await expect.poll(() => back.shown().some(({ author }) => author.kind === "bot")).toBe(true);
    await back.settled();
    const own = back.shown().filter(({ author }) => author.kind === "visitor");
    expect(own.length).toBeLessThanOrEqual(1);
    expect(new Set(back.seqs())).toEqual(new Set([1, 2]));
    await back.close();
  });
});

describe("two tabs of one visitor", () => {
  it("see the same order; the ack stands for the message where it was written", async () => {
    const { page: one, welcome } = await product.visit();
    const two = await comeBack(welcome.token);
    const tabs = [one, two];
    for (let n = 0; n < 20; n++) tabs[n % 2]?.send({ type: "message", clientId: `m${n}`, text: `mat ${n}` });
    for (const tab of tabs) await expect.poll(() => tab.seqs().length, { timeout: 5000 }).toBe(40);
    for (const tab of tabs) expectWhole(tab, 40);
    for (const [index, tab] of tabs.entries()) {
      const own = Array.from({ length: 10 }, (_, n) => `m${2 * n + index}`);
      expect(
        tab
          .of("ack")
          .map(({ clientId }) => clientId)
          .toSorted(),
      ).toEqual(own.toSorted());
      const others = tab
        .shown()
        .filter(({ author }) => author.kind === "visitor")
        .map(({ clientId }) => clientId);
      expect(others.toSorted()).toEqual(Array.from({ length: 10 }, (_, n) => `m${2 * n + 1 - index}`).toSorted());
    }
    const texts = (tab: VisitorClient) => new Map(tab.shown().map(({ seq, text }) => [seq, text]));
    for (const [seq, text] of texts(one)) expect(texts(two).get(seq) ?? text).toBe(text);
    await Promise.all(tabs.map((tab) => tab.close()));
  });

  it("send the same message at the same moment: both are acked with the same seq, and it is answered once", async () => {
    const { page: one, welcome } = await product.visit();
    const two = await comeBack(welcome.token);
    const clientId = randomUUID();
    const acks = await Promise.all([one.say("reverse a b", clientId), two.say("reverse a b", clientId)]);
    expect(acks.map(({ seq }) => seq)).toEqual([1, 1]);
    for (const tab of [one, two]) {
      await tab.until("message", ({ seq }) => seq === 2);
      await tab.settled();
      expect(tab.of("ack")).toHaveLength(1);
      // A tab that was slower than the other saw the other's first: then by its clientId, so that the page finds its own.
      for (const { seq, clientId: shown } of tab.shown()) expect([1, 2].includes(seq) && (seq === 2 || shown === clientId)).toBe(true);
      expect(new Set(tab.seqs())).toEqual(new Set([1, 2]));
    }
    await Promise.all([one.close(), two.close()]);
  });

  it("is nobody to the server after 30 days in which they didn't come", async () => {
    const { page, welcome } = await product.visit();
    await page.close();
    const idle = (days: number) =>
      product.database.acrossTenants.query(
        "update visitor_token set seen_at = now() - make_interval(secs => $2) where conversation_id = $1",
        [welcome.conversation, days * 86_400 - 60],
      );
    await idle(30);
    await (await comeBack(welcome.token)).close();
    await idle(30.1);
    const late = await product.openVisitor();
    late.send({ type: "hello", inbox: product.inbox, token: welcome.token });
    expect((await late.ended).code).toBe(4401);
  });
});
