import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

/** What the bus doesn't bring is found in the ledger: looked for every 3 s, and places in a line every 4 s. */
const withinMs = 8000;

describe.concurrent("two processes whose buses bring each other nothing", () => {
  let here: TestProduct;
  let there: TestProduct;
  let agent: Agent;
  beforeAll(async () => {
    here = await openProduct();
    there = await here.beside();
    agent = await here.agent();
  });
  afterAll(() => here.stop());

  it("show a visitor in one and an agent in the other everything, in the same order", async () => {
    const { page, welcome, conversation } = await here.visit();
    const tab = await there.openVisitor();
    tab.send({ type: "hello", inbox: there.inbox, token: welcome.token, after: 0 });
    await tab.until("welcome");
    const desk = await agent.desk(there);
    const [inbox, topic] = [await desk.watch("inbox"), await desk.watch(`conversation:${conversation}`)];
    await page.answerTo(await page.say("reverse a b"));
    await page.say("person");
    await page.until("state", ({ controller }) => controller === "queue");
    await Promise.all([
      topic.until(() => topic.messages().length === 4, withinMs),
      inbox.until(() => inbox.conversations().some(({ id, controller }) => id === conversation && controller === "queue"), withinMs),
      tab.until("state", ({ controller, position }) => controller === "queue" && position === 1, withinMs),
    ]);
    // The agent's commands run in the first process; the desk's socket hangs on the second.
    await agent.run("conversation.take", { conversation });
    await topic.until(() => topic.messages().length === 5, withinMs);
    await desk.say(conversation, "Hello from there");
    await Promise.all([
      page.until("message", ({ text }) => text === "Hello from there", withinMs),
      page.until("state", ({ agent: named }) => named?.name === "Agent One", withinMs),
    ]);
    expect(page.seqs().toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    await expect.poll(() => tab.shown().map(({ seq }) => seq), { timeout: withinMs }).toEqual([1, 2, 3, 4, 5, 6]);
    expect(topic.messages().map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    // What the product says of what happens, it says to each in words of their own.
    const said = (messages: { author: { kind: string }; text: string }[]) =>
      messages.filter(({ author }) => author.kind !== "system").map(({ text }) => text);
    expect(said(tab.shown())).toEqual(said(topic.messages()));
    await Promise.all([page.close(), tab.close(), desk.close()]);
  }, 40_000);

  it("show an agent of the other as connected, and as gone when the process is gone", async () => {
    const third = await here.beside();
    const colleague = await here.agent("agent2@demo.example");
    const desk = await agent.desk(here);
    const agents = await desk.watch("agents");
    const connected = () => {
      const item = agents.items.get(colleague.id);
      return item?.kind === "agent" && item.connected;
    };
    await colleague.desk(third);
    await agents.until(connected, withinMs);
    await third.stop();
    await agents.until(() => !connected(), 15_000);
    await desk.close();
  }, 30_000);
});

describe("a gateway without a router, and a router without a gateway", () => {
  it("answer over the table, and at once with a bus between them", async () => {
    const gateway = await openProduct({ roles: "gateway" });
    try {
      const { page } = await gateway.visit();
      const ack = await page.say("help");
      await page.settled();
      expect(page.shown()).toEqual([]);
      const router = await gateway.beside({ roles: "router,automations", bus: gateway.bus });
      expect((await page.answerTo(ack)).text).toContain("You can write:");
      const begun = performance.now();
      await page.answerTo(await page.say("reverse a b"));
      expect(performance.now() - begun).toBeLessThan(900);
      await page.close();
      expect(router.url).not.toBe(gateway.url);
    } finally {
      await gateway.stop();
    }
  }, 20_000);
});

describe("a process that ends", () => {
  it("tells its pages when to come back, closes with 1012, and another answers what it left", async () => {
    const first = await openProduct();
    try {
      const second = await first.beside();
      const { page, welcome } = await second.visit();
      const desk = await (await first.agent()).desk(second);
      await page.answerTo(await page.say("reverse a b"));
      for (let n = 0; n < 30; n++) page.send({ type: "message", clientId: `m${n}`, text: `mat ${n}` });
      await second.stop();
      for (const [ended, restarts] of [
        [page.ended, () => page.of("restart")],
        [desk.ended, () => desk.of("restart")],
      ] as const) {
        expect((await ended).code).toBe(1012);
        expect(restarts()).toEqual([{ type: "restart", retryAfterMs: expect.any(Number) }]);
        expect(restarts()[0]?.retryAfterMs).toBeLessThan(10_000);
      }
      const back = await first.openVisitor();
      await back.hello({ token: welcome.token, after: 0 });
      // As a page does it: what was not acked is sent again.
      const acked = new Set(page.of("ack").map(({ clientId }) => clientId));
      for (let n = 0; n < 30; n++) if (!acked.has(`m${n}`)) back.send({ type: "message", clientId: `m${n}`, text: `mat ${n}` });
      await expect.poll(() => new Set(back.seqs()).size, { timeout: 10_000 }).toBe(62);
      expect(new Set(back.seqs())).toEqual(new Set(Array.from({ length: 62 }, (_, index) => index + 1)));
      for (const { clientId, seq } of page.of("ack").filter(({ clientId }) => clientId.startsWith("m")))
        expect(back.shown().find((message) => message.clientId === clientId)?.seq).toBe(seq);
      await back.close();
    } finally {
      await first.stop();
    }
  }, 30_000);
});
