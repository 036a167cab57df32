import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openProduct, type TestProduct } from "../fixtures/product.ts";

/** What a process can't read for a moment ends neither the process nor what people see: a rejection that nobody waits for fails this file. */
let product: TestProduct;
beforeEach(async () => {
  product = await openProduct({ limits: true });
});
afterEach(() => product.stop());

async function alter(statement: string): Promise<void> {
  const client = new pg.Client(product.databaseUrl);
  await client.connect();
  await client.query(statement);
  await client.end();
}
/** Nothing of a table can be read until `back`, as where the database is away for a moment. */
async function without(table: string): Promise<{ back(): Promise<void> }> {
  await alter(`alter table ${table} rename to ${table}_gone`);
  return { back: () => alter(`alter table ${table}_gone rename to ${table}`) };
}

describe("what can't be read for a moment", () => {
  it("is shown to a visitor as soon as it can: who answers, and that it was closed", async () => {
    const { page, conversation } = await product.visit();
    const agent = await product.agent();
    await agent.run("conversation.take", { conversation });
    await page.until("state", ({ controller }) => controller === "agent");
    const ratings = await without("rating");
    await agent.run("conversation.close", { conversation });
    await page.settled();
    await ratings.back();
    expect(await page.until("state", ({ open }) => !open)).toMatchObject({ controller: "bot", open: false });
  });

  it("is of no concern to others who write: that somebody types is told late or not at all", async () => {
    const { page, conversation } = await product.visit();
    const agent = await product.agent();
    await agent.run("conversation.take", { conversation });
    const desk = await agent.desk();
    // Twice in a second: the last is told when that is over.
    for (const on of [true, false, true]) desk.send({ type: "typing", conversation, on });
    const controls = await without("conversation");
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await controls.back();
    desk.send({ type: "message", conversation, clientId: "after", text: "still here" });
    await desk.until("ack");
    await page.until("message", ({ text }) => text === "still here");
  });
});
