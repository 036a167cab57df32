import { expect, test } from "vitest";
import { findBarriers, openPage, type Page } from "../fixtures/browser.ts";
import { copyScreenshot, drop, pictureIsDrawn } from "../fixtures/inPage.ts";
import { takePicture } from "../fixtures/pictures.ts";
import { productInBrowser } from "../fixtures/productInBrowser.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** What is attached on both sides, on the real pages of the real product. */
describeWithChromium("a visitor's and an agent's files", () => {
  const at = productInBrowser();

  async function look(page: Page, name: string): Promise<void> {
    await takePicture(page, name);
    expect(await findBarriers(page)).toEqual([]);
  }

  test("a screenshot is pasted on both sides, seen larger, and a document is saved", async () => {
    const visitor = await openPage(at.browser, { permissions: ["clipboard-read", "clipboard-write"] });
    await visitor.goto(`${at.product.url}/`);
    await visitor.getByRole("button", { name: "Open chat" }).click();
    const box = visitor.getByRole("textbox", { name: "Write a message" });
    await box.fill("person");
    await visitor.keyboard.press("Enter");
    await visitor.getByText("1st in line").waitFor();
    await visitor.evaluate(copyScreenshot);
    await box.click();
    await visitor.keyboard.press("Control+V");
    await visitor.getByRole("button", { name: "Remove image.png" }).waitFor();
    await visitor
      .getByLabel("Attach a file")
      .setInputFiles({ name: "order.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 order") });
    await visitor.getByText("14 bytes").waitFor();
    expect(await visitor.evaluate(drop(".talk"))).toBe(false);
    await visitor.getByRole("button", { name: "Remove dropped.csv" }).click();
    await look(visitor, "files-chat-tray");
    await box.fill("This is what I see");
    await visitor.keyboard.press("Enter");
    await visitor.getByRole("button", { name: "Show image.png larger" }).waitFor();
    await expect.poll(() => visitor.evaluate(pictureIsDrawn)).toBe(true);
    await visitor.getByRole("button", { name: "Show image.png larger" }).click();
    await visitor.getByRole("dialog", { name: "image.png" }).waitFor();
    await look(visitor, "files-chat-larger");
    await visitor.keyboard.press("Escape");
    await visitor.getByRole("dialog", { name: "image.png" }).waitFor({ state: "detached" });

    const desk = await openPage(at.browser, { permissions: ["clipboard-read", "clipboard-write"], viewport: { width: 1440, height: 900 } });
    await desk.goto(`${at.product.url}/desk`);
    const { email, password } = at.product.demo.accounts[0] ?? { email: "", password: "" };
    await desk.getByLabel("E-mail").fill(email);
    await desk.getByLabel("Password", { exact: true }).fill(password);
    await desk.keyboard.press("Enter");
    await desk
      .getByRole("button", { name: /Take next/ })
      .and(desk.locator(":enabled"))
      .click();
    await desk.getByRole("button", { name: "Show image.png larger" }).waitFor();
    await expect.poll(() => desk.evaluate(pictureIsDrawn)).toBe(true);
    const [saved] = await Promise.all([desk.waitForEvent("download"), desk.getByRole("link", { name: /14 bytes/ }).click()]);
    expect(saved.suggestedFilename()).toBe("order.pdf");

    const reply = desk.getByRole("textbox", { name: /reply/i });
    await desk.evaluate(copyScreenshot);
    await reply.click();
    await desk.keyboard.press("Control+V");
    await desk.getByRole("button", { name: "Remove image.png" }).waitFor();
    await desk.getByText(/kB/).first().waitFor();
    expect(await desk.evaluate(drop("[data-part='conversation'] ol"))).toBe(false);
    await desk.getByRole("button", { name: "Remove dropped.csv" }).click();
    await look(desk, "files-desk-tray");
    await desk.keyboard.press("Enter");
    await desk.getByRole("button", { name: "Show image.png larger" }).nth(1).waitFor();
    await desk.getByRole("button", { name: "Show image.png larger" }).nth(1).click();
    await desk.getByRole("dialog", { name: "image.png" }).waitFor();
    await desk.keyboard.press("Escape");
    await visitor.getByRole("button", { name: "Show image.png larger" }).nth(1).waitFor();
  });

  test("without a network what was chosen waits, and goes by itself; what can't go is told", async () => {
    const visitor = await openPage(at.browser, { colorScheme: "dark", viewport: { width: 390, height: 844 } });
    await visitor.goto(`${at.product.url}/`);
    await visitor.getByRole("button", { name: "Open chat" }).click();
    const box = visitor.getByRole("textbox", { name: "Write a message" });
    const attach = visitor.getByLabel("Attach a file");
    await visitor.getByText("What can I ask?").waitFor();
    await attach.setInputFiles({ name: "setup.exe", mimeType: "application/x-msdownload", buffer: Buffer.from("MZ") });
    await visitor.getByText('"setup.exe" is a program').waitFor();
    await look(visitor, "files-chat-refused");
    await visitor.getByRole("button", { name: "Remove setup.exe" }).click();

    await visitor.context().setOffline(true);
    await attach.setInputFiles({ name: "log.txt", mimeType: "text/plain", buffer: Buffer.from("what happened") });
    await visitor.getByText("waiting for the network").first().waitFor();
    await box.fill("Here it is");
    await visitor.keyboard.press("Enter");
    await visitor.getByText("log.txt").waitFor();
    await visitor.context().setOffline(false);
    await visitor.getByRole("link", { name: /log\.txt/ }).waitFor();
    await visitor.getByText("sent", { exact: true }).waitFor();
  });
});
