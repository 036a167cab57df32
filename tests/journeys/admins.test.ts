import { mkdir } from "node:fs/promises";
import { hash } from "@node-rs/argon2";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/platform/clock/clock.ts";
import { createAuthenticator } from "../fixtures/authenticator.ts";
import { type Browser, findBarriers, openBrowser, openPage, type Page } from "../fixtures/browser.ts";
import { type RunningProduct, startProduct } from "../fixtures/runningProduct.ts";
import { describeWithChromium } from "../fixtures/services.ts";

const pictures = "tests/.output/pictures";
const owner = { email: "", password: "" };

describeWithChromium("whoever runs the place", () => {
  let product: RunningProduct;
  let browser: Browser;
  let database: pg.Client;
  let page: Page;
  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), openBrowser(), mkdir(pictures, { recursive: true })]);
    database = new pg.Client(product.databaseUrl);
    await database.connect();
    await database.query("set app.tenant = '*'");
    Object.assign(
      owner,
      product.demo.accounts.find(({ roles }) => roles.includes("admin")),
    );
    await database.query("update membership set roles = '{owner}' where account_id = (select id from account where email = $1)", [
      owner.email,
    ]);
    page = await openPage(browser, { viewport: { width: 1440, height: 900 } });
    await page.goto(`${product.url}/desk`);
    await page.getByLabel("E-mail").fill(owner.email);
    await page.getByLabel("Password", { exact: true }).fill(owner.password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await database?.end();
    await product?.stop();
  });

  /** Pages at three widths, in both themes; what lies over them once, for it is the same dialog everywhere. */
  async function look(at: Page, name: string, widths: readonly (390 | 834 | 1440)[] = [1440, 834, 390]): Promise<void> {
    const found: string[] = [];
    for (const width of widths) {
      const theme = width === 390 ? "dark" : "light";
      await at.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await at.setViewportSize({ width, height: 900 });
      await at.screenshot({ path: `${pictures}/admins-${name}-${theme}-${width}.png` });
      if (width === 390 || (width === 1440 && !name.startsWith("super"))) found.push(...(await findBarriers(at)));
    }
    await at.emulateMedia({ colorScheme: "light" });
    await at.setViewportSize({ width: 1440, height: 900 });
    expect([name, found]).toEqual([name, []]);
  }

  test("does it by lines in the admin chat, which are completed, filled in by a form, and asked for twice", async () => {
    await page.getByRole("link", { name: "Admin chat" }).click();
    const line = page.getByRole("combobox", { name: "Command" });
    const log = page.getByRole("log");
    await line.fill("/agent invite");
    await page.getByRole("option", { name: /agent\.invite/ }).waitFor();
    await line.fill("/agent invite nina@example.org --team support");
    await line.press("Enter");
    await log.getByText("nina@example.org is invited").waitFor();
    await line.fill("/agents");
    await line.press("Enter");
    await log.getByText("agent1@").first().waitFor();

    // Completed by Tab, and what is missing is asked for.
    await line.fill("/role cre");
    await line.press("Tab");
    await expect.poll(() => line.inputValue()).toBe("/role.create ");
    await line.pressSequentially("night-shift");
    await look(page, "chat");
    await line.press("Enter");
    const form = page.getByRole("dialog");
    expect(await form.getByLabel("Key").inputValue()).toBe("night-shift");
    await form.getByLabel("Name").fill("Night shift");
    await form.getByLabel("Permissions").fill("conversations.read, nothing.there");
    await form.getByRole("button", { name: "Run" }).click();
    await form.getByText("nothing.there").first().waitFor();
    await look(page, "chat-form", [390]);
    await form.getByLabel("Permissions").fill("conversations.read");
    await form.getByRole("button", { name: "Run" }).click();
    await log.getByText("The role Night shift is there.").waitFor();

    // What can't be taken back.
    await line.fill("/role delete night-shift");
    await line.press("Enter");
    await page.getByText("This can't be taken back.").waitFor();
    await look(page, "chat-confirm", [390]);
    await page.getByRole("button", { name: "Cancel" }).click();
    await log.getByText("Nothing was done.").waitFor();
    await line.fill("/role delete night-shift");
    await line.press("Enter");
    await page.getByRole("button", { name: "Do it" }).click();
    await log.getByText("The role is deleted.").waitFor();

    // So is it in the command bar, over which the question stands.
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("What would you like to do?").fill("/tag delete vip");
    // What it knows is fetched when it opens.
    await page.getByRole("dialog").getByRole("option").filter({ hasText: "tag.delete" }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("There is no tag").waitFor();
    await page.keyboard.press("Escape");
    await line.fill("/tag create vip");
    await line.press("Enter");
    await log.getByText("The tag “vip” is made.").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("What would you like to do?").fill("/tag delete vip");
    // What it knows is fetched when it opens.
    await page.getByRole("dialog").getByRole("option").filter({ hasText: "tag.delete" }).first().waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("“vip” is taken off 0 conversations and 0 contacts.").waitFor();
    await page.getByRole("button", { name: "Do it" }).click();
    await page.getByText("The tag “vip” is deleted").waitFor();
    await page.keyboard.press("Escape");

    // A secret is neither sent nor shown.
    await line.fill(`/tag create sbk_${"a1".repeat(20)}`);
    await line.press("Enter");
    await page.getByText("it was not sent").waitFor();
    expect(await log.textContent()).not.toContain("sbk_");
    await line.fill("/nothing there");
    await line.press("Enter");
    await page.getByText('There is no command "/nothing there"').waitFor();
    await line.fill("/agnet invit x@example.org");
    await line.press("Enter");
    await page.getByText('Did you mean "/agent.invite"?').waitFor();
  });

  test("sees who did what, filters it, takes it along, and checks that it is whole", async () => {
    await page.goto(`${product.url}/desk#/settings/audit`);
    await page.getByText("agent.invite").first().waitFor();
    await page.getByLabel("Did what").fill("role");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await expect.poll(() => page.getByRole("list", { name: "Entries" }).getByText("agent.invite").count()).toBe(0);
    await page.getByText("role.delete").first().click();
    await page.getByText("night-shift").first().waitFor();
    await page.getByRole("button", { name: "Check the chain" }).click();
    await page.getByText("entries are as they were written").waitFor();
    await look(page, "audit");
    await page.getByLabel("From").fill("2020-02-01");
    await page.getByLabel("To", { exact: true }).fill("2020-02-02");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await page.getByText("No such entry").waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export as CSV" }).click();
    expect((await download).suggestedFilename()).toBe("audit.csv");

    await database.query("set session_replication_role = replica");
    await database.query("update audit_entry set action = 'tag.create' where action = 'role.create'");
    await page.getByRole("button", { name: "Check the chain" }).click();
    await page.getByText("tampered with").first().waitFor();
    await database.query("update audit_entry set action = 'role.create' where action = 'tag.create'");
  });

  test("names the workspace, makes an inbox with its tag, and takes everything along", async () => {
    await page.goto(`${product.url}/desk#/settings/tenant`);
    const name = page.getByLabel("Name", { exact: true });
    await expect.poll(() => name.inputValue()).toBe("Demo");
    await name.fill("Acme");
    await page.getByLabel("Time zone").fill("Mars/Olympus");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("There is no such time zone").waitFor();
    await page.getByLabel("Time zone").fill("Europe/Lisbon");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("It is saved.").waitFor();
    await look(page, "tenant");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download the workspace" }).click();
    expect((await download).suggestedFilename()).toBe("demo.ndjson");
    await page.getByRole("button", { name: "Delete the workspace…" }).click();
    await page.getByLabel('Write "demo"').fill("acme");
    await page.getByLabel("Your password").fill("not my password at all");
    await page.getByRole("button", { name: "Delete it for good" }).click();
    await page.getByText('Write "demo" to delete').waitFor();
    await look(page, "tenant-delete", [390]);
    await page.getByRole("button", { name: "Keep it" }).click();

    await page.goto(`${product.url}/desk#/settings/inboxes`);
    await page.getByRole("button", { name: "New inbox" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Shop");
    await page.getByLabel("Commands that its visitors may run").fill("reverse");
    await look(page, "inbox", [390]);
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByRole("region", { name: "Shop" }).getByText("data-inbox=").waitFor();

    await page.goto(`${product.url}/desk#/settings/members`);
    await page
      .getByRole("button", { name: /^What to do with (?!the invitation)/ })
      .first()
      .click();
    await page.getByRole("menuitem", { name: /^Reset the second factor/ }).click();
    await page.getByRole("dialog").getByText("a day later the factor counts no more").waitFor();
    await look(page, "reset-factor", [390]);
    await page.getByRole("button", { name: "Cancel" }).click();
  });

  test("finds every page of the settings whole, wide and light as narrow and dark", async () => {
    await page.goto(`${product.url}/desk#/settings/canned`);
    const links = page.getByRole("navigation", { name: "Settings" }).getByRole("link");
    await links.filter({ hasText: "Workspace" }).waitFor();
    const pages = await links.evaluateAll((all) => all.map((link) => link.textContent ?? ""));
    expect(pages.length).toBeGreaterThan(20);
    for (const name of pages) {
      await links.filter({ hasText: new RegExp(`^${name}$`) }).click();
      await page.getByRole("navigation", { name: "Settings" }).locator("[aria-current]", { hasText: name }).waitFor();
      await expect.poll(() => page.locator("main [class*=skeleton]").count()).toBe(0);
      await page.locator("main nav + div > :not([role=alert])").first().waitFor();
      await look(page, `settings-${name}`, [1440, 390]);
    }
  }, 120_000);

  test("signs in at /super, looks into a tenant and deactivates it", async () => {
    const password = "seven owls over water";
    const cheap = await hash(password, { memoryCost: 1024, timeCost: 1, parallelism: 1 });
    await database.query(
      `insert into super_admin (id, email, name, place, password_hash, verified_at) values (gen_random_uuid(), 'root@example.org', 'Root', 1, $1, now())`,
      [cheap],
    );
    const root = await openPage(browser, { viewport: { width: 1440, height: 900 } });
    await root.goto(`${product.url}/super`);
    await look(root, "super-sign-in", [390]);
    await root.getByLabel("Mail").fill("root@example.org");
    await root.getByLabel(/Password/).fill(password);
    await root.keyboard.press("Enter");
    const secret = await root.locator(".secret").textContent();
    await look(root, "super-enrol", [390]);
    const authenticator = createAuthenticator(secret ?? "", systemClock);
    await root.getByLabel(/Code/).fill(authenticator.code());
    await root.keyboard.press("Enter");
    await root.getByRole("heading", { name: "Tenants" }).waitFor();
    await look(root, "super-tenants");
    await root.getByRole("link", { name: "Acme" }).click();
    await root.getByRole("heading", { name: "Acme" }).waitFor();
    await look(root, "super-tenant");
    // Left open for a while, the page asks who it is.
    await database.query("update super_session set factor_at = now() - interval '6 minutes'");
    await database.query("update super_admin set factor_step = 0");
    await root.getByRole("button", { name: "Deactivate the tenant" }).click();
    await root.getByRole("heading", { name: "Is it still you?" }).waitFor();
    await look(root, "super-step-up", [390]);
    await root.getByLabel(/Code/).fill(authenticator.code());
    await root.keyboard.press("Enter");
    await root.getByText("not active any more").waitFor();
    await page.getByText("Your session has ended").waitFor();
    await root.getByRole("button", { name: "Activate the tenant" }).click();
    await root.getByText("It is active.").waitFor();
    await root.getByRole("link", { name: "Tables" }).click();
    await look(root, "super-tables", [390]);
  });
});
