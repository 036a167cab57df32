import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openProduct, type TestProduct } from "../fixtures/product.ts";
import { openRawSocket } from "../fixtures/rawSocket.ts";

let product: TestProduct;
beforeAll(async () => {
  product = await openProduct();
});
afterAll(() => product.stop());

/** 60 kB of JSON in a message of 4,000 characters that each need twelve bytes and more. */
const large = "\u0001".repeat(3990);

describe("a reader that is too slow", () => {
  it("is let go with 1013 at 1 MB, resumes by its cursor, and others feel nothing", async () => {
    const { page, welcome, conversation } = await product.visit();
    const slow = await openRawSocket(product.port, "/ws/visitor", { Origin: product.url });
    slow.write(slow.frame(JSON.stringify({ type: "hello", inbox: product.inbox, token: welcome.token, after: 0 })));
    await expect.poll(() => slow.texts().length, { timeout: 5000 }).toBeGreaterThan(0);
    slow.socket.pause();
    const agent = await product.agent();
    const desk = await agent.desk();
    await agent.run("conversation.take", { conversation });
    // Several MB: what the kernel's own buffers hold comes first.
    for (let n = 0; n < 400; n++) {
      desk.send({ type: "message", conversation, clientId: `d${n}`, text: `${n} ${large}` });
      if (n % 50 === 49) await desk.until("ack", ({ clientId }) => clientId === `d${n}`, 10_000);
    }
    await page.until("message", ({ text }) => text.startsWith("399 "), 10_000);
    expect(page.seqs()).toEqual(Array.from({ length: 401 }, (_, index) => index + 1));

    slow.socket.resume();
    expect(await slow.closed()).toBe(1013);
    const got = slow.texts().flatMap((text) => {
      const frame: { type: string; seq?: number } = JSON.parse(text);
      return frame.type === "message" && frame.seq !== undefined ? [frame.seq] : [];
    });
    expect(got).toEqual(got.map((_, index) => index + 1));
    expect(got.length).toBeLessThan(401);

    const back = await product.openVisitor();
    await back.hello({ token: welcome.token, after: got.length });
    await back.until("message", ({ seq }) => seq === 401, 10_000);
    expect(back.seqs()).toEqual(Array.from({ length: 401 - got.length }, (_, index) => got.length + index + 1));
    await Promise.all([page.close(), back.close(), desk.close()]);
  }, 30_000);

  it("gets a long conversation as it reads, and is not let go for its length", async () => {
    const { page, welcome, conversation } = await product.visit();
    await product.database.acrossTenants.query(
      `insert into message (tenant_id, conversation_id, seq, key, author_kind, author_name, text)
       select $1, $2, n, 'a:x:' || n, 'agent', 'Agent One', repeat('x', 3900) from generate_series(1, 2000) n`,
      [product.tenant, conversation],
    );
    await product.database.acrossTenants.query("update conversation set last_seq = 2000 where id = $1", [conversation]);
    const slow = await openRawSocket(product.port, "/ws/visitor", { Origin: product.url });
    slow.socket.pause();
    slow.write(slow.frame(JSON.stringify({ type: "hello", inbox: product.inbox, token: welcome.token, after: 0 })));
    await page.answerTo(await page.say("reverse a b"));
    const memory = process.memoryUsage().rss;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(process.memoryUsage().rss - memory).toBeLessThan(60 * 1024 * 1024);
    slow.socket.resume();
    await expect.poll(() => slow.texts().length, { timeout: 15_000, interval: 200 }).toBeGreaterThanOrEqual(2003);
    const seqs = slow.texts().flatMap((text) => {
      const frame: { type: string; seq?: number } = JSON.parse(text);
      return frame.type === "message" && frame.seq !== undefined ? [frame.seq] : [];
    });
    expect(seqs).toEqual(Array.from({ length: 2002 }, (_, index) => index + 1));
    slow.end();
    await page.close();
  }, 30_000);
});
