import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Browser, findBarriers, openBrowser, openPage } from "../fixtures/browser.ts";
import { openChat, say, signIn } from "../fixtures/people.ts";
import { runAs } from "../fixtures/runAs.ts";
import { type RunningProduct, startProduct } from "../fixtures/runningProduct.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** The pages as they are come to, left and come back to. */
describeWithChromium("a page", () => {
  let product: RunningProduct;
  let browser: Browser;
  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

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

  test("what is written without a network waits, survives a reload, and is sent once", async () => {
    const page = await openPage(browser);
    let isCut = false;
    const lines: { close(): Promise<void> }[] = [];
    await page.routeWebSocket(/\/ws\/visitor$/, (socket) => {
      lines.push(socket);
      if (isCut) void socket.close();
      else lines.push(socket.connectToServer());
    });
    await page.goto(`${product.url}/`);
    await page.getByRole("button", { name: "Open chat" }).click();
    await say(page, "reverse first here");
    await page.getByText("here first", { exact: true }).waitFor();

    isCut = true;
    await Promise.all(lines.map((line) => line.close()));
    await say(page, "reverse sent once");
    const waits = page.getByText(/waiting for the network/).first();
    await waits.waitFor();
    const triedBefore = lines.length;
    await page.reload();
    // The page is another, which has nothing but what was stored: the socket is cut still.
    await page.getByText("reverse sent once", { exact: true }).waitFor();
    await waits.waitFor();
    await expect.poll(() => lines.length).toBeGreaterThan(triedBefore);

    isCut = false;
    await page.getByText("once sent", { exact: true }).waitFor();
    await page.reload();
    for (const text of ["here first", "reverse sent once", "once sent"]) {
      await page.getByText(text, { exact: true }).waitFor();
      expect(await page.getByText(text, { exact: true }).count()).toBe(1);
    }
    expect(await waits.count()).toBe(0);
    await page.context().close();
  });

  test("markup, turned text and piled up marks are drawn as text, in the chat and at the desk", async () => {
    const hostile = ['<img src=x onerror="document.title=`ran`">', "\u202Egpj.exe", `pile${"\u030D".repeat(300)}`];
    const [visitor, desk] = await Promise.all([openChat(browser, product), signIn(browser, product, "one")]);
    for (const text of [...hostile, "person"]) await say(visitor, text);
    await visitor.getByText("1st in line").waitFor();
    await desk
      .getByRole("button", { name: /Take next/ })
      .and(desk.locator(":enabled"))
      .click();
    for (const page of [visitor, desk]) {
      for (const text of hostile) {
        const drawn = page.getByRole("log").getByText(text, { exact: true });
        await drawn.waitFor();
        const { isClipped, isApart } = await drawn.evaluate((element) => {
          const styleOf = (of: typeof element) => element.ownerDocument.defaultView.getComputedStyle(of);
          let isClipped = false;
          for (let at = element; at.getAttribute("role") !== "log"; at = at.parentElement)
            isClipped ||= styleOf(at).overflowY !== "visible";
          const { display, unicodeBidi } = styleOf(element);
          return { isClipped, isApart: !display.startsWith("inline") || unicodeBidi === "isolate" };
        });
        // Marks are not painted over the lines of others, and a direction that is set ends with the text.
        expect({ isClipped, isApart }, text).toEqual({ isClipped: true, isApart: true });
      }
      expect(await page.locator('img[src="x"]').count()).toBe(0);
      expect(await page.title()).not.toBe("ran");
      await page.context().close();
    }
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
      const page = await signIn(browser, product, "admin");
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
