import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Browser, openBrowser, openPage, type Page } from "../fixtures/browser.ts";
import { lookAround } from "../fixtures/lookAround.ts";
import { type RunningProduct, startProduct } from "../fixtures/runningProduct.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** An admin runs commands from one line, by keyboard, and makes a command of what they just ran. */
describeWithChromium("a line, and what was just run", () => {
  let product: RunningProduct;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct({ DEMO_SHOP: "on" }), openBrowser()]);
    await prepare();
    page = await openPage(browser, { viewport: { width: 1440, height: 900 } });
    await page.goto(`${product.url}/desk`);
    const { email, password } = adminOf(product);
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  async function prepare(): Promise<void> {
    let token = "";
    const post = async (path: string, body: object) => {
      const response = await fetch(`${product.url}/api/v1/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": randomUUID(), authorization: token },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${path}: ${text}`);
      return JSON.parse(text);
    };
    const { email, password } = adminOf(product);
    token = `Bearer ${(await post("session", { email, password })).accessToken}`;
    const publish = async (name: string, summary: string, parameters: object[], sql: string) => {
      const query = { dataSource: "demo-shop", sql };
      // The shop is made while the product starts.
      const made = () =>
        post("operations", { name, kind: "query", summary, parameters, query }).then(
          () => true,
          () => false,
        );
      await vi.waitUntil(made, { timeout: 30_000, interval: 300 });
      await post(`operations/${name}/publish`, {});
    };
    await publish("regions", "Where customers are.", [], "select distinct region, 'The ' || region as name from customer order by 1");
    const region = {
      name: "region",
      type: "choice",
      required: true,
      choicesFrom: { operation: "regions", value: "region", label: "name" },
    };
    await publish(
      "customers-in",
      "Customers of a region.",
      [region, { name: "since", type: "date" }],
      "select id, name from customer where region = :region [[and current_date >= :since]] order by id limit 3",
    );
  }

  const bar = () => page.getByRole("combobox", { name: "Command" });
  const field = (name: RegExp) => page.getByRole("dialog").getByLabel(name);

  test("a line is completed with what the server offers, with days by words, and answers with a table", async () => {
    await page.keyboard.press("Control+k");
    await bar().fill("/customers-in region:no");
    await page.getByRole("option", { name: /north/ }).waitFor();
    expect(await lookAround(page, "recording-line")).toEqual([]);
    await bar().press("Tab");
    await expect.poll(() => bar().inputValue()).toBe("/customers-in region:north ");
    await bar().pressSequentially("since:tod");
    await page.getByRole("option", { name: /Today/ }).waitFor();
    await bar().press("Tab");
    await expect.poll(() => bar().inputValue()).toMatch(/since:\d{4}-\d\d-\d\d $/);
    await bar().press("Enter");
    await page.getByRole("dialog", { name: "customers-in" }).getByRole("table").waitFor();
    expect(await lookAround(page, "recording-answer")).toEqual([]);
    await page.keyboard.press("Escape");
  }, 60_000);

  test("what is missing is asked for by the right field, and what isn't offered is told there", async () => {
    await page.keyboard.press("Control+k");
    await bar().fill("/customers-in ");
    await page.getByRole("option", { name: /Fill in region/ }).click();
    expect(await field(/Since/).getAttribute("type")).toBe("date");
    await field(/Region/).fill("moon");
    await page.keyboard.press("Enter");
    await page.getByText('"region" must be one of what "regions" offers.').waitFor();
    expect(await field(/Region/).inputValue()).toBe("moon");
    expect(await lookAround(page, "recording-form")).toEqual([]);
    await page.keyboard.press("Escape");
  }, 60_000);

  test("what was just run becomes a command, which runs", async () => {
    await page.keyboard.press("Control+k");
    await bar().fill("/reverse blue whales sing");
    await bar().press("Enter");
    await page.getByText("sing whales blue").waitFor();
    await page.keyboard.press("Escape");
    await page.goto(`${product.url}/desk#/runs`);
    await page.getByRole("button", { name: "Make a command of these" }).click();
    const dialog = page.getByRole("dialog", { name: "Make a command of what you ran" });
    await dialog.getByRole("checkbox", { name: /reverse/ }).check();
    expect(await lookAround(page, "recording-choose")).toEqual([]);
    await dialog.getByRole("button", { name: "Go on" }).click();
    await dialog.getByLabel("Name").fill("Whale song");
    await dialog.getByLabel("What it does, in a sentence").fill("Sings of whales.");
    await dialog.getByLabel(/^Text/).selectOption("ask");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText(/is no name/).waitFor();
    expect(await lookAround(page, "recording-values")).toEqual([]);
    await dialog.getByLabel("Name").fill("whale-song");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText(/saved as a draft/).waitFor();
    await dialog.getByRole("button", { name: "Publish" }).click();
    await dialog.getByText(/can be run now/).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await bar().fill("/whale-song one two three");
    await bar().press("Enter");
    await page.getByText("three two one").waitFor();
  }, 60_000);
});

function adminOf({ demo }: RunningProduct): { email: string; password: string } {
  const account = demo.accounts.find(({ roles }) => roles.includes("admin"));
  if (account === undefined) throw new Error("there is no admin");
  return account;
}
