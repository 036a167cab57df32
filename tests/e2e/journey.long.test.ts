import { expect, test } from "vitest";
import { findBarriers } from "../fixtures/browser.ts";
import { openChat, say, signIn } from "../fixtures/people.ts";
import { productInBrowser } from "../fixtures/productInBrowser.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** Two people in one test: what one does, the other sees, on the real pages of the real product. */
describeWithChromium("a visitor and an agent", () => {
  const at = productInBrowser();

  test("commands, a slip, and the history after a reload and in a second tab", async () => {
    const page = await openChat(at.browser, at.product);
    await say(page, "reverse hello world");
    await page.getByText("world hello", { exact: true }).waitFor();
    await say(page, "mat the quick, brown fox");
    await page.getByText("mat mat, mat mat", { exact: true }).waitFor();
    await say(page, "revrse one two");
    await page.getByRole("button", { name: "reverse one two" }).click();
    await page.getByText("two one", { exact: true }).waitFor();

    const second = await page.context().newPage();
    await second.goto(`${at.product.url}/`);
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

  test("from the queue to a person and back, and two agents never get the same one", async () => {
    const [visitor, one, two] = await Promise.all([
      openChat(at.browser, at.product),
      signIn(at.browser, at.product, "one"),
      signIn(at.browser, at.product, "two"),
    ]);
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
});
