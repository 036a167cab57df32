import { expect, test } from "vitest";
import { findBarriers } from "../fixtures/browser.ts";
import { openChat, say, signIn } from "../fixtures/people.ts";
import { lookAt, takePicture } from "../fixtures/pictures.ts";
import { productInBrowser } from "../fixtures/productInBrowser.ts";
import { runAs } from "../fixtures/runAs.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** What a visitor fills in, field by field, wrong and then right, and who reads it. */
describeWithChromium("a form", () => {
  const at = productInBrowser();

  test("of every kind of field names what is wrong at each, takes what is right, and an agent reads it", async () => {
    const { inbox } = at.product.demo;
    const fields = "name*, email*, phone, amount:number*, day:date*, terms:checkbox*";
    await runAs(at.product, "admin", "inbox.prechat", { inbox, fields, teams: "support sales" });
    const page = await openChat(at.browser, at.product, { viewport: { width: 390, height: 844 } });
    const form = page.getByRole("form");
    const field = (label: RegExp) => form.getByLabel(label);
    await field(/^name/i).waitFor();
    const begin = form.getByRole("button", { name: "Start the chat" });

    await field(/^e-?mail/i).fill("not an address");
    await field(/^amount/i).pressSequentially("1e");
    await field(/^day/i).pressSequentially("13");
    await begin.click();
    const wrongAt = (label: RegExp) =>
      field(label).evaluate((at) => [
        at.getAttribute("aria-invalid"),
        at.getRootNode().getElementById(at.getAttribute("aria-describedby"))?.textContent,
      ]);
    const wrong: [RegExp, string][] = [
      [/^name/i, "Please fill this in."],
      [/^e-?mail/i, "This is not a mail address, like name@example.com."],
      [/^amount/i, "This is not a number."],
      [/^day/i, "This is not a date."],
      [/^terms/i, "Please fill this in."],
      [/^Who do you want to speak with/, "Please fill this in."],
    ];
    for (const [label, text] of wrong) expect([label, ...(await wrongAt(label))]).toEqual([label, "true", text]);
    expect(await field(/^name/i).evaluate((at) => at.ownerDocument.defaultView.getComputedStyle(at).borderColor)).toBe("rgb(185, 44, 16)");
    expect((await wrongAt(/^phone/i))[0]).not.toBe("true");
    // Whoever can't see the form is brought to the first that is wrong.
    expect(await field(/^name/i).evaluate((at) => at.getRootNode().activeElement === at)).toBe(true);
    await takePicture(page, "forms-wrong-390");
    expect(await findBarriers(page)).toEqual([]);

    await field(/^name/i).fill("Ada Lovelace");
    await field(/^e-?mail/i).fill("ada@example.org");
    await field(/^phone/i).fill("+44 20 7946 0000");
    await field(/^amount/i).fill("12.5");
    await field(/^day/i).fill("2026-12-24");
    await field(/^terms/i).check();
    await field(/^Who do you want/).selectOption("Support");
    await begin.click();
    await form.waitFor({ state: "detached" });
    await say(page, "person");
    await page.getByText("1st in line").waitFor();

    const desk = await signIn(at.browser, at.product, "one");
    await desk
      .getByRole("button", { name: /Take next/ })
      .and(desk.locator(":enabled"))
      .click();
    const person = desk.getByRole("complementary", { name: "Person" });
    const answers = ["Ada Lovelace", "ada@example.org", "+44 20 7946 0000", "Amount", "12.5", "Day", "2026-12-24", "Terms", "yes"];
    for (const text of answers) await person.getByText(text, { exact: true }).first().waitFor();
    expect(await lookAt(desk, "forms-desk", [390, 820, 1440])).toEqual([]);
    await Promise.all([page, desk].map((each) => each.context().close()));
  });
});
