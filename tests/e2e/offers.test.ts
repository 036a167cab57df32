import { mkdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, findBarriers, openBrowser, openPage, type Page } from "../fixtures/browser.ts";
import { type RunningProduct, startProduct } from "../fixtures/runningProduct.ts";
import { describeWithChromium } from "../fixtures/services.ts";

const pictures = "tests/.output/pictures";
const widths = [1440, 820, 390];

/** Two agents and a visitor: what is offered, accepted, transferred and shown on the wallboard. */
describeWithChromium("an offer", () => {
  let product: RunningProduct;
  let browser: Browser;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser(), mkdir(pictures, { recursive: true })]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  async function signIn(account: number): Promise<Page> {
    const desk = await openPage(browser, { colorScheme: account === 0 ? "light" : "dark", viewport: { width: 1440, height: 900 } });
    const { email, password } = product.demo.accounts[account] ?? { email: "", password: "" };
    await desk.goto(`${product.url}/desk`);
    await desk.getByLabel("E-mail").fill(email);
    await desk.getByLabel("Password", { exact: true }).fill(password);
    await desk.keyboard.press("Enter");
    await desk.getByRole("heading", { name: "Inbox" }).waitFor();
    await desk.getByRole("button", { name: "Go online" }).click();
    return desk;
  }

  /** Pictures at every width, and what axe finds at the last. */
  async function look(page: Page, name: string): Promise<string[]> {
    for (const width of widths) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await page.waitForTimeout(150); // what moves has come to rest
      await page.screenshot({ path: `${pictures}/${name}-${width}.png` });
    }
    // Narrow, everything that is there at all stands on the page too.
    const found = await findBarriers(page);
    await page.setViewportSize({ width: 1440, height: 900 });
    return found;
  }

  test("appears wherever the agent is, is accepted by a key, and a transfer is one too", async () => {
    const visitor = await openPage(browser);
    await visitor.goto(`${product.url}/`);
    await visitor.getByRole("button", { name: "Open chat" }).click();
    const box = visitor.getByRole("textbox", { name: "Write a message" });
    for (const text of ["Where is my order? It was due on Monday", "person"]) {
      await box.fill(text);
      await visitor.keyboard.press("Enter");
    }
    await visitor.getByText("1st in line").waitFor();

    const one = await signIn(0);
    await one.getByRole("article", { name: /^Offer/ }).waitFor();
    expect(await one.title()).toMatch(/Offer: Visitor/);
    expect(await look(one, "offer-light")).toEqual([]);
    await one.keyboard.press("y");
    await visitor.getByText("Agent One joined the conversation").waitFor();
    await one.getByRole("textbox", { name: /reply/i }).waitFor();
    await one.getByText(/the only one who could/).waitFor();

    const two = await signIn(1);
    await one.getByRole("button", { name: "Transfer", exact: true }).click();
    const dialog = one.getByRole("dialog");
    await dialog.getByText("agent2@demo.example").click();
    await one.screenshot({ path: `${pictures}/transfer-light-1440.png` });
    await dialog.getByRole("button", { name: "Transfer", exact: true }).click();
    await two.getByRole("article", { name: /^Offer/ }).waitFor();
    expect(await look(two, "offer-dark")).toEqual([]);
    await two.keyboard.press("x");
    await one.getByRole("article").getByText("Agent Two declined the transfer; the conversation stays with you.").waitFor();
    await one.screenshot({ path: `${pictures}/notice-light-1440.png` });

    await two.keyboard.press("w");
    await two.getByRole("heading", { name: "Wallboard" }).waitFor();
    await two.getByRole("heading", { name: "Sales" }).waitFor();
    expect(await look(two, "wallboard-dark")).toEqual([]);
    await one.keyboard.press("w");
    await one.getByRole("heading", { name: "Support" }).waitFor();
    expect(await look(one, "wallboard-light")).toEqual([]);
    await one.keyboard.press("Escape");
    await one.getByRole("heading", { name: "Inbox" }).waitFor();
    await Promise.all([visitor, one, two].map((page) => page.context().close()));
  }, 60_000);
});
