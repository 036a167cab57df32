import { afterAll, beforeAll, expect, it } from "vitest";
import type { SuperPrincipal } from "../../src/access/super/superSession.ts";
import { activateTenant, deactivateTenant } from "../../src/access/super/superTenants.ts";
import { closeCodes } from "../../src/protocol/visitor.ts";
import { openProduct, type TestProduct } from "../fixtures/product.ts";
import { openVisitor } from "../fixtures/visitorClient.ts";

let product: TestProduct;
const by: SuperPrincipal = {
  kind: "super",
  admin: "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
  name: "Root",
  email: "root@example.org",
  session: "6f9619ff-8b86-4d01-b42d-00cf4fc964fe",
  next: "none",
  factorAt: null,
  asked: { address: "192.0.2.1", requestId: "request" },
};

beforeAll(async () => {
  product = await openProduct();
});
afterAll(() => product.stop());

it("a tenant that is deactivated loses its sockets within a second, and its visitors read why in their language", async () => {
  const { tenant, inbox, email } = await product.addTenant("acme");
  const [page, bystander] = await Promise.all([openVisitor(product.url, inbox), product.visit()]);
  const { token } = await page.hello({ locale: "de" });
  await page.say("Hallo");
  const desk = await (await product.agent(email)).desk();

  const begun = performance.now();
  await deactivateTenant(product, by, tenant);
  const [left, ended] = await Promise.all([page.ended, desk.ended]);
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(left.code).toBe(closeCodes.tryLater);
  expect(ended.code).toBe(closeCodes.unauthenticated);
  const told = { code: "forbidden", message: expect.stringContaining("Dieser Chat ist im Moment geschlossen") };
  expect(page.of("error").at(-1)?.error).toMatchObject(told);
  await bystander.page.say("help");
  await bystander.page.close();

  const again = await openVisitor(product.url, inbox);
  again.send({ type: "hello", inbox, locale: "de", token, page: product.url });
  expect((await again.until("error")).error).toMatchObject(told);
  expect((await again.ended).code).toBe(closeCodes.tryLater);
  await expect(product.agent(email)).rejects.toMatchObject({ code: "forbidden" });

  await activateTenant(product, by, tenant);
  expect((await product.agent(email)).email).toBe(email);
});
