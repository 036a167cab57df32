import { mkdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, findBarriers, openBrowser, openPage, type Page } from "../fixtures/browser.ts";
import { type RunningProduct, startProduct } from "../fixtures/runningProduct.ts";
import { describeWithChromium } from "../fixtures/services.ts";

const pictures = "tests/.output/pictures";
const widths = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];

/** Runs in the page, whose types the tests don't have. */
const surfaceOfChat = `Array.from(document.querySelectorAll("*"), ({ shadowRoot }) => shadowRoot?.querySelector(".panel"))
  .filter(Boolean).map((panel) => getComputedStyle(panel).backgroundColor)[0]`;

/** Both faces in both themes at three widths: a picture of each to look at, and nothing that axe finds. */
describeWithChromium("the faces", () => {
  let product: RunningProduct;
  let browser: Browser;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser(), mkdir(pictures, { recursive: true })]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  /** Barriers and pictures of a page at every width. */
  async function look(page: Page, name: string): Promise<string[]> {
    const found: string[] = [];
    for (const size of widths) {
      await page.setViewportSize(size);
      await page.waitForTimeout(200); // what moves has come to rest
      await page.screenshot({ path: `${pictures}/${name}-${size.width}.png` });
      const barriers = await findBarriers(page);
      found.push(...barriers.map((barrier) => `${name} ${size.width}: ${barrier}`));
    }
    return found;
  }

  for (const theme of ["light", "dark"] as const) {
    test(`the chat, the sign-in and the desk, ${theme}`, async () => {
      const visitor = await openPage(browser, { colorScheme: theme });
      await visitor.goto(`${product.url}/`);
      await visitor.getByRole("button", { name: "Open chat" }).click();
      const box = visitor.getByRole("textbox", { name: "Write a message" });
      for (const text of ["Where is my order? It was due on Monday", "revers hello world", "person"]) {
        await box.fill(text);
        await visitor.keyboard.press("Enter");
      }
      await visitor.getByText("1st in line").waitFor();
      expect(await visitor.evaluate(surfaceOfChat)).toBe(theme === "dark" ? "rgb(21, 23, 28)" : "rgb(255, 255, 255)");
      expect(await look(visitor, `chat-queue-${theme}`)).toEqual([]);

      const desk = await openPage(browser, { colorScheme: theme, viewport: { width: 1440, height: 900 } });
      await desk.goto(`${product.url}/desk`);
      await desk.getByLabel("E-mail").waitFor();
      expect(await look(desk, `sign-in-${theme}`)).toEqual([]);

      await desk.setViewportSize({ width: 1440, height: 900 });
      const { email, password } = product.demo.accounts[0] ?? { email: "", password: "" };
      await desk.getByLabel("E-mail").fill(email);
      await desk.getByLabel("Password", { exact: true }).fill(password);
      await desk.keyboard.press("Enter");
      await desk
        .getByRole("button", { name: /Take next/ })
        .and(desk.locator(":enabled"))
        .click();
      await desk.getByRole("textbox", { name: /reply/i }).fill("I'm sorry about that. A new parcel leaves today.");
      await desk.keyboard.press("Enter");
      await visitor.getByText("A new parcel leaves today").waitFor();
      await desk.getByRole("radiogroup", { name: "To whom" }).getByText("Note").click();
      await desk.getByRole("textbox", { name: /note/i }).fill("The carrier lost a pallet on Friday.");
      await desk.keyboard.press("Enter");
      await desk.getByText("The carrier lost a pallet on Friday.").waitFor();
      expect(await look(desk, `desk-${theme}`)).toEqual([]);
      expect(await look(visitor, `chat-agent-${theme}`)).toEqual([]);

      await desk.setViewportSize({ width: 1440, height: 900 });
      await desk.keyboard.press("Control+k");
      await desk.getByRole("dialog").waitFor();
      expect(await look(desk, `command-bar-${theme}`)).toEqual([]);
      await Promise.all([visitor, desk].map((page) => page.context().close()));
    });
  }
});
