import { mkdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, findBarriers, openBrowser, openPage, type Page } from "../fixtures/browser.ts";
import { type RunningProduct, startProduct } from "../fixtures/runningProduct.ts";
import { describeWithChromium } from "../fixtures/services.ts";

const pictures = "tests/.output/pictures";
/** Every width in one theme and both themes for axe: what it finds hangs on the layout or on the colours. */
const looks = [
  { width: 1440, height: 900, theme: "light", axe: true },
  { width: 1440, height: 900, theme: "dark", axe: false },
  { width: 1024, height: 768, theme: "light", axe: false },
  { width: 1024, height: 768, theme: "dark", axe: true },
  { width: 390, height: 844, theme: "light", axe: true },
  { width: 390, height: 844, theme: "dark", axe: true },
] as const;

/** Runs in the page, whose types the tests don't have. */
const surfaceOfChat = `Array.from(document.querySelectorAll("*"), ({ shadowRoot }) => shadowRoot?.querySelector(".panel"))
  .filter(Boolean).map((panel) => getComputedStyle(panel).backgroundColor)[0]`;

const surfaces = [
  ["light", "rgb(255, 255, 255)"],
  ["dark", "rgb(21, 23, 28)"],
] as const;

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

  /** Barriers and pictures of a page at every width in both themes. */
  async function look(page: Page, name: string): Promise<string[]> {
    const found: string[] = [];
    for (const { width, height, theme, axe } of looks) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: `${pictures}/${name}-${theme}-${width}.png` });
      const barriers = axe ? await findBarriers(page) : [];
      found.push(...barriers.map((barrier) => `${name} ${theme} ${width}: ${barrier}`));
    }
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "no-preference" });
    return found;
  }

  test("are whole and without barriers", async () => {
    const visitor = await openPage(browser);
    await visitor.goto(`${product.url}/`);
    await visitor.getByRole("button", { name: "Open chat" }).click();
    const box = visitor.getByRole("textbox", { name: "Write a message" });
    for (const text of ["Where is my order? It was due on Monday", "revers hello world", "person"]) {
      await box.fill(text);
      await visitor.keyboard.press("Enter");
    }
    await visitor.getByText("1st in line").waitFor();
    for (const [colorScheme, surface] of surfaces) {
      await visitor.emulateMedia({ colorScheme });
      expect(await visitor.evaluate(surfaceOfChat)).toBe(surface);
    }
    expect(await look(visitor, "chat-queue")).toEqual([]);

    const desk = await openPage(browser, { viewport: { width: 1440, height: 900 } });
    await desk.goto(`${product.url}/desk`);
    await desk.getByLabel("E-mail").waitFor();
    expect(await look(desk, "sign-in")).toEqual([]);

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
    expect(await look(desk, "desk")).toEqual([]);
    expect(await look(visitor, "chat-agent")).toEqual([]);

    await desk.setViewportSize({ width: 1440, height: 900 });
    await desk.keyboard.press("Control+k");
    await desk.getByRole("dialog").waitFor();
    expect(await look(desk, "command-bar")).toEqual([]);
    await Promise.all([visitor, desk].map((page) => page.context().close()));
  });
});
