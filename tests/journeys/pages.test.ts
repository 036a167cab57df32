import { describe, expect, test } from "vitest";
import { findBarriers, openPage, type Page } from "../fixtures/browser.ts";
import { openChat, say, signIn } from "../fixtures/people.ts";
import { takePicture } from "../fixtures/pictures.ts";
import { productInBrowser } from "../fixtures/productInBrowser.ts";
import { runAs } from "../fixtures/runAs.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** The pages as they are come to, left and come back to. */
describeWithChromium("a page", () => {
  const at = productInBrowser();

  test("nothing is stored and nobody is contacted before the chat is opened, by its button or by a message of the page", async () => {
    const inbox = at.product.demo.inbox;
    const message = { inbox, key: "price", page: "/pricing*", after: 0, language: "en", text: "Any question?" };
    await runAs(at.product, "admin", "inbox.proactive", message);
    const page = await openPage(at.browser);
    const sockets: string[] = [];
    page.on("websocket", (socket) => sockets.push(socket.url()));
    await page.goto(`${at.product.url}/`);
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
    const fromRight = await openPage(at.browser);
    await turn(fromRight, "rtl");
    await fromRight.goto(`${at.product.url}/`);
    await fromRight.getByRole("button", { name: "Open chat" }).click();
    const panel = fromRight.getByRole("dialog");
    await expect.poll(async () => (await panel.boundingBox())?.x).toBeLessThan(100);
    expect(await panel.evaluate((element) => element.matches(":dir(rtl)"))).toBe(true);
    await say(fromRight, "reverse one two");
    await panel.getByText("two one", { exact: true }).waitFor();
    expect(await findBarriers(fromRight)).toEqual([]);
    await fromRight.context().close();
    await page.context().close();
  });

  test("what is written without a network waits, survives a reload, and is sent once", async () => {
    const page = await openPage(at.browser);
    let isCut = false;
    const lines: { close(): Promise<void> }[] = [];
    await page.routeWebSocket(/\/ws\/visitor$/, (socket) => {
      lines.push(socket);
      if (isCut) void socket.close();
      else lines.push(socket.connectToServer());
    });
    await page.goto(`${at.product.url}/`);
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
    const [visitor, desk] = await Promise.all([openChat(at.browser, at.product), signIn(at.browser, at.product, "one")]);
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

  test.each([
    { dir: "ltr", look: { colorScheme: "dark", viewport: { width: 390, height: 844 } } },
    { dir: "rtl", look: { colorScheme: "light", viewport: { width: 1440, height: 900 } } },
  ] as const)(
    "the form, the hours, the menu and the rating are whole in German, $dir",
    async ({ dir, look }) => {
      const { inbox } = at.product.demo;
      const tomorrow = new Intl.DateTimeFormat("en", { weekday: "short", timeZone: "UTC" }).format(Date.now() + 36 * 3_600_000);
      const closed = { key: dir, name: "Later", timeZone: "UTC", spans: `${tomorrow} 10:00-12:00` };
      await runAs(at.product, "admin", "calendar.create", closed);
      await runAs(at.product, "admin", "inbox.update", { inbox, calendar: dir });
      await runAs(at.product, "admin", "inbox.prechat", { inbox, fields: "name*, order:number", teams: "support sales" });
      // What is known of an inbox is kept for a moment.
      const known = async () => (await fetch(`${at.product.url}/api/v1/inboxes/${inbox}/public?languages=de`)).text();
      await expect.poll(known, { timeout: 15_000 }).toContain("Bevor wir beginnen");
      const page = await openPage(at.browser, { locale: "de-DE", ...look });
      await turn(page, dir);
      await page.goto(`${at.product.url}/`);
      await page.getByRole("button", { name: "Chat öffnen" }).click();
      const panel = page.getByRole("dialog");
      const see = async (name: string) => {
        await takePicture(page, `chat-${name}-de-${dir}`);
        expect([name, await findBarriers(page)]).toEqual([name, []]);
      };
      const form = panel.getByRole("form", { name: "Bevor wir beginnen" });
      await form.getByRole("button", { name: "Chat beginnen" }).click();
      const wrong = form.getByText("Bitte füllen Sie dies aus.").first();
      await wrong.waitFor();
      // What is German reads from the left, its full stop at its end; it stands where the page begins.
      const side = dir === "rtl" ? "right" : "left";
      for (const text of [wrong, form.getByText("Name", { exact: true }), panel.getByText("Antwortet sofort")]) {
        const look = await text.evaluate((element) => {
          const { textAlign, unicodeBidi } = element.ownerDocument.defaultView.getComputedStyle(element);
          return { side: textAlign === "start" ? "left" : textAlign, unicodeBidi };
        });
        expect(look).toEqual({ side, unicodeBidi: "plaintext" });
      }
      await see("form");
      await form.getByLabel("Name").fill("Ada");
      await form.getByLabel("Mit wem möchten Sie sprechen?").selectOption("Support");
      await form.getByRole("button", { name: "Chat beginnen" }).click();

      await panel.getByRole("textbox", { name: "Nachricht schreiben" }).fill("person");
      await page.keyboard.press("Enter");
      await panel.getByText("Warten auf einen Menschen").waitFor();
      await panel
        .getByRole("status")
        .getByText(/^Wir haben gerade geschlossen/)
        .waitFor();
      await panel.getByLabel("Wohin soll die Antwort gehen?").waitFor();
      await see("closed");

      const menu = panel.getByRole("group", { name: "Mehr" });
      await panel.getByRole("button", { name: "Mehr" }).click();
      await menu.getByRole("button", { name: "Gespräch per Mail zusenden" }).click();
      await menu.getByLabel("Ihre Mailadresse").fill("keine Adresse");
      await page.keyboard.press("Enter");
      await menu.getByText("Das ist keine Mailadresse, wie name@example.com.").waitFor();
      await see("menu");
      await menu.getByLabel("Ihre Mailadresse").fill("ada@example.org");
      await page.keyboard.press("Enter");
      await menu.getByText("Es ist unterwegs an").waitFor();
      const download = page.waitForEvent("download");
      await menu.getByRole("button", { name: "Gespräch herunterladen" }).click();
      expect((await download).suggestedFilename()).toMatch(/\.txt$/);
      await panel.getByRole("button", { name: "Mehr" }).click();
      await menu.getByRole("button", { name: "Chat beenden" }).click();

      const rating = panel.getByRole("group", { name: "Wie war dieses Gespräch?" });
      await rating.getByRole("radio", { name: "4 von 5" }).check({ force: true });
      await panel.getByLabel("Möchten Sie uns mehr dazu sagen?").fill("Schnell und freundlich");
      await see("rating");
      await panel.getByRole("button", { name: "Bewertung senden" }).click();
      await panel.getByText("Danke. Ihre Bewertung ist angekommen. 4 von 5.").waitFor();
      await see("rated");
      expect((await panel.boundingBox())?.x).toBeLessThan(100);
      expect(await panel.evaluate((element, wanted) => element.matches(`:dir(${wanted})`), dir)).toBe(true);
      await page.context().close();
    },
    60_000,
  );

  describe("at the desk", () => {
    test("a wrong password is told in a sentence, and nothing else", async () => {
      const page = await openPage(at.browser);
      await page.goto(`${at.product.url}/desk`);
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
      const page = await signIn(at.browser, at.product, "admin");
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

/** Before the embed's script looks, and not by an answer that stands in for the page: from such a one no socket to this machine is let through. */
async function turn(page: Page, dir: "ltr" | "rtl"): Promise<void> {
  const turned = `new MutationObserver((_, seen) => { document.documentElement.dir = "${dir}"; seen.disconnect(); })`;
  await page.addInitScript(`${turned}.observe(document, { childList: true })`);
}
