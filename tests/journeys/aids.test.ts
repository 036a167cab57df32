import { expect, test } from "vitest";
import { findBarriers, openPage } from "../fixtures/browser.ts";
import { signIn } from "../fixtures/people.ts";
import { takePicture } from "../fixtures/pictures.ts";
import { productInBrowser } from "../fixtures/productInBrowser.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** An agent and an admin at work with what helps them, on the real pages of the real product. */
describeWithChromium("what helps agents", () => {
  const at = productInBrowser();

  test("an admin prepares an answer, a macro and a view; an agent uses them beside the person", async () => {
    const visitor = await openPage(at.browser);
    await visitor.goto(`${at.product.url}/`);
    await visitor.getByRole("button", { name: "Open chat" }).click();
    await visitor.getByRole("textbox", { name: "Write a message" }).fill("person");
    await visitor.keyboard.press("Enter");
    await visitor.getByText("1st in line").waitFor();

    const admin = await signIn(at.browser, at.product, "admin", { colorScheme: "dark" });
    await admin.getByRole("link", { name: "Settings" }).click();
    await admin.getByRole("button", { name: "New answer" }).click();
    await admin.getByLabel("Name").fill("Late parcel");
    await admin.getByLabel("Text in English").fill("Hello {{contact.name}}, we write to {{contact.email}}.");
    expect(await findBarriers(admin)).toEqual([]);
    await takePicture(admin, "aids-canned-form");
    await admin.getByRole("button", { name: "Save" }).click();
    await admin.getByText("Late parcel").waitFor();
    await admin.getByRole("link", { name: "Tags" }).click();
    await admin.getByRole("button", { name: "New tag" }).click();
    await admin.getByLabel("Name").fill("Parcel");
    await admin.getByRole("button", { name: "Save" }).click();
    await admin.getByRole("dialog").waitFor({ state: "detached" });
    await admin.getByRole("link", { name: "Macros" }).click();
    await admin.getByRole("button", { name: "New macro" }).click();
    await admin.getByLabel("Name").fill("Done with parcel");
    await admin.getByLabel("Step 1", { exact: true }).selectOption({ label: "Add a tag" });
    await admin.getByLabel("Value of step 1").selectOption({ label: "Parcel" });
    await admin.getByRole("button", { name: "Another step" }).click();
    await admin.getByLabel("Step 2", { exact: true }).selectOption({ label: "Close" });
    await takePicture(admin, "aids-macro-form");
    await admin.getByRole("button", { name: "Save" }).click();
    await admin.getByText("Add a tag: Parcel → Close").waitFor();
    await admin.getByRole("link", { name: "Views" }).click();
    await admin.getByRole("button", { name: "New view" }).click();
    await admin.getByLabel("Name", { exact: true }).fill("Parcels");
    await admin.getByLabel("For", { exact: true }).selectOption({ label: "Everyone" });
    await admin.getByLabel("Tag").selectOption({ label: "Parcel" });
    await admin.getByText("0 open conversations fit now.").waitFor();
    await takePicture(admin, "aids-view-form");
    await admin.getByRole("button", { name: "Save" }).click();
    await admin.getByText("tagged Parcel").waitFor();

    const desk = await signIn(at.browser, at.product, "one");
    await desk
      .getByRole("button", { name: /Take next/ })
      .and(desk.locator(":enabled"))
      .click();
    const box = desk.getByRole("textbox", { name: /reply/i });
    await box.fill("/late");
    await desk.getByRole("option", { name: /Late parcel/ }).waitFor();
    await takePicture(desk, "aids-slash");
    await desk.keyboard.press("Enter");
    await desk.getByText("Still to fill in:").waitFor();
    await takePicture(desk, "aids-open-slot");
    // Enter sends nothing while a value is missing; what is marked is replaced by what is typed.
    await desk.keyboard.press("Enter");
    await desk.keyboard.type("ana@example.com");
    await desk.keyboard.press("Enter");
    await visitor.getByText(/^Hello Visitor \w+, we write to ana@example.com.$/).waitFor();

    await desk.getByRole("button", { name: "Change mail" }).click();
    await desk.getByRole("textbox", { name: "Mail" }).fill("ana@example.com");
    await desk.keyboard.press("Enter");
    await desk.getByRole("link", { name: "ana@example.com" }).waitFor();
    await desk.getByRole("list", { name: "Tags of the conversation" }).getByRole("button", { name: "Add a tag" }).click();
    await desk.getByRole("combobox", { name: "Tag" }).fill("par");
    await takePicture(desk, "aids-tagging");
    await desk.getByRole("option", { name: "Parcel" }).click();
    await desk.getByRole("link", { name: /Parcels 1/ }).click();
    await desk.locator("[data-entry]").getByText("Parcel").waitFor();
    expect(await findBarriers(desk)).toEqual([]);
    await takePicture(desk, "aids-desk");
    await desk.setViewportSize({ width: 390, height: 844 });
    await takePicture(desk, "aids-desk-390");
    await desk.setViewportSize({ width: 1440, height: 900 });

    await desk.getByText("Note", { exact: true }).click();
    await desk.getByRole("textbox", { name: /Internal note/ }).pressSequentially("Done? @adm");
    await desk.getByRole("option", { name: /admin@demo.example/ }).waitFor();
    expect(await findBarriers(desk)).toEqual([]);
    await desk.keyboard.press("Enter");
    await desk.keyboard.press("Enter");
    await admin.getByRole("link", { name: "Inbox", exact: true }).click();
    await admin.getByRole("link", { name: "Mentions, 1 not read" }).click();
    await admin.locator("[data-entry]").getByText("Done? @").click();
    await admin.getByRole("log").getByText("Done? @").waitFor();
    await admin.getByRole("link", { name: "Mentions", exact: true }).waitFor();
    expect(await findBarriers(admin)).toEqual([]);
    await takePicture(admin, "aids-mention");

    await desk.getByText("Reply", { exact: true }).click();
    await desk.keyboard.press("Control+k");
    await desk.getByRole("combobox", { name: "Command" }).fill("done with");
    await takePicture(desk, "aids-bar");
    await desk.keyboard.press("Enter");
    await desk.getByText(/“Done with parcel”: Tagged “Parcel”. The conversation is closed./).waitFor();

    await desk.keyboard.press("Escape");
    await desk.keyboard.press("Control+Shift+F");
    // What was written lately is indexed a moment later.
    await expect
      .poll(
        async () => {
          await desk.getByRole("textbox", { name: "Search for" }).fill("");
          await desk.getByRole("textbox", { name: "Search for" }).fill("write to ana");
          return await desk
            .locator("[data-found] mark")
            .first()
            .waitFor({ timeout: 5000 })
            .then(
              () => true,
              () => false,
            );
        },
        { timeout: 40_000 },
      )
      .toBe(true);
    expect(await findBarriers(desk)).toEqual([]);
    await takePicture(desk, "aids-search");
    await desk.keyboard.press("Enter");
    await desk.getByRole("log").getByText("we write to ana@example.com").waitFor();
    await Promise.all([visitor, admin, desk].map((page) => page.context().close()));
  });

  test("an admin makes a team, brings an agent into it and says what they can take", async () => {
    const admin = await signIn(at.browser, at.product, "admin");
    await admin.getByRole("link", { name: "Settings" }).click();
    await admin.getByRole("link", { name: "Teams" }).click();
    await admin.getByRole("button", { name: "New team" }).click();
    await admin.getByLabel("Name").fill("Second line");
    await admin.getByLabel(/An offer stands for/).fill("2");
    await admin.getByRole("button", { name: "Save" }).click();
    await admin.getByText(/"offerSeconds" must be 5 or more/).waitFor();
    await admin.getByLabel(/An offer stands for/).fill("45");
    await admin.getByRole("button", { name: "Save" }).click();
    const card = admin.getByRole("region", { name: "Second line" });
    await card.getByRole("button", { name: "Add" }).click();
    await admin.getByLabel("Colleague").selectOption({ label: "Agent Two (agent2@demo.example)" });
    await admin.getByRole("dialog").getByRole("button", { name: "Add" }).click();
    await card.getByText("agent2@demo.example").waitFor();
    await admin.getByRole("button", { name: "Close Support" }).click();
    await admin.getByRole("button", { name: "Close it" }).click();
    await admin.getByText(/the inbox Website brings people to it/).waitFor();
    expect(await findBarriers(admin)).toEqual([]);
    await admin.keyboard.press("Escape");
    await admin.getByRole("link", { name: "Agents" }).click();
    await admin.getByRole("button", { name: "Change Agent Two" }).click();
    await admin.getByLabel("Of these, by mail").fill("1");
    await admin.getByRole("button", { name: "Save" }).click();
    await admin.getByText("5 at once (1 by mail)").waitFor();
    await admin.setViewportSize({ width: 390, height: 844 });
    expect(await findBarriers(admin)).toEqual([]);
    await admin.getByRole("button", { name: "Back to the inbox" }).click();
    await admin.getByRole("button", { name: /^Notices/ }).click();
    await admin.getByRole("dialog", { name: "Notices" }).waitFor();
    expect(await findBarriers(admin)).toEqual([]);
    await admin.context().close();
  });
});
