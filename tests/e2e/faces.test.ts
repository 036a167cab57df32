import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAuthenticator } from "../fixtures/authenticator.ts";
import { type Browser, findBarriers, openBrowser, openPage, type Page } from "../fixtures/browser.ts";
import { takePicture } from "../fixtures/pictures.ts";
import { type RunningProduct, startProduct } from "../fixtures/runningProduct.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** Every width and both themes for axe, but not each with each: what it finds hangs on the layout or on the colours. */
const looks = [
  { width: 1440, height: 900, theme: "light", axe: true },
  { width: 1440, height: 900, theme: "dark", axe: false },
  { width: 1024, height: 768, theme: "light", axe: false },
  { width: 1024, height: 768, theme: "dark", axe: true },
  { width: 390, height: 844, theme: "light", axe: false },
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
    [product, browser] = await Promise.all([startProduct(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  /** Barriers and pictures of a page at every width in both themes. */
  async function look(page: Page, name: string): Promise<string[]> {
    const found: string[] = [];
    for (const { width, height, theme, axe } of looks) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize({ width, height });
      await takePicture(page, `${name}-${theme}-${width}`);
      const barriers = axe ? await findBarriers(page) : [];
      found.push(...barriers.map((barrier) => `${name} ${theme} ${width}: ${barrier}`));
    }
    await page.emulateMedia({ colorScheme: "light" });
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

  test("ask for a second factor, and for who one is", async () => {
    const clock = { now: () => Date.now() };
    const account = { email: "", password: "", ...product.demo.accounts[1] };
    const change = async (statement: string) => {
      const client = new pg.Client(product.databaseUrl);
      await client.connect();
      await client.query(statement).finally(() => client.end());
    };
    const page = await openPage(browser, { viewport: { width: 1440, height: 900 } });
    const signIn = async () => {
      await page.getByLabel("E-mail").fill(account.email);
      await page.getByLabel("Password", { exact: true }).fill(account.password);
      await page.keyboard.press("Enter");
    };
    // Somebody who registered 40 days ago and has put it off until now.
    await change("update account set factor_exempt = false, created_at = now() - interval '40 days'");
    await page.goto(`${product.url}/desk`);
    await signIn();
    await page.getByRole("heading", { name: "Protect your account" }).waitFor();
    await page.getByRole("button", { name: "Set it up now" }).click();
    const authenticator = createAuthenticator((await page.locator("code").textContent())?.replaceAll(" ", "") ?? "", clock);
    expect(await look(page, "enrolment")).toEqual([]);
    await page.getByLabel("The code that it shows now").fill("000000");
    await page.keyboard.press("Enter");
    await page.getByText("The code is not right").waitFor();
    await page.getByLabel("The code that it shows now").fill(authenticator.code());
    await page.keyboard.press("Enter");
    await page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").nth(9).waitFor();
    await page.getByLabel("I keep them").check();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("navigation").first().waitFor();

    // The code that was just used counts no more; here nobody waits 30 s for the next. The sign-in is six minutes old.
    await change("update second_factor set last_step = 0");
    await change("update session set created_at = created_at - interval '6 minutes'");
    await page.getByRole("button", { name: /^Agent Two/ }).click();
    await page.getByText("Change password").click();
    const password = "seven owls over dark water";
    await page.getByLabel("Current").fill(account.password);
    await page.getByLabel("New").fill(password);
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Is it still you?" });
    await dialog.getByLabel("Code of your authenticator").waitFor();
    expect(await look(page, "step-up")).toEqual([]);
    await dialog.getByLabel("Your password").fill(account.password);
    await dialog.getByLabel("Code of your authenticator").fill(authenticator.code());
    await page.keyboard.press("Enter");
    await page.getByText("Your password is changed.").waitFor();
    account.password = password;
    await page.getByRole("button", { name: "Close" }).click();
    await page.goto(`${product.url}/desk#/settings/second-factor`);
    await page.getByRole("button", { name: "Make new recovery codes" }).click();
    await page.getByRole("dialog", { name: "New recovery codes" }).waitFor();
    await page.keyboard.press("Escape");

    await change("update second_factor set last_step = 0");
    await change("update session set revoked_at = now()");
    await page.context().clearCookies();
    await page.reload();
    await signIn();
    await page.getByLabel("Code of your authenticator").waitFor();
    await page.getByLabel("Code of your authenticator").fill(authenticator.code());
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Settings" }).waitFor();
  });
});
