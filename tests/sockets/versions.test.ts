import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareVersions } from "../../src/protocol/version.ts";
import { openDesk } from "../fixtures/deskClient.ts";
import { openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
beforeAll(async () => {
  product = await openProduct();
});
afterAll(() => product.stop());

it.each([
  ["a page that says nothing", {}, "fits"],
  ["a page of the newest", { version: 3, needs: ["rating"] }, "fits"],
  ["a page that is newer and does without the rest", { version: 4 }, "fits"],
  ["a page that needs what is not known here", { version: 4, needs: ["rating", "calls"] }, "serverIsOld"],
  ["a page that is too old", { version: 1 }, "pageIsOld"],
] as const)("%s", (_name, page, fit) => {
  const oldest = fit === "pageIsOld" ? 2 : 1;
  expect(compareVersions(page, { oldest, newest: 3, knows: new Set(["rating"]) })).toBe(fit);
});

describe("a page of another version", () => {
  it("is told in its language that it is too old, and keeps its token", async () => {
    const page = await product.openVisitor();
    page.send({ type: "hello", inbox: product.inbox, version: 0, locale: "de" });
    const { error } = await page.until("error");
    expect(error).toEqual({ code: "upgrade_needed", path: "version", message: expect.stringContaining("laden Sie die Seite neu") });
    expect((await page.ended).code).toBe(1013);
  });

  it("is told to come again where it needs what this process doesn't know, at the desk too", async () => {
    const page = await product.openVisitor();
    page.send({ type: "hello", inbox: product.inbox, version: 2, needs: ["telepathy"] });
    expect((await page.until("error")).error).toMatchObject({ code: "upgrade_needed", path: "needs", retryAfterMs: 5000 });
    const agent = await product.agent();
    const desk = await openDesk(product.url);
    const ticket = await agent.ticket();
    desk.send({ type: "hello", ticket, needs: ["telepathy"] });
    expect((await desk.until("error")).error).toMatchObject({ code: "upgrade_needed", path: "needs" });
    const again = await openDesk(product.url);
    // The ticket wasn't used up: the next process may take it.
    expect(await again.hello(ticket)).toMatchObject({ version: 1 });
    await again.close();
  });

  it("may send frames that this process doesn't know, as often as it likes", async () => {
    const newer = await product.visit({ version: 2, colour: "red" });
    expect(newer.welcome.version).toBe(1);
    for (let n = 0; n < 50; n++) newer.page.send({ type: "blink", n });
    await newer.page.say("reverse a b");
    expect(newer.page.open()).toBe(true);
    const older = await product.visit();
    for (let n = 0; n < 50; n++) older.page.send({ type: "blink", n });
    expect((await older.page.ended).code).toBe(1008);
    await newer.page.close();
  });

  it.each([{ version: -1 }, { version: "2" }, { needs: "all" }, { needs: [7] }])("doesn't say it like this: %j", async (wrong) => {
    const page = await product.openVisitor();
    page.send({ type: "hello", inbox: product.inbox, ...wrong });
    expect((await page.ended).code).toBe(4401);
  });
});
