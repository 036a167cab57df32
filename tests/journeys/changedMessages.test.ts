import { expect, test } from "vitest";
import { findBarriers } from "../fixtures/browser.ts";
import { lookAround } from "../fixtures/lookAround.ts";
import { openChat, say, signIn } from "../fixtures/people.ts";
import { productInBrowser } from "../fixtures/productInBrowser.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** What an agent said and would rather have said otherwise, at the desk and in the chat. */
describeWithChromium("a message that is changed", () => {
  const at = productInBrowser();

  test("is edited, reacted to and deleted by keyboard, and is so in the chat at once", async () => {
    const chat = await openChat(at.browser, at.product);
    await say(chat, "person");
    await chat.getByText("1st in line").waitFor();
    const desk = await signIn(at.browser, at.product, "one", { viewport: { width: 1440, height: 900 } });
    await desk
      .getByRole("button", { name: /Take next/ })
      .and(desk.locator(":enabled"))
      .click();
    await desk.getByRole("textbox", { name: /reply/i }).fill("The van comes on Munday");
    await desk.keyboard.press("Enter");
    await chat.getByText("The van comes on Munday").waitFor();

    const line = desk.getByRole("listitem").filter({ hasText: /The van comes/ });
    const asks = line.getByRole("button", { name: "What to do with this message" });
    const dialog = desk.getByRole("dialog");
    await asks.press("Enter");
    await dialog.getByRole("button", { name: "Edit…" }).press("Enter");
    expect(await findBarriers(desk)).toEqual([]);
    await dialog.getByLabel("It says from now on").fill("The van comes on Monday");
    await dialog.getByRole("button", { name: "Save" }).press("Enter");
    await chat.getByText("The van comes on Monday").waitFor();
    await chat.getByText("edited", { exact: true }).waitFor();
    expect(await chat.getByText("Munday").count()).toBe(0);
    await line.getByText("edited", { exact: true }).waitFor();

    await asks.press("Enter");
    await dialog.getByRole("button", { name: "What it said before" }).press("Enter");
    await dialog.getByText("The van comes on Munday").waitFor();
    expect(await lookAround(desk, "changed-earlier")).toEqual([]);
    await desk.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });

    await asks.press("Enter");
    expect(await lookAround(desk, "changed-choose")).toEqual([]);
    await dialog.getByRole("button", { name: "React with 🎉" }).press("Enter");
    await dialog.waitFor({ state: "detached" });
    await line.getByText(/🎉/).waitFor();
    await chat.getByText(/🎉/).waitFor();
    expect(await lookAround(desk, "changed-line")).toEqual([]);
    expect(await lookAround(chat, "changed-chat")).toEqual([]);

    await asks.press("Enter");
    await dialog.getByRole("button", { name: "Delete…" }).press("Enter");
    await dialog.getByRole("button", { name: "Delete", exact: true }).press("Enter");
    await chat.getByText("This message was deleted.").waitFor();
    await desk.getByText(/^Deleted by/).waitFor();
    for (const page of [chat, desk]) expect(await page.getByText("The van comes").count()).toBe(0);
    await chat.reload();
    await chat.getByText("This message was deleted.").waitFor();
    expect(await chat.getByText("The van comes").count()).toBe(0);
  });
});
