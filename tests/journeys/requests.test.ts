import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, openBrowser, openPage, type Page } from "../fixtures/browser.ts";
import { lookAt, takePicture } from "../fixtures/pictures.ts";
import { type RunningProduct, startProduct } from "../fixtures/runningProduct.ts";
import { describeWithChromium } from "../fixtures/services.ts";
import { type StrangeHost, startStrangeHost } from "../fixtures/strangeHost.ts";

const secret = "of-a-pasted-line-4711";

/** From a line of somebody's manual to a command that an agent runs. */
describeWithChromium("an API call", () => {
  let host: StrangeHost;
  let product: RunningProduct;
  let browser: Browser;
  beforeAll(async () => {
    host = await startStrangeHost((request, response) => {
      const isKnown = request.headers.authorization === `Bearer ${secret}`;
      const items = [
        { id: 17, total: "12.50", customer: { name: "Ada" } },
        { id: 18, total: "7.00", customer: { name: "Ben" } },
      ];
      response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" });
      response.end(JSON.stringify(isKnown ? { data: { items }, said: request.headers.authorization } : { error: "who?" }));
    });
    [product, browser] = await Promise.all([startProduct({ ALLOW_HOSTS: host.host }), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await host?.stop();
  });

  /** Everything that the server said to these pages. */
  const heard: string[] = [];

  async function signIn(role: string, colorScheme: "light" | "dark"): Promise<Page> {
    const page = await openPage(browser, { colorScheme, viewport: { width: 1440, height: 900 } });
    page.on("response", (response) => {
      response.text().then(
        (text) => heard.push(text),
        () => {},
      );
    });
    page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => heard.push(String(payload))));
    await page.goto(`${product.url}/desk`);
    const { email, password } = product.demo.accounts.find(({ roles }) => roles.includes(role)) ?? { email: "", password: "" };
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
    return page;
  }

  const neverShown = async (page: Page) => expect(await page.content()).not.toContain(secret);

  test("is pasted as curl, tried, mapped, published, and run by an agent; its secret is seen by nobody", async () => {
    const page = await signIn("admin", "light");
    await page.goto(`${product.url}/desk#/operations/+request`);
    await page.getByRole("button", { name: "Paste a line of curl" }).click();
    const dialog = page.getByRole("dialog", { name: "Paste a line of curl" });
    await dialog.getByLabel("The line").fill("wget https://a.example.com");
    await dialog.getByRole("button", { name: "Read it" }).click();
    await dialog.getByText("This must be a line that begins with curl.").waitFor();
    expect(await lookAt(page, "requests-curl", [390, 1440])).toEqual([]);
    await dialog.getByLabel("The line").fill(`curl '${host.url}/orders?region=north' -H 'Authorization: Bearer ${secret}'`);
    heard.length = 0;
    await dialog.getByRole("button", { name: "Read it" }).click();
    await dialog.waitFor({ state: "hidden" });
    expect(await page.getByLabel("Address").inputValue()).toBe(`${host.url}/orders?region={{region}}`);
    // The one answer to whoever pasted it, which the page keeps for the credential.
    await page.getByText("waits in this page").waitFor();
    expect(heard.filter((text) => text.includes(secret)).length).toBeLessThanOrEqual(1);
    heard.length = 0;
    await neverShown(page);

    await page.getByLabel("Name", { exact: true }).first().fill("orders-of");
    await page.getByLabel("What it does").fill("Orders of a region.");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("No secret is kept yet").waitFor();
    await page.getByRole("button", { name: "Keep it" }).click();
    await page.getByText("A secret is kept.").waitFor();

    await page.getByLabel("region", { exact: true }).fill("north");
    await page.getByRole("radio", { name: "Table" }).check({ force: true });
    await page.getByRole("button", { name: "Look at the answer" }).click();
    await page.getByRole("button", { name: "Use as rows: data.items" }).click();
    await page.getByRole("button", { name: "Add column: data.items[0].customer.name" }).click();
    expect((await lookAt(page, "requests-answer", [390, 834, 1440])).join("; ")).toBe("");
    await page.getByRole("button", { name: "Try", exact: true }).first().click();
    const table = page.getByRole("region", { name: "Try it" }).getByRole("table");
    await table.getByText("Ben").waitFor();
    await page.getByRole("button", { name: /^Publish v/ }).click();
    await page.getByText("published v2").first().waitFor();
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await page.getByRole("dialog").getByLabel("Everyone").check();
    await page.getByRole("dialog").getByRole("button", { name: "Share" }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await neverShown(page);

    const agent = await signIn("agent", "dark");
    await agent.keyboard.press("Control+k");
    await agent.getByRole("combobox", { name: "Command" }).fill("/orders-of region:north");
    await agent.keyboard.press("Enter");
    await agent.getByText("2 rows.").first().waitFor();
    await takePicture(agent, "requests-run");
    await neverShown(agent);
    expect(host.got.at(-1)).toMatchObject({ url: "/orders?region=north", headers: { authorization: `Bearer ${secret}` } });

    // Led elsewhere, it has none; and what is wrong is told beside its field.
    await page.getByLabel("Address").fill("https://10.0.0.1/{{region}}");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.locator("#request-url-wrong").getByText("may not be asked").waitFor();
    await page.getByLabel("Address").fill("https://api.example.com/{{regio}}");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.locator("#request-url-wrong").getByText("At character 25").waitFor();
    await page.getByLabel("Address").fill("https://api.example.com/{{region}}");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("No secret is kept yet").waitFor();
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await lookAt(page, "requests-editor-dark", [390, 834, 1440])).toEqual([]);
    expect(heard.join("\n")).not.toContain(secret);

    await page.goto(`${product.url}/desk#/operations/+request`);
    await page.getByRole("button", { name: "Import from OpenAPI" }).click();
    const body = { content: { "application/json": { schema: { type: "object", properties: { note: { type: "string" } } } } } };
    const paths = { "/notes": { post: { summary: "Adds a note.", requestBody: body } }, "/orders": { get: { summary: "Lists orders." } } };
    await page.getByLabel("The document").fill(JSON.stringify({ openapi: "3.1.0", servers: [{ url: host.url }], paths }));
    await page.getByRole("button", { name: "Read it" }).click();
    await page.getByLabel("Which of its 2 calls?").fill("note");
    expect((await lookAt(page, "requests-openapi-dark", [390, 1440])).join("; ")).toBe("");
    await page.getByRole("button", { name: "POST /notes Adds a note." }).click();
    expect(await page.getByLabel("Body").inputValue()).toContain("{{note}}");
    await page.getByLabel("note", { exact: true }).fill("Hello");
    await page.getByRole("button", { name: "Try", exact: true }).first().click();
    await page.getByText(`It sends POST ${host.url}/notes.`).waitFor();
    expect((await lookAt(page, "requests-post-dark", [390, 1440])).join("; ")).toBe("");
  }, 120_000);
});
