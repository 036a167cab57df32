import { expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { signIn } from "../fixtures/people.ts";
import { lookAt } from "../fixtures/pictures.ts";
import { productInBrowser } from "../fixtures/productInBrowser.ts";
import { runAs } from "../fixtures/runAs.ts";
import { describeWithChromium } from "../fixtures/services.ts";
import { openVisitor } from "../fixtures/visitorClient.ts";

const question = "مرحبا، أين طلبي رقم 4711؟ كان موعده يوم Monday.";
const hebrew = "תודה! (עד 17:00)";

/** The desk speaks English; the people at its other end may write from the right. */
describeWithChromium("a conversation from the right", () => {
  const at = productInBrowser();

  /** In which direction the innermost element that holds this text runs, of each that does. */
  const directionsOf = async (page: Page, text: string) =>
    await page
      .getByText(text, { exact: true })
      .evaluateAll((all) => all.map((at) => at.ownerDocument.defaultView.getComputedStyle(at).direction));

  test("is laid out from the right in the list, the timeline, the composer and beside it, and its clock isn't turned", async () => {
    const visitor = await openVisitor(at.product.url, at.product.demo.inbox);
    const { conversation, token } = await visitor.hello();
    await visitor.say(question);
    await visitor.say("person");
    const desk = await signIn(at.browser, at.product, "one");
    await desk
      .getByRole("button", { name: /Take next/ })
      .and(desk.locator(":enabled"))
      .click();
    const log = desk.getByRole("log");
    await log.getByText(question).waitFor();
    await desk.getByRole("button", { name: "Change name" }).click();
    await desk.getByRole("textbox", { name: "Name" }).fill("نور الهدى");
    await desk.keyboard.press("Enter");
    await desk.getByRole("heading", { name: "نور الهدى" }).waitFor();
    const back = await openVisitor(at.product.url, at.product.demo.inbox);
    await back.hello({ token });
    await back.say(hebrew);
    await log.getByText(hebrew).waitFor();
    for (const text of [question, hebrew]) {
      const found = await directionsOf(desk, text);
      expect([text, found.length > 0, new Set(found)]).toEqual([text, true, new Set(["rtl"])]);
    }
    expect(new Set(await directionsOf(desk, "نور الهدى"))).toEqual(new Set(["rtl"]));
    // One person has one name, in what they wrote before as well.
    await expect.poll(() => log.getByText("نور الهدى").count()).toBeGreaterThan(1);
    // A name from the right and the clock behind it: the clock stands behind it, with its hour first.
    const [name, clock] = await Promise.all([log.getByText("نور الهدى").first().boundingBox(), log.locator("time").last().boundingBox()]);
    expect(name?.x).toBeLessThan(clock?.x ?? 0);

    const reply = desk.getByRole("textbox", { name: /^Reply to/ });
    await reply.fill("شكرا على صبرك، يصل غدا.");
    expect(await reply.evaluate((at) => at.matches(":dir(rtl)"))).toBe(true);
    expect(await lookAt(desk, "from-right-light", [390, 820, 1440])).toEqual([]);
    await reply.press("Enter");
    await log.getByText("شكرا على صبرك، يصل غدا.").waitFor();
    // What we said last is shown behind "You:", which stays in front.
    const preview = desk.locator("[data-entry]").getByText("شكرا على صبرك، يصل غدا.", { exact: true });
    await preview.waitFor();
    expect(await preview.evaluate((at) => at.parentElement.matches(":dir(ltr)"))).toBe(true);

    await runAs(at.product, "agent", "conversation.note", { conversation, text: "הלקוחה ממתינה מאז יום שני." }).catch(() => {});
    await desk.emulateMedia({ colorScheme: "dark" });
    expect(await lookAt(desk, "from-right-dark", [390, 820, 1440])).toEqual([]);
    await desk.context().close();
  });
});
