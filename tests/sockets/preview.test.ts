import { afterAll, beforeAll, expect, it } from "vitest";
import { openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
beforeAll(async () => {
  product = await openProduct();
});
afterAll(() => product.stop());

it("a list shows what was said last by somebody, not what the system told after it", async () => {
  const agent = await product.agent();
  const inbox = await (await agent.desk()).watch("inbox");
  const { page, welcome } = await product.visit();
  await page.say("person");
  await inbox.until((topic) => topic.conversations().some(({ id, controller }) => id === welcome.conversation && controller === "queue"));

  const live = inbox.conversations().find(({ id }) => id === welcome.conversation);
  const stored = (await (await agent.desk()).watch(`conversation:${welcome.conversation}`)).items;
  const head = [...stored.values()].find(({ kind }) => kind === "head");
  expect(live).toMatchObject({ lastText: "person", lastAuthor: "visitor" });
  expect(head).toMatchObject({ lastText: "person", lastAuthor: "visitor", lastSeq: live?.lastSeq });
  await page.close();
});
