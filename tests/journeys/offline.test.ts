import { expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { openChat, say } from "../fixtures/people.ts";
import { takePicture } from "../fixtures/pictures.ts";
import { productInBrowser } from "../fixtures/productInBrowser.ts";
import { describeWithChromium } from "../fixtures/services.ts";

const waitsWithinMs = 3_000;
const minuteMs = 60_000;

/** Whoever is on a train: a minute without a network, and no word of theirs lost, doubled or out of order. */
describeWithChromium("a visitor without a network", () => {
  const at = productInBrowser();

  /** What the visitor said, as it stands in the log. */
  const said = (page: Page) => page.getByRole("log").locator(".said.visitor .bubble").allTextContents();

  test("goes on writing for a minute, and again over a page that can't be loaded", async () => {
    const page = await openChat(at.browser, at.product, { colorScheme: "dark", viewport: { width: 390, height: 844 } });
    await say(page, "reverse first here");
    await page.getByText("here first", { exact: true }).waitFor();
    const context = page.context();
    const waits = page.getByText(/waiting for the network/);

    await context.setOffline(true);
    const cutAt = Date.now();
    const written = ["reverse one two", "reverse three four", "reverse five six"];
    for (const [index, text] of written.entries()) {
      await say(page, text);
      const saidAt = Date.now();
      await expect.poll(() => waits.count(), { timeout: waitsWithinMs, interval: 50 }).toBe(index + 1);
      expect(Date.now() - saidAt).toBeLessThanOrEqual(waitsWithinMs);
      if (index < 2) await page.waitForTimeout(minuteMs / 3);
    }
    await takePicture(page, "offline-390");
    await page.waitForTimeout(Math.max(0, cutAt + minuteMs - Date.now()));
    await context.setOffline(false);
    for (const answer of ["two one", "four three", "six five"]) await page.getByText(answer, { exact: true }).waitFor();
    expect(await waits.count()).toBe(0);
    expect(await said(page)).toEqual(["reverse first here", ...written]);

    // Now the page is gone as well: the browser has nothing to show but its own words.
    await context.setOffline(true);
    for (const text of ["reverse seven eight", "reverse nine ten"]) await say(page, text);
    await page.getByRole("textbox", { name: "Write a message" }).fill("half a sentence");
    await expect.poll(() => waits.count()).toBe(2);
    await expect(page.reload()).rejects.toThrow(/ERR_INTERNET_DISCONNECTED/);
    await context.setOffline(false);
    await page.goto(`${at.product.url}/`);
    for (const answer of ["eight seven", "ten nine"]) await page.getByText(answer, { exact: true }).waitFor();
    expect(await page.getByRole("textbox", { name: "Write a message" }).inputValue()).toBe("half a sentence");

    // What the server has, on a page that knows nothing else.
    await page.reload();
    await page.getByText("ten nine", { exact: true }).waitFor();
    expect(await said(page)).toEqual(["reverse first here", ...written, "reverse seven eight", "reverse nine ten"]);
    await context.close();
  }, 120_000);
});
