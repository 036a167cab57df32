import { afterAll, beforeAll, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

/** With the answers more than two pages of 200. */
const said = 210;

let product: TestProduct;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct();
  agent = await product.agent();
});
afterAll(() => product.stop());

it("a conversation of many pages comes whole, to a visitor who reloads and to an agent who opens it", async () => {
  const { page, welcome } = await product.visit();
  for (let burst = 0; burst < said / 30; burst += 1)
    await Promise.all(Array.from({ length: 30 }, (_, n) => page.say(`hello ${burst}.${n}`)));
  const newest = () => Math.max(...page.seqs());
  await page.until("message", () => newest() >= said * 2, 15_000);
  const whole = Array.from({ length: newest() }, (_, place) => place + 1);

  const reloaded = await product.openVisitor();
  await reloaded.hello({ token: welcome.token });
  await reloaded.until("message", ({ seq }) => seq === whole.length, 5000);
  expect(reloaded.seqs()).toEqual(whole);

  const desk = await (await agent.desk()).watch(`conversation:${welcome.conversation}`);
  await desk.until((topic) => topic.messages().length >= whole.length, 5000);
  expect(
    desk
      .messages()
      .map(({ seq }) => seq)
      .toSorted((a, b) => a - b),
  ).toEqual(whole);
  await Promise.all([page, reloaded].map((each) => each.close()));
}, 40_000);
