import { expect, test } from "vitest";
import { openPage } from "../fixtures/browser.ts";
import { lookAround } from "../fixtures/lookAround.ts";
import { productInBrowser } from "../fixtures/productInBrowser.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** Runs in the page, whose types the tests don't have. */
const surfaceOfChat = `Array.from(document.querySelectorAll("*"), ({ shadowRoot }) => shadowRoot?.querySelector(".panel"))
  .filter(Boolean).map((panel) => getComputedStyle(panel).backgroundColor)[0]`;

const surfaces = [
  ["light", "rgb(255, 255, 255)"],
  ["dark", "rgb(21, 23, 28)"],
] as const;

/** Both faces in both themes at three widths: a picture of each to look at, and nothing that axe finds. */
describeWithChromium("the faces", () => {
  const at = productInBrowser();

  test("are whole and without barriers", async () => {
    const visitor = await openPage(at.browser);
    await visitor.goto(`${at.product.url}/`);
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
    expect(await lookAround(visitor, "chat-queue")).toEqual([]);

    const desk = await openPage(at.browser, { viewport: { width: 1440, height: 900 } });
    await desk.goto(`${at.product.url}/desk`);
    await desk.getByLabel("E-mail").waitFor();
    expect(await lookAround(desk, "sign-in")).toEqual([]);

    await desk.setViewportSize({ width: 1440, height: 900 });
    const { email, password } = at.product.demo.accounts[0] ?? { email: "", password: "" };
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
    expect(await lookAround(desk, "desk")).toEqual([]);
    expect(await lookAround(visitor, "chat-agent")).toEqual([]);

    await desk.setViewportSize({ width: 1440, height: 900 });
    await desk.keyboard.press("Control+k");
    await desk.getByRole("dialog").waitFor();
    expect(await lookAround(desk, "command-bar")).toEqual([]);
    await Promise.all([visitor, desk].map((page) => page.context().close()));
  });
});
