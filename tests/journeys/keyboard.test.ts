import { expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { isFocused, tabTo } from "../fixtures/keys.ts";
import { openChat, say, signIn } from "../fixtures/people.ts";
import { lookAt } from "../fixtures/pictures.ts";
import { productInBrowser } from "../fixtures/productInBrowser.ts";
import { runAs } from "../fixtures/runAs.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** A whole chat at the desk, without ever touching the mouse: once signed in, nothing but keys is sent to these pages. */
describeWithChromium("an agent with a keyboard alone", () => {
  const at = productInBrowser();

  async function write(page: Page, text: string): Promise<void> {
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  }

  async function inBar(page: Page, words: string): Promise<void> {
    await page.keyboard.press("Control+k");
    await isFocused(page, /^Command$/);
    await page.keyboard.type(words);
    await page
      .getByRole("dialog")
      .getByRole("option", { name: new RegExp(words, "i") })
      .first()
      .waitFor();
    await page.keyboard.press("Enter");
  }

  test("goes online, accepts, answers, notes, transfers, snoozes, closes and reopens", async () => {
    await runAs(at.product, "admin", "canned.create", { name: "Late parcel", text: "It leaves again today.", for: "everyone" });
    const visitor = await openChat(at.browser, at.product);
    await say(visitor, "My parcel is late");
    await say(visitor, "person");
    await visitor.getByText("1st in line").waitFor();

    const [one, two] = await Promise.all([
      signIn(at.browser, at.product, "one"),
      signIn(at.browser, at.product, "two", { colorScheme: "dark" }),
    ]);
    await tabTo(one, /^Go online/);
    await one.keyboard.press("Enter");
    await one.getByRole("article", { name: /^Offer/ }).waitFor();
    await one.keyboard.press("y");
    await visitor.getByText("Agent One joined the conversation").waitFor();

    // The cursor is where the answer is written.
    await isFocused(one, /^Reply to/);
    await write(one, "I am looking for it");
    await visitor.getByText("I am looking for it").waitFor();
    await one.keyboard.type("/late");
    await one.getByRole("option", { name: /Late parcel/ }).waitFor();
    await one.keyboard.press("Enter");
    await one.keyboard.press("Enter");
    await visitor.getByText("It leaves again today.").waitFor();
    // A line that begins with "/" is a command and nothing else; "//" says that it is a text.
    await one.keyboard.type("/growht");
    await one.keyboard.press("Enter");
    await one.getByText(/There is no command "\/growht"/).waitFor();
    await isFocused(one, /^Reply to/);
    await one.keyboard.press("Control+a");
    await one.keyboard.type("/queue.list");
    await one.keyboard.press("Enter");
    await one.getByRole("dialog").waitFor();
    await one.keyboard.press("Escape");
    await one.getByRole("dialog").waitFor({ state: "detached" });
    await isFocused(one, /^Reply to/);
    await write(one, "//track shows it");
    await visitor.getByText("/track shows it", { exact: true }).waitFor();
    expect(await visitor.getByText(/growht|queue.list/).count()).toBe(0);

    await one.keyboard.press("Escape");
    await one.keyboard.press("n");
    await isFocused(one, /^Internal note/);
    await one.keyboard.type("Do you know the carrier? @agent2");
    await one.getByRole("option", { name: /agent2@demo.example/ }).waitFor();
    await one.keyboard.press("Enter");
    await one.keyboard.press("Enter");
    await one.getByRole("log").getByText("Do you know the carrier?").waitFor();
    expect(await visitor.getByText("carrier").count()).toBe(0);
    await two.getByRole("link", { name: "Mentions, 1 not read" }).waitFor();

    await inBar(two, "Go online");
    await two
      .getByRole("button", { name: /Online, connected/ })
      .first()
      .waitFor();
    await one.keyboard.press("Escape");
    await inBar(one, "Transfer");
    await one.getByRole("dialog", { name: "Transfer" }).waitFor();
    await tabTo(one, /^Back to the queue/);
    await tabTo(one, /^Agent Two|agent2@/, "ArrowDown");
    await tabTo(one, /^Note for whoever/);
    await one.keyboard.type("You know the carrier");
    await tabTo(one, /^Transfer$/);
    expect(await lookAt(one, "keyboard-transfer", [390, 820, 1440])).toEqual([]);
    await one.keyboard.press("Enter");
    await two.getByRole("article", { name: /^Offer/ }).waitFor();
    await two.keyboard.press("y");
    await visitor.getByText("Agent One handed the conversation to Agent Two").waitFor();

    await isFocused(two, /^Reply to/);
    await write(two, "I know where it is");
    await visitor.getByText("I know where it is").waitFor();
    await two.keyboard.press("Escape");
    await two.keyboard.press("z");
    await two.getByRole("dialog", { name: "Snooze" }).waitFor();
    await tabTo(two, /^Another time/);
    await write(two, "in 2 hours");
    await two
      .getByText(/Snoozed until/)
      .first()
      .waitFor();
    // From the list, opened by arrows of the keyboard's own, and woken by a line.
    await two.keyboard.press("4");
    await two.getByText("Next to come back first").waitFor();
    await two.keyboard.press("j");
    await two.keyboard.press("Enter");
    await two.keyboard.press("r");
    await isFocused(two, /^Reply to/);
    await two.keyboard.type("/wak");
    await two.getByRole("option", { name: /^Wake/ }).waitFor();
    await two.keyboard.press("Enter");
    await two.getByText("Nothing is snoozed").waitFor();

    await two.keyboard.press("Escape");
    await two.keyboard.press("e");
    await two.getByText("This conversation is closed").first().waitFor();
    await two.keyboard.press("5");
    await two.locator("[data-entry]").first().waitFor();
    await two.keyboard.press("j");
    await two.keyboard.press("Enter");
    await inBar(two, "Reopen");
    await two.getByRole("button", { name: "Close" }).first().waitFor();
    await two.keyboard.press("?");
    await two.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    expect(await lookAt(two, "keyboard-shortcuts", [390, 820, 1440])).toEqual([]);
    await two.keyboard.press("Escape");
    await two.keyboard.press("Escape");
    await two.keyboard.press("w");
    await two.getByRole("heading", { name: "Wallboard" }).waitFor();
    await Promise.all([visitor, one, two].map((page) => page.context().close()));
  }, 120_000);
});
