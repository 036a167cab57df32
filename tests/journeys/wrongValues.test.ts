import pg from "pg";
import { expect, test } from "vitest";
import { findBarriers, openPage, type Page } from "../fixtures/browser.ts";
import { signIn } from "../fixtures/people.ts";
import { lookAt, takePicture } from "../fixtures/pictures.ts";
import { productInBrowser } from "../fixtures/productInBrowser.ts";
import { runAs } from "../fixtures/runAs.ts";
import type { RunningProduct } from "../fixtures/runningProduct.ts";
import { describeWithChromium } from "../fixtures/services.ts";
import { openVisitor } from "../fixtures/visitorClient.ts";

async function openDatabase({ databaseUrl }: RunningProduct): Promise<{ client: pg.Client; end: () => Promise<void> }> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  return { client, end: () => client.end() };
}

/** What is refused is told beside the field that caused it, in one sentence, and what was written stays. */
describeWithChromium("a wrong value", () => {
  const at = productInBrowser();

  /** What stands beside a field: that it is wrong, and why. */
  async function wrongAt(page: Page, label: string): Promise<string> {
    const field = page.getByLabel(label, { exact: true });
    await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
    const told = await field.getAttribute("aria-describedby");
    return (await page.locator(`#${told}`).textContent()) ?? "";
  }

  test("of hours, of what is asked before the chat and of a service level stands at its field", async () => {
    const admin = await signIn(at.browser, at.product, "admin", { viewport: { width: 390, height: 844 } });
    await admin.goto(`${at.product.url}/desk#/settings/service-levels`);
    await admin.getByText("A promise counts in open time: make a calendar first, on the page Hours.").waitFor();
    // The page's own tab is in sight, though the line of tabs is longer than a phone.
    const tab = admin.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Service levels" });
    await expect.poll(async () => ((await tab.boundingBox())?.x ?? 999) + ((await tab.boundingBox())?.width ?? 0)).toBeLessThan(390);
    for (const page of ["Messages", "Who did what"]) {
      await admin.goto(`${at.product.url}/desk#/settings/${page === "Messages" ? "messages" : "audit"}`);
      await admin.reload();
      const other = admin.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: page, exact: true });
      await other.waitFor();
      await expect.poll(async () => ((await other.boundingBox())?.x ?? 999) + ((await other.boundingBox())?.width ?? 0)).toBeLessThan(390);
      expect((await other.boundingBox())?.x).toBeGreaterThanOrEqual(0);
    }

    await admin.setViewportSize({ width: 1440, height: 900 });
    await admin.goto(`${at.product.url}/desk#/settings/hours`);
    await admin.getByRole("button", { name: "New calendar" }).click();
    const dialog = admin.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Day and evening");
    await dialog.getByRole("button", { name: "Add hours on Monday" }).click();
    await dialog.getByLabel("Monday, from").nth(1).fill("16:00");
    await dialog.getByLabel("Monday, to").nth(1).fill("20:00");
    await dialog.getByRole("button", { name: "Save" }).click();
    const monday = dialog.getByRole("group").filter({ hasText: "Mon" });
    await monday
      .getByRole("alert")
      .filter({ hasText: /overlap/ })
      .waitFor();
    expect(await dialog.locator('[aria-invalid="true"]').count()).toBe(2);
    expect(await lookAt(admin, "wrong-hours", [390, 820, 1440])).toEqual([]);
    await dialog.getByLabel("Monday, from").nth(1).fill("17:30");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });

    await admin.goto(`${at.product.url}/desk#/settings/service-levels`);
    await admin.getByRole("button", { name: "Change urgent" }).click();
    await dialog.getByLabel(/first answer/i).fill("soon");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => dialog.locator('[aria-invalid="true"]').count()).toBe(1);
    await takePicture(admin, "wrong-level-1440");
    await admin.keyboard.press("Escape");

    await admin.goto(`${at.product.url}/desk#/settings/inboxes`);
    await admin.getByRole("button", { name: "Change what is asked first" }).first().click();
    for (const [fields, wrong] of [
      ["name, name", '"name" is asked twice.'],
      ["order:currency", '"currency" is no type of field'],
      ["Order Number", '"Order Number" is no field'],
    ] as const) {
      await dialog.getByLabel("Fields", { exact: true }).fill(fields);
      await dialog.getByRole("button", { name: "Save" }).click();
      await expect.poll(() => wrongAt(admin, "Fields")).toContain(wrong);
    }
    await dialog.getByLabel("Fields", { exact: true }).fill("name");
    await dialog.getByLabel("Teams to choose from (optional)").fill("support nobody");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect.poll(() => wrongAt(admin, "Teams to choose from (optional)")).toMatch(/nobody/);
    expect(await lookAt(admin, "wrong-prechat", [390, 820, 1440])).toEqual([]);
    await admin.context().close();
  }, 90_000);

  test("of whoever a conversation goes to is told where it was written", async () => {
    const visitor = await openVisitor(at.product.url, at.product.demo.inbox);
    const { conversation } = await visitor.hello();
    await visitor.say("person");
    const one = await signIn(at.browser, at.product, "one");
    await one
      .getByRole("button", { name: /Take next/ })
      .and(one.locator(":enabled"))
      .click();
    await one.getByRole("textbox", { name: /^Reply to/ }).waitFor();
    const bar = one.getByRole("combobox", { name: "Command" });
    await one.keyboard.press("Control+k");
    for (const [line, wrong] of [
      ["/conversation transfer to:agent1@demo.example", /can't transfer a conversation to yourself/],
      ["/conversation transfer to:team-of-nobody", /team-of-nobody/],
      [`/conversation merge into:${conversation}`, /can't be merged into itself/],
    ] as const) {
      await bar.fill(line);
      await one.getByRole("dialog").getByRole("option").first().waitFor();
      await bar.press("Enter");
      await one.getByRole("dialog").getByRole("alert").filter({ hasText: wrong }).waitFor();
      expect(await bar.inputValue()).toBe(line);
    }
    expect(await lookAt(one, "wrong-line", [390, 820, 1440])).toEqual([]);
    await one.context().close();
  });

  test("of whoever a conversation can't go to any more, or is of another workspace, stands at its field", async () => {
    const visitor = await openVisitor(at.product.url, at.product.demo.inbox);
    await visitor.hello();
    await visitor.say("person");
    await runAs(at.product, "admin", "team.create", { key: "closing", name: "Closing soon" });
    const { client, end } = await openDatabase(at.product);
    await client.query("insert into tenant (id, slug, name) values (gen_random_uuid(), 'elsewhere', 'Elsewhere')");
    await client.query("insert into account (id, email, name) values (gen_random_uuid(), 'bo@elsewhere.example', 'Bo')");
    await client.query(
      "insert into membership (tenant_id, account_id, roles) select t.id, a.id, '{agent}' from tenant t, account a where t.slug = 'elsewhere' and a.email like 'bo@%'",
    );
    const [one, two] = [await signIn(at.browser, at.product, "one"), await signIn(at.browser, at.product, "two")];
    await one
      .getByRole("button", { name: /Take next/ })
      .and(one.locator(":enabled"))
      .click();
    await one.getByRole("textbox", { name: /^Reply to/ }).waitFor();
    await two.getByRole("button", { name: "Go online" }).click();
    await one.getByRole("button", { name: "Transfer", exact: true }).click();
    const dialog = one.getByRole("dialog");
    await dialog.getByRole("radio", { name: /Closing soon/ }).check({ force: true });
    await runAs(at.product, "admin", "team.update", { key: "closing", active: false });
    const transfer = dialog.getByRole("button", { name: "Transfer", exact: true });
    const told = async (wrong: RegExp) => {
      await transfer.click();
      await dialog.getByRole("alert").filter({ hasText: wrong }).waitFor();
      const group = dialog.getByRole("group", { name: "To" });
      expect(await dialog.locator(`#${await group.getAttribute("aria-describedby")}`).textContent()).toMatch(wrong);
    };
    await told(/There is no active team "closing"/);
    expect(await lookAt(one, "wrong-team", [390, 834, 1440])).toEqual([]);
    await dialog.getByRole("radio", { name: /agent2@demo.example/ }).check({ force: true });
    await client.query(
      "update membership set active = false where account_id = (select id from account where email = 'agent2@demo.example')",
    );
    await told(/There is no active colleague "agent2@demo.example"/);
    await client.query("update membership set active = true");
    await one.keyboard.press("Escape");
    const bar = one.getByRole("combobox", { name: "Command" });
    await one.keyboard.press("Control+k");
    for (const [line, wrong] of [
      ["/conversation transfer to:bo@elsewhere.example", /There is no active colleague "bo@elsewhere.example"/],
      ["/conversation transfer to:nobody@elsewhere.example", /There is no active colleague "nobody@elsewhere.example"/],
      ["/conversation transfer to:closing", /There is no active team "closing"/],
      ["/conversation invite bo@elsewhere.example", /bo@elsewhere.example/],
    ] as const) {
      await bar.fill(line);
      await one.getByRole("dialog").getByRole("option").first().waitFor();
      await bar.press("Enter");
      await one.getByRole("dialog").getByRole("alert").filter({ hasText: wrong }).waitFor();
      expect(await bar.inputValue()).toBe(line);
    }
    await end();
    await Promise.all([one.context().close(), two.context().close(), visitor.close()]);
  }, 90_000);

  test("of a second rating gets a clear word, in the visitor's language", async () => {
    const { client, end } = await openDatabase(at.product);
    for (const [locale, colorScheme, width] of [
      ["de-DE", "dark", 390],
      ["en", "light", 1440],
    ] as const) {
      const german = locale === "de-DE";
      const page = await openPage(at.browser, { locale, colorScheme, viewport: { width, height: 900 } });
      await page.goto(`${at.product.url}/`);
      await page.getByRole("button", { name: german ? "Chat öffnen" : "Open chat" }).click();
      const panel = page.getByRole("dialog");
      await panel.getByRole("textbox", { name: german ? "Nachricht schreiben" : "Write a message" }).fill("help");
      await page.keyboard.press("Enter");
      await panel.getByRole("button", { name: german ? "Mehr" : "More" }).click();
      await panel.getByRole("button", { name: german ? "Chat beenden" : "End the chat" }).click();
      const rate = async (score: number) => {
        await panel.getByRole("radio", { name: german ? `${score} von 5` : `${score} of 5` }).check({ force: true });
        await panel.getByRole("button", { name: german ? "Bewertung senden" : "Send the rating" }).click();
      };
      await rate(4);
      await panel.getByRole("button", { name: german ? "Ändern" : "Change it" }).click();
      await client.query("update rating set at = at - interval '11 minutes'");
      await rate(1);
      const word = german
        ? "Sie haben dieses Gespräch schon bewertet. Eine Bewertung lässt sich 10 Minuten lang ändern."
        : "You rated this conversation before. A rating can be changed for 10 minutes.";
      await panel.getByRole("alert").filter({ hasText: word }).waitFor();
      await takePicture(page, `rated-twice-${width}`);
      expect(await findBarriers(page)).toEqual([]);
      const { rows } = await client.query("select score from rating order by at desc limit 1");
      expect(rows).toEqual([{ score: 4 }]);
      await page.context().close();
    }
    await end();
  }, 60_000);

  test("has no barriers on the page of the API and on the development mailbox", async () => {
    const page = await openPage(at.browser);
    await page.goto(`${at.product.url}/mailbox`);
    expect(await lookAt(page, "mailbox-empty", [390, 820, 1440])).toEqual([]);
    await page.goto(`${at.product.url}/api/docs`);
    await page.getByText("/api/v1/conversations").first().waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.context().close();
  });
});
