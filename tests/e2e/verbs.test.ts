import { mkdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, findBarriers, openBrowser, openPage, type Page } from "../fixtures/browser.ts";
import { type RunningProduct, startProduct } from "../fixtures/runningProduct.ts";
import { describeWithChromium } from "../fixtures/services.ts";

const pictures = "tests/.output/pictures";

/** What agents do with a conversation, by two of them at once and by keyboard. */
describeWithChromium("two agents and a conversation", () => {
  let product: RunningProduct;
  let browser: Browser;
  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser(), mkdir(pictures, { recursive: true })]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  async function signIn(place: number, colorScheme: "light" | "dark"): Promise<Page> {
    const page = await openPage(browser, { colorScheme, viewport: { width: 1440, height: 900 } });
    await page.goto(`${product.url}/desk`);
    const { email, password } = product.demo.accounts[place] ?? { email: "", password: "" };
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
    return page;
  }

  async function look(page: Page, name: string): Promise<void> {
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(200); // what moves has come to rest
      await page.screenshot({ path: `${pictures}/verbs-${name}-${width}.png` });
      expect([name, width, await findBarriers(page)]).toEqual([name, width, []]);
    }
  }

  test("see each other, snooze, wake, close and reopen it", async () => {
    const visitor = await openPage(browser);
    await visitor.goto(`${product.url}/`);
    await visitor.getByRole("button", { name: "Open chat" }).click();
    for (const text of ["My parcel is late", "person"]) {
      await visitor.getByRole("textbox", { name: "Write a message" }).fill(text);
      await visitor.keyboard.press("Enter");
    }
    await visitor.getByText("1st in line").waitFor();

    const [one, two] = await Promise.all([signIn(0, "light"), signIn(1, "dark")]);
    await one
      .getByRole("button", { name: /Take next/ })
      .and(one.locator(":enabled"))
      .click();
    const reply = one.getByRole("textbox", { name: /reply/i });
    await reply.waitFor();
    await two.goto(one.url().replace("/mine/", "/all/"));
    await one.getByText(/looks at it$/).waitFor();
    await reply.fill("I am looking");
    await two.getByText(/is writing an answer/).waitFor();

    await reply.press("Escape");
    await one.keyboard.press("z");
    await one.getByRole("dialog", { name: "Snooze" }).waitFor();
    await look(one, "snooze");
    await one.getByLabel("Another time").fill("when it suits");
    await one.keyboard.press("Enter");
    await one.getByText(/no time that can be read/).waitFor();
    await one.getByLabel("Another time").fill("in 2 hours");
    await one.keyboard.press("Enter");
    await one
      .getByText(/Snoozed until/)
      .first()
      .waitFor();
    await one.keyboard.press("4");
    await one.getByText("Next to come back first").waitFor();

    await one.getByRole("button", { name: "Wake" }).click();
    await one.getByText("Nothing is snoozed").waitFor();
    await one.keyboard.press("e");
    await one.getByRole("button", { name: "Reopen" }).first().waitFor();
    await one.keyboard.press("5");
    await one.locator("[data-entry]").first().waitFor();
    await look(one, "closed");
    await one.getByRole("button", { name: "Reopen" }).first().click();
    await one.getByRole("button", { name: "Close" }).first().waitFor();
  });
});
