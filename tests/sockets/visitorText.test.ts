import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
beforeAll(async () => {
  product = await openProduct();
});
afterAll(() => product.stop());

describe("the text of a message", () => {
  it.each<[string, string, string]>([
    ["a lone surrogate", '"\\ud83d"', "\uFFFD"],
    ["NUL", '"a\\u0000b"', "a\uFFFDb"],
    ["direction overrides", '"\\u202egpj.exe"', "\u202Egpj.exe"],
    ["marks upon marks", JSON.stringify(`z${"\u0335".repeat(500)}`), `z${"\u0335".repeat(500)}`],
    ["right to left with what is not seen", '"\\u05d0\\u200b\\u05d1"', "\u05D0\u200B\u05D1"],
    ["markup", '"<img src=x onerror=alert(1)>"', "<img src=x onerror=alert(1)>"],
    ["a link to a script", '"[x](javascript:alert(1))"', "[x](javascript:alert(1))"],
    ["SQL", '"\'; drop table message; --"', "'; drop table message; --"],
    ["a template", '"{{secret}} #{7*7}"', "{{secret}} #{7*7}"],
    ["spaces around it", '"  hello  "', "  hello  "],
  ])("is kept and shown as it is: %s", async (_name, json, text) => {
    const { page, conversation } = await product.visit();
    const second = await product.openVisitor();
    await second.hello({ token: page.of("welcome")[0]?.token });
    page.send(`{"type":"message","clientId":"c","text":${json}}`);
    expect(await page.until("ack")).toMatchObject({ clientId: "c", seq: 1 });
    expect(await second.until("message", ({ seq }) => seq === 1)).toMatchObject({ text, clientId: "c", author: { kind: "visitor" } });
    const [stored] = await product.database.acrossTenants.query("select text from message where conversation_id = $1 and seq = 1", [
      conversation,
    ]);
    expect(stored).toEqual({ text });
    await Promise.all([page.close(), second.close()]);
  });

  it.each([
    ["nothing", "", "nothing_to_send", "Nothing to send: the message is empty."],
    ["spaces", " \n\t ", "nothing_to_send", "Nothing to send: the message is empty."],
    ["what is not seen", "\u200B\uFEFF", "nothing_to_send", "Nothing to send: the message is empty."],
    ["4,001 characters", "x".repeat(4001), "text_too_long", "4,000 characters is the limit, yours has 4,001."],
    ["30,000 combining marks", `a${"\u0301".repeat(30_000)}`, "text_too_long", "4,000 characters is the limit, yours has 30,001."],
  ])("is refused by name, and takes no seq: %s", async (_name, text, code, message) => {
    const { page } = await product.visit();
    expect((await page.sayRefused(text, "mine")).error).toMatchObject({ code, message, path: "text" });
    expect((await page.say("help", "mine")).seq).toBe(1);
    await page.close();
  });

  it("of another clientId doesn't matter; the same clientId again is the same message, another text is refused", async () => {
    const { page } = await product.visit();
    const first = await page.say("reverse a b", "k");
    await page.answerTo(first);
    page.send({ type: "message", clientId: "k", text: "reverse a b" });
    await expect.poll(() => page.of("ack").length).toBe(2);
    expect(page.of("ack")[1]).toEqual(first);
    expect((await page.sayRefused("reverse c d", "k")).error).toMatchObject({ code: "client_id_reused", path: "clientId" });
    expect((await page.say("help")).seq).toBe(3);
    await page.close();
  });
});
