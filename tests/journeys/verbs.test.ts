import { expect, test } from "vitest";
import { openPage, type Page } from "../fixtures/browser.ts";
import { signIn } from "../fixtures/people.ts";
import { lookAt } from "../fixtures/pictures.ts";
import { productInBrowser } from "../fixtures/productInBrowser.ts";
import { runAs } from "../fixtures/runAs.ts";
import { describeWithChromium } from "../fixtures/services.ts";
import { openVisitor } from "../fixtures/visitorClient.ts";

/** What agents do with a conversation, by two of them at once and by keyboard. */
describeWithChromium("two agents and a conversation", () => {
  const at = productInBrowser();

  async function look(page: Page, name: string): Promise<void> {
    expect(await lookAt(page, `verbs-${name}`, [390, 1440])).toEqual([]);
  }

  test("see each other, snooze, wake, close and reopen it", async () => {
    const visitor = await openPage(at.browser);
    await visitor.goto(`${at.product.url}/`);
    await visitor.getByRole("button", { name: "Open chat" }).click();
    for (const text of ["My parcel is late", "person"]) {
      await visitor.getByRole("textbox", { name: "Write a message" }).fill(text);
      await visitor.keyboard.press("Enter");
    }
    await visitor.getByText("1st in line").waitFor();

    const [one, two] = await Promise.all([
      signIn(at.browser, at.product, "one"),
      signIn(at.browser, at.product, "two", { colorScheme: "dark" }),
    ]);
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
    // Who isn't online gave it back to the queue. The same again as lines of the command bar, completed by Tab; then back by the composer's menu.
    await one.keyboard.press("a");
    await one.getByText("you answer").first().waitFor();
    const bar = one.getByRole("combobox", { name: "Command" });
    // Its list is still on its way: Enter waits for it, and then does what is written.
    let bring = () => {};
    const brought = new Promise<void>((resolve) => {
      bring = resolve;
    });
    await one.route("**/api/v1/commands?*", async (route) => {
      await brought;
      await route.continue();
    });
    await one.reload();
    await one.getByText("you answer").first().waitFor();
    await one.keyboard.press("Control+k");
    await bar.fill("/conversation snooze when it suits");
    await bar.press("Enter");
    await one.getByText("the commands are on their way").waitFor();
    bring();
    await one.getByText(/no time that can be read/).waitFor();
    await bar.fill("/conv sn");
    await bar.press("Tab");
    expect(await bar.inputValue()).toBe("/conversation.snooze ");
    await look(one, "line");
    await bar.fill("/conversation snooze 2h");
    await bar.press("Enter");
    await one
      .getByText(/Snoozed until/)
      .first()
      .waitFor();
    await reply.fill("/wak");
    await one.getByRole("option", { name: /^Wake/ }).waitFor();
    await look(one, "menu");
    await reply.press("Enter");
    await one.getByText("Nothing is snoozed").waitFor();
    await two.keyboard.press("5");
    await two.getByText("Nothing is closed yet").waitFor();
    await one.keyboard.press("e");
    await one.getByRole("button", { name: "Reopen" }).first().waitFor();
    // The colleague's list of closed ones is live.
    await two.locator("[data-entry]").first().waitFor();
    await one.keyboard.press("5");
    await one.locator("[data-entry]").first().waitFor();
    await look(one, "closed");
    await one.getByRole("button", { name: "Reopen" }).first().click();
    await one.getByRole("button", { name: "Close" }).first().waitFor();
    await two.getByText("Nothing is closed yet").waitFor();
    await visitor.close();
    await Promise.all([one.close(), two.close()]);
  });

  test("merge two conversations, answer the other visitor from one timeline, and undo it", async () => {
    const visits = await Promise.all(["Where is parcel 17?", "It is parcel 17 again"].map((text) => waiting(text)));
    const one = await signIn(at.browser, at.product, "one", { colorScheme: "dark" });
    await one
      .getByRole("button", { name: /Take next/ })
      .and(one.locator(":enabled"))
      .click();
    const reply = one.getByRole("textbox", { name: /^reply/i });
    await reply.fill("a draft that goes along /merge");
    const merged = visits.find(({ conversation }) => one.url().includes(conversation));
    const target = visits.find(({ conversation }) => !one.url().includes(conversation));
    await one.getByRole("option", { name: /Merge into another/ }).waitFor();
    await reply.press("Enter");
    const dialog = one.getByRole("dialog", { name: "Merge into another conversation" });
    await dialog.getByLabel(/another customer's/).fill("visitor");
    await dialog.getByRole("radio").first().check();
    await look(one, "merge");
    await dialog.getByRole("button", { name: /^Merge/ }).click();
    await one.getByText(/merged a conversation into this one/).waitFor();
    expect(one.url()).toContain(target?.conversation);
    for (const text of ["Where is parcel 17?", "It is parcel 17 again"]) await one.getByRole("log").getByText(text).waitFor();
    // Who answered one answers both.
    expect(await reply.inputValue()).toBe("a draft that goes along ");
    await merged?.page.say("one more word");
    await one.getByRole("log").getByText("one more word").waitFor();
    await look(one, "merged");
    await reply.fill("to the merged one alone");
    await reply.press("Enter");
    await merged?.page.until("message", ({ text }) => text === "to the merged one alone");
    expect(JSON.stringify(target?.page.frames)).not.toMatch(/alone|one more/);
    await one.getByRole("button", { name: "Undo", exact: true }).click();
    await one.getByText(/unmerged a conversation/).waitFor();
    await one.getByText(/merged a conversation into this one:/).waitFor({ state: "detached" });

    await one
      .getByRole("button", { name: /Agent One: / })
      .first()
      .click();
    await one.getByRole("menuitemcheckbox", { name: /Undo send/ }).click();
    await one.getByRole("menuitemcheckbox", { name: /Undo send/, checked: true }).waitFor();
    await one.keyboard.press("Escape");
    const file = { name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("how it goes on") };
    await one.locator("input[type=file]").setInputFiles(file);
    for (const text of ["too soon", "just right"]) {
      // What was attached to the one that was taken back is there for the next.
      await one.getByRole("button", { name: "Remove plan.txt" }).waitFor();
      await reply.fill(text);
      await reply.press("Enter");
      await one.getByText("Goes out in a moment").waitFor();
      if (text === "too soon") {
        await reply.press("Control+z");
        await expect.poll(() => reply.inputValue()).toBe("too soon");
      } else await reply.press("Enter");
    }
    const said = await target?.page.until("message", ({ text }) => text.startsWith("just right"));
    expect(said?.blocks).toMatchObject([{ type: "file", name: "plan.txt", size: file.buffer.length }]);
    expect(JSON.stringify(target?.page.frames)).not.toContain("too soon");
    await reply.fill("for the picture");
    await reply.press("Enter");
    await look(one, "held");
    // Meanwhile it goes to somebody else: neither to try again nor to edit would help what is refused then.
    await runAs(at.product, "agent", "conversation.transfer", { conversation: target?.conversation, to: "queue" });
    await one.getByRole("button", { name: "Send now" }).click();
    await one.getByText(/^Not sent/).waitFor();
    await look(one, "refused");
    expect(await one.getByRole("button", { name: /^(Try again|Edit)$/ }).count()).toBe(0);
    await one.getByRole("log").getByRole("button", { name: "Make it a note" }).click();
    await expect.poll(() => one.getByRole("textbox", { name: /^Internal note/ }).inputValue()).toBe("for the picture");
  });

  /** A visitor who waits for a person. */
  async function waiting(text: string) {
    const page = await openVisitor(at.product.url, at.product.demo.inbox);
    const { conversation } = await page.hello();
    await page.say(text);
    await page.say("person");
    return { page, conversation };
  }
});
