import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openProduct, type TestProduct } from "../fixtures/product.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

let product: TestProduct;
let page: VisitorClient;
/** Of the mail that the visitor got. */
let mail: string;
beforeAll(async () => {
  product = await openProduct();
  ({ page } = await product.visit());
  for (const text of ["email ana@home.example", "transcript ana@home.example"]) await page.answerTo(await page.say(text));
  await vi.waitFor(
    async () => {
      mail = (await (await fetch(`${product.url}/mailbox`)).text()).match(/\/mailbox\/[0-9a-f-]{36}/)?.[0] ?? "";
      if (mail === "") throw new Error("no mail");
    },
    { timeout: 5000, interval: 100 },
  );
});
afterAll(async () => {
  await page.close();
  await product.stop();
});

async function reply(body: URLSearchParams | string, { to = mail, ...headers }: Record<string, string> = {}) {
  const response = await fetch(`${product.url}${to}/reply`, {
    method: "POST",
    headers: { ...(typeof body === "string" ? { "content-type": "application/json" } : {}), ...headers },
    body,
    redirect: "manual",
  });
  return { status: response.status, location: response.headers.get("location"), text: await response.text() };
}

const text = (written: string) => new URLSearchParams({ text: written });

describe("a mail in the development mailbox", () => {
  it("is answered as the customer would, by the webhook, into its conversation", async () => {
    expect(await (await fetch(product.url + mail)).text()).toContain('<form method="post"');
    const sent = await reply(text("It came <b>broken</b>.\nWhat now?"));
    expect(sent).toMatchObject({ status: 303, location: `${mail}?answered` });
    const said = await page.until("message", ({ author, text: words }) => author.kind === "visitor" && words.includes("broken"));
    expect(said.text).toBe("It came <b>broken</b>.\nWhat now?");
    expect(await (await fetch(`${product.url}${sent.location}`)).text()).toContain("Your answer came into the conversation.");
  });

  it.each<[string, URLSearchParams | string, Record<string, string>, number, RegExp]>([
    ["no text", new URLSearchParams(), {}, 422, /The field &quot;text&quot; is missing/],
    [
      "two texts",
      new URLSearchParams([
        ["text", "a"],
        ["text", "b"],
      ]),
      {},
      422,
      /The field &quot;text&quot; is missing/,
    ],
    ["blanks", text(" \n "), {}, 422, /Nothing to send/],
    ["too much", text("<".repeat(10_001)), {}, 422, /10,000 characters is the limit, yours has 10,001/],
    ["far too much", text("x".repeat(300_000)), {}, 413, /payload_too_large/],
    ["JSON", '{"text":"a"}', {}, 422, /The field &quot;text&quot; is missing/],
    ["a page of another site", text("a"), { origin: "https://evil.example" }, 403, /origin_refused/],
    ["a mail that isn't there", text("a"), { to: "/mailbox/01a1ff44-09af-740d-bcdd-cab6a808406b" }, 404, /not_found/],
    ["a mail that is none", text("a"), { to: "/mailbox/..%2fdemo" }, 404, /not_found/],
  ])("refuses %s in words", async (_, body, headers, status, words) => {
    const answer = await reply(body, headers);
    expect(answer).toMatchObject({ status, text: expect.stringMatching(words) });
    expect(answer.text).not.toContain("<<");
  });
});
