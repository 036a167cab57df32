import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openProduct, type TestProduct } from "../fixtures/product.ts";
import { openRawSocket } from "../fixtures/rawSocket.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

describe("with the limits on", () => {
  let product: TestProduct;
  beforeAll(async () => {
    product = await openProduct({ limits: true });
  });
  afterAll(() => product.stop());

  it("61 messages a minute are one too many: it is told by name with the wait, and the others stand", async () => {
    const { page, welcome } = await product.visit();
    for (let n = 0; n < 61; n++) page.send({ type: "message", clientId: `m${n}`, text: "hello there" });
    const { error, ref } = await page.until("error");
    expect(ref).toBe("m60");
    expect(error).toMatchObject({
      code: "rate_limited",
      message: expect.stringMatching(/^60 messages a minute is the limit; this one can be sent in \d+ seconds\.$/),
      retryAfterMs: expect.any(Number),
    });
    expect(error.retryAfterMs).toBeGreaterThan(40_000);
    await expect.poll(() => page.of("ack").length).toBe(60);
    // Another tab is the same visitor.
    const tab = await product.openVisitor();
    await tab.hello({ token: welcome.token, after: 1000 });
    expect((await tab.sayRefused("hello there")).error.code).toBe("rate_limited");
    // Another visitor is not.
    const other = await product.visit();
    await other.page.say("hello there");
    await Promise.all([page.close(), tab.close(), other.page.close()]);
  });

  it("typing without end is dropped, not refused", async () => {
    const { page, conversation } = await product.visit();
    const agent = await product.agent();
    const desk = await agent.desk();
    await desk.watch(`conversation:${conversation}`);
    for (let n = 0; n < 500; n++) page.send({ type: "typing", on: n % 2 === 0 });
    page.send({ type: "ping" });
    await page.until("pong");
    await desk.settled();
    expect(page.of("error")).toEqual([]);
    expect(desk.of("typing").length).toBeGreaterThan(0);
    expect(desk.of("typing").length).toBeLessThanOrEqual(6);
    await Promise.all([page.close(), desk.close()]);
  });

  it("who stopped typing within the limit is seen to have stopped", async () => {
    const { page, conversation } = await product.visit();
    const agent = await product.agent();
    const desk = await agent.desk();
    await desk.watch(`conversation:${conversation}`);
    const told = () => desk.of("typing").map(({ on }) => on);
    // Another person's second must not begin in between.
    for (const on of [false, true, false, true, false]) page.send({ type: "typing", on });
    await expect.poll(told).toContain(true);
    await expect.poll(() => told().at(-1)).toBe(false);
    await agent.run("conversation.take", { conversation });
    for (const on of [false, true, false, true, false]) desk.send({ type: "typing", conversation, on });
    const seen = () => page.of("typing").map(({ on }) => on);
    await expect.poll(seen).toContain(true);
    await expect.poll(() => seen().at(-1)).toBe(false);
    await Promise.all([page.close(), desk.close()]);
  });

  it("a sixth tab of one visitor is refused, and welcome when one is closed", async () => {
    const { page, welcome } = await product.visit();
    const tabs: VisitorClient[] = [page];
    while (tabs.length < 5) {
      const tab = await product.openVisitor();
      await tab.hello({ token: welcome.token });
      tabs.push(tab);
    }
    const sixth = await product.openVisitor();
    sixth.send({ type: "hello", inbox: product.inbox, token: welcome.token });
    expect((await sixth.until("error")).error).toMatchObject({ code: "rate_limited", message: expect.stringContaining("5 places") });
    expect((await sixth.ended).code).toBe(1013);
    await tabs.pop()?.close();
    const again = await product.openVisitor();
    await again.hello({ token: welcome.token });
    await Promise.all([...tabs, again].map((tab) => tab.close()));
  });

  it("100 sockets of one address that say nothing are 20, and nobody else is kept out once they are gone", async () => {
    const raws = await Promise.all(Array.from({ length: 100 }, () => openRawSocket(product.port, "/ws/visitor", { Origin: product.url })));
    const statuses = raws.map(({ status }) => status);
    expect(statuses.filter((status) => status === 101)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(80);
    for (const raw of raws) raw.end();
    await expect
      .poll(async () => {
        const raw = await openRawSocket(product.port, "/ws/visitor", { Origin: product.url });
        raw.end();
        return raw.status;
      })
      .toBe(101);
  });

  it("31 new chats a minute of one address are one too many; those that come back are welcome", async () => {
    const { page, welcome } = await product.visit();
    let refused: VisitorClient | undefined;
    for (let n = 0; n < 40 && refused === undefined; n++) {
      const next = await product.openVisitor();
      next.send({ type: "hello", inbox: product.inbox });
      const answer = await Promise.race([next.until("welcome"), next.until("error")]);
      if (answer.type === "error") refused = next;
      else await next.close();
    }
    expect(refused?.of("error")).toMatchObject([{ error: { code: "rate_limited", retryAfterMs: expect.any(Number) } }]);
    await refused?.close();
    const back = await product.openVisitor();
    await back.hello({ token: welcome.token });
    await Promise.all([page.close(), back.close()]);
  });
});

describe("with the limits off", () => {
  let product: TestProduct;
  beforeAll(async () => {
    product = await openProduct();
  });
  afterAll(() => product.stop());

  it("nothing is throttled, and the sizes hold", async () => {
    const { page } = await product.visit();
    for (let n = 0; n < 100; n++) page.send({ type: "message", clientId: `m${n}`, text: "hello there" });
    await expect.poll(() => page.of("ack").length, { timeout: 5000 }).toBe(100);
    expect((await page.sayRefused("x".repeat(4001))).error.code).toBe("text_too_long");
    await page.close();
  });
});
