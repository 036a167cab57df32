import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Browser, findBarriers, openBrowser, openPage, type Page } from "../fixtures/browser.ts";
import { runAs } from "../fixtures/runAs.ts";
import { type RunningProduct, startProduct } from "../fixtures/runningProduct.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** Two people in one test: what one does, the other sees, on the real pages of the real product. */
describeWithChromium("a visitor and an agent", () => {
  let product: RunningProduct;
  let browser: Browser;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  async function openVisitor(): Promise<Page> {
    const page = await openPage(browser);
    await page.goto(`${product.url}/`);
    await page.getByRole("button", { name: "Open chat" }).click();
    return page;
  }

  async function say(page: Page, text: string): Promise<void> {
    await page.getByRole("textbox", { name: "Write a message" }).fill(text);
    await page.keyboard.press("Enter");
  }

  async function signIn(account: number): Promise<Page> {
    const page = await openPage(browser, { viewport: { width: 1440, height: 900 } });
    const { email, password } = product.demo.accounts[account] ?? { email: "", password: "" };
    await page.goto(`${product.url}/desk`);
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
    return page;
  }

  test("nothing is stored and nobody is contacted before the chat is opened, by its button or by a message of the page", async () => {
    const inbox = product.demo.inbox;
    const message = { inbox, key: "price", page: "/pricing*", after: 0, language: "en", text: "Any question?" };
    await runAs(product, "admin", "inbox.proactive", message);
    const page = await openPage(browser);
    const sockets: string[] = [];
    page.on("websocket", (socket) => sockets.push(socket.url()));
    await page.goto(`${product.url}/`);
    await page.getByRole("button", { name: "Open chat" }).waitFor();
    const isUntouched = async () => {
      await expect(page.evaluate("localStorage.length + document.cookie.length")).resolves.toBe(0);
      expect(sockets).toEqual([]);
    };
    await isUntouched();
    expect(await page.getByText("Any question?").count()).toBe(0);
    await page.evaluate("history.pushState(null, '', '/pricing/plans')");
    await page.getByText("Any question?").waitFor();
    await isUntouched();
    await page.getByText("Any question?").click();
    await expect.poll(() => sockets.length).toBe(1);
    // What is said from here on is told to who can't see it.
    await expect.poll(() => page.getByRole("log").getAttribute("aria-live")).toBe("polite");
    // On a page that is read from the right, it stands and reads so too.
    expect((await page.getByRole("dialog").boundingBox())?.x).toBeGreaterThan(640);
    const fromRight = await openPage(browser);
    await fromRight.route(`${product.url}/`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace("<html", '<html dir="rtl"') });
    });
    await fromRight.goto(`${product.url}/`);
    await fromRight.getByRole("button", { name: "Open chat" }).click();
    const panel = fromRight.getByRole("dialog");
    await expect.poll(async () => (await panel.boundingBox())?.x).toBeLessThan(100);
    expect(await panel.evaluate((element) => element.matches(":dir(rtl)"))).toBe(true);
    expect(await findBarriers(fromRight)).toEqual([]);
    await fromRight.context().close();
    await page.context().close();
  });

  test("commands, a slip, and the history after a reload and in a second tab", async () => {
    const page = await openVisitor();
    await say(page, "reverse hello world");
    await page.getByText("world hello", { exact: true }).waitFor();
    await say(page, "mat the quick, brown fox");
    await page.getByText("mat mat, mat mat", { exact: true }).waitFor();
    await say(page, "revrse one two");
    await page.getByRole("button", { name: "reverse one two" }).click();
    await page.getByText("two one", { exact: true }).waitFor();

    const second = await page.context().newPage();
    await second.goto(`${product.url}/`);
    await second.getByRole("button", { name: /Open chat/ }).click();
    await second.getByText("world hello", { exact: true }).waitFor();
    await say(second, "mat from the second tab");
    await page.getByText("mat mat mat mat", { exact: true }).waitFor();

    await page.reload();
    const open = page.getByRole("button", { name: /Open chat/ });
    if (await open.isVisible()) await open.click();
    for (const text of ["world hello", "mat mat, mat mat", "two one", "mat mat mat mat"]) {
      await page.getByText(text, { exact: true }).waitFor();
      expect(await page.getByText(text, { exact: true }).count()).toBe(1);
    }
    // Nothing of a long talk lies outside of the panel, where it could be scrolled away.
    await page.setViewportSize({ width: 390, height: 500 });
    expect(await page.getByRole("dialog").evaluate((panel) => panel.scrollHeight - panel.clientHeight)).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  test("what is written without a network waits, survives a reload, and is sent once", async () => {
    const page = await openVisitor();
    await say(page, "reverse first here");
    await page.getByText("here first", { exact: true }).waitFor();
    await page.context().setOffline(true);
    await page.evaluate("window.dispatchEvent(new Event('offline'))");
    await say(page, "reverse sent once");
    await page
      .getByText(/waiting for the network/)
      .first()
      .waitFor();
    await page.context().setOffline(false);
    await page.getByText("once sent", { exact: true }).waitFor();
    expect(await page.getByText("reverse sent once", { exact: true }).count()).toBe(1);
    expect(await page.getByText("once sent", { exact: true }).count()).toBe(1);
    await page.context().close();
  });

  test("from the queue to a person and back, and two agents never get the same one", async () => {
    const [visitor, one, two] = await Promise.all([openVisitor(), signIn(0), signIn(1)]);
    await say(visitor, "my parcel is late");
    await say(visitor, "person");
    await visitor.getByText("1st in line").waitFor();

    for (const desk of [one, two]) {
      await desk.getByRole("navigation", { name: "Views" }).getByText("Queue").click();
      await desk
        .getByRole("button", { name: /Take next/ })
        .and(desk.locator(":enabled"))
        .waitFor();
    }
    await Promise.all([one, two].map((desk) => desk.getByRole("button", { name: /Take next/ }).click()));
    await visitor.getByText(/Agent (One|Two) joined the conversation/).waitFor();
    expect(await visitor.getByText(/joined the conversation/).count()).toBe(1);
    const oneHasIt = await visitor.getByText("Agent One joined the conversation.").isVisible();
    const desk = oneHasIt ? one : two;

    await desk.getByRole("textbox", { name: /reply/i }).fill("Hello, I am looking at it");
    await visitor.getByText(/is typing/).waitFor();
    await desk.keyboard.press("Enter");
    await visitor.getByText("Hello, I am looking at it").waitFor();
    await say(visitor, "reverse the bot is silent");
    await desk.getByText("reverse the bot is silent").first().waitFor();

    await desk.keyboard.press("Escape");
    await desk.getByRole("radiogroup", { name: "To whom" }).getByText("Note").click();
    await desk.getByRole("textbox", { name: /note/i }).fill("carrier lost it");
    await desk.keyboard.press("Enter");
    await desk.getByText("carrier lost it").waitFor();
    expect(await findBarriers(desk)).toEqual([]);
    expect(await findBarriers(visitor)).toEqual([]);

    await desk.getByRole("button", { name: /Hand back/ }).click();
    const confirm = desk.getByRole("dialog").getByRole("button", { name: /Hand back/ });
    await confirm.click();
    await visitor.getByText(/handed the conversation back/).waitFor();
    await say(visitor, "reverse bot again");
    await visitor.getByText("again bot", { exact: true }).waitFor();
    expect(await visitor.getByText("silent is bot the", { exact: true }).count()).toBe(0);
    expect(await visitor.getByText("carrier lost it").count()).toBe(0);
    await Promise.all([visitor, one, two].map((page) => page.context().close()));
  });

  describe("at the desk", () => {
    test("a wrong password is told in a sentence, and nothing else", async () => {
      const page = await openPage(browser);
      await page.goto(`${product.url}/desk`);
      await page.getByLabel("E-mail").fill("agent1@demo.example");
      await page.getByLabel("Password", { exact: true }).fill("not the password at all");
      await page.keyboard.press("Enter");
      await page
        .getByRole("alert")
        .filter({ hasText: /password/i })
        .waitFor();
      await page.context().close();
    });

    test("a reload keeps the session, and a status declared stays", async () => {
      const page = await signIn(2);
      await page
        .getByRole("button", { name: /Offline|Online|Away/ })
        .first()
        .click();
      await page
        .getByRole("menuitemradio", { name: /Online/ })
        .or(page.getByRole("menuitem", { name: /Online/ }))
        .first()
        .click();
      await page
        .getByRole("button", { name: /Online/ })
        .first()
        .waitFor();
      await page.reload();
      await page.getByRole("heading", { name: "Inbox" }).waitFor();
      await page
        .getByRole("button", { name: /Online/ })
        .first()
        .waitFor();
      await page.context().close();
    });
  });
});
