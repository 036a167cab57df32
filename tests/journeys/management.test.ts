import pg from "pg";
import { expect, test } from "vitest";
import { runSu } from "../../src/cli/runSu.ts";
import { createAuthenticator } from "../fixtures/authenticator.ts";
import { openPage, type Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { choose, isFocused, press, tabTo, writeInto } from "../fixtures/keys.ts";
import { lookEverywhere } from "../fixtures/lookAround.ts";
import { keepSecret } from "../fixtures/secretsLeft.ts";
import { openTypist } from "../fixtures/typist.ts";

/** Whoever manages the place, without ever touching the mouse: once the page is opened, nothing but keys is sent to it. */
describeInBrowser(
  "managing by keyboard alone",
  async () => ({}),
  (here) => {
    const look = async (page: Page, name: string) => expect([name, await lookEverywhere(page, `manage-${name}`)]).toEqual([name, []]);
    const closed = (page: Page) => page.getByRole("dialog").waitFor({ state: "detached" });

    test("an admin invites, gives a role, makes one, ends a session, and filters and exports the audit", async () => {
      const { product } = here();
      const page = await here().signIn("admin");
      const elsewhere = await here().signIn("admin");
      const goTo = async (name: string) => {
        await press(page, new RegExp(`^${name}$`), 120);
        await page.getByRole("navigation", { name: "Settings" }).locator("[aria-current]", { hasText: name }).waitFor();
      };

      await page.goto(`${product.url}/desk#/settings/members`);
      await page.getByText("agent1@").first().waitFor();
      await press(page, /^Invite$/);
      await isFocused(page, /^E-mail/);
      await page.keyboard.type("nina@example.org");
      await tabTo(page, /^Team/);
      await page.keyboard.type("Sup");
      await look(page, "invite");
      await page.keyboard.press("Enter");
      await press(page, /^Send the invitation$/);
      await closed(page);
      await page.getByText("until").first().waitFor();
      await isFocused(page, /^Invite$/);
      await look(page, "members");

      // What waits is sent again, and then taken back.
      for (const [what, label, button] of [
        ["Send it again…", "invitation.resend", /^Send it$/],
        ["Withdraw…", "invitation.revoke", /^Withdraw it$/],
      ] as const) {
        await press(page, /^What to do with the invitation of nina@/);
        await choose(page, new RegExp(`^${what}`));
        await page.getByRole("dialog").getByText(label).waitFor();
        await look(page, label);
        await press(page, button);
        await closed(page);
      }
      await page.getByText("nina@example.org").waitFor({ state: "detached" });

      await goTo("Roles");
      await page.getByText("Owner").first().waitFor();
      await look(page, "roles");
      await press(page, /^New role$/);
      await isFocused(page, /^Name/);
      await page.keyboard.type("Night shift");
      await writeInto(page, /^May do/, "conversations.read, nothing.there");
      await press(page, /^Save$/);
      await page.getByText("nothing.there").last().waitFor();
      await look(page, "role-wrong");
      await writeInto(page, /^May do/, "conversations.read");
      await press(page, /^Save$/);
      await closed(page);
      await page.getByText("Night shift").first().waitFor();

      await goTo("Members");
      await page.getByText("agent1@").first().waitFor();
      await press(page, /^What to do with Agent One/);
      await choose(page, /role\.grant/);
      await tabTo(page, /^Role/);
      await page.keyboard.type("Night");
      await look(page, "give-role");
      await press(page, /^Give it$/);
      await closed(page);
      await page.getByText("night-shift").first().waitFor();

      await goTo("My account");
      await page.getByText("this one").waitFor();
      await look(page, "sessions");
      await press(page, /^End the session of/);
      await elsewhere.getByText("Your session has ended").waitFor();
      await expect.poll(() => page.getByRole("button", { name: /^End the session/ }).count()).toBe(0);

      await goTo("Who did what");
      await page.getByText("agent.invite").first().waitFor();
      await writeInto(page, /^Did what/, "role");
      await page.keyboard.press("Enter");
      await expect.poll(() => page.getByRole("list", { name: "Entries" }).getByText("agent.invite").count()).toBe(0);
      await page.getByText("role.grant").first().waitFor();
      await look(page, "audit");
      const download = page.waitForEvent("download");
      await press(page, /^Export as CSV$/);
      expect((await download).suggestedFilename()).toBe("audit.csv");
      await tabTo(page, /role\.grant/);
      await page.keyboard.press("Enter");
      await page.getByText("Hash").first().waitFor();
      await look(page, "audit-entry");
    }, 240_000);

    test("a super admin takes the three steps, makes a tenant, changes a row and deletes one", async () => {
      const { product, browser } = here();
      const typist = openTypist({ answers: ["y"] });
      const words = ["add", "--email", "root@example.org", "--name", "Root"];
      const env = { DATABASE_URL: product.databaseUrl };
      expect(await runSu({ words, env, terminal: typist.terminal, hashCost: { memoryKiB: 1024, passes: 1 } }).ended).toBe(0);
      const page = await openPage(browser, { viewport: { width: 1440, height: 900 } });
      const heading = (name: string) => page.getByRole("heading", { name, level: 1 }).waitFor();
      await page.goto(`${product.url}/super`);
      await look(page, "super-sign-in");
      await writeInto(page, /^Mail/, "root@example.org");
      await writeInto(page, /^Password/, "not the secret");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
      await look(page, "super-sign-in-wrong");
      await writeInto(page, /^Password/, keepSecret(/Secret +(\S+)/.exec(typist.printed())?.[1] ?? ""));
      await page.keyboard.press("Enter");
      await heading("Choose a password");
      await look(page, "super-password");
      await writeInto(page, /^New password/, keepSecret("seven owls over water"));
      await page.keyboard.press("Enter");
      await heading("Confirm your mail address");
      await press(page, /^Mail the link$/);
      await page.getByRole("status").waitFor();
      await look(page, "super-mail");
      const mailbox = await openPage(browser);
      await mailbox.goto(`${product.url}/mailbox`);
      await mailbox
        .getByRole("link", { name: /Confirm/ })
        .first()
        .click();
      const link = /http\S+\/super\/mail\?token=[\w-]+/.exec((await mailbox.locator("body").textContent()) ?? "")?.[0] ?? "";
      await mailbox.goto(link);
      await look(mailbox, "super-mail-link");
      await press(mailbox, /^Confirm$/);
      await mailbox.getByText("The address is confirmed").waitFor();
      await look(mailbox, "super-mail-confirmed");
      await press(page, /^I have confirmed it$/);
      await heading("Second factor");
      const authenticator = createAuthenticator((await page.locator(".secret").textContent()) ?? "", { now: () => Date.now() });
      await look(page, "super-enrol");
      await writeInto(page, /^Code/, authenticator.code());
      await page.keyboard.press("Enter");
      await heading("Tenants");

      await writeInto(page, /^Name/, "Acme");
      await writeInto(page, /^Slug/, "Not a slug");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").waitFor();
      await look(page, "super-tenants");
      expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Acme");
      await writeInto(page, /^Slug/, "acme");
      await page.keyboard.press("Enter");
      await heading("Acme");
      await look(page, "super-tenant-new");
      await press(page, /^Tenants$/);
      await heading("Tenants");
      await press(page, /^Demo$/);
      await heading("Demo");
      await look(page, "super-tenant");

      await press(page, /^Tables$/);
      await heading("Tables");
      await look(page, "super-tables");
      await press(page, /^tag$/, 200);
      await heading("tag");
      await look(page, "super-table-empty");
      await press(page, /^Tables$/);
      await heading("Tables");
      await press(page, /^tenant$/, 200);
      await heading("tenant");
      await look(page, "super-table");
      await writeInto(page, /^Search in what is shown/, "acme");
      await page.keyboard.press("Enter");
      await page.waitForURL(/search=acme/);
      await press(page, /^Open row 1$/);
      await heading("Row of tenant");
      await writeInto(page, /^audit_days/, "9");
      await press(page, /^Save$/);
      await page.getByRole("alert").waitFor();
      await look(page, "super-row-wrong");
      await writeInto(page, /^audit_days/, "100");
      await press(page, /^Save$/);
      await page.getByRole("status").waitFor();

      await press(page, /^Tables$/);
      await heading("Tables");
      await press(page, /^team_member$/, 200);
      await heading("team_member");
      const rows = await page.getByRole("link", { name: /^Open row/ }).count();
      await press(page, /^Open row 1$/);
      await heading("Row of team_member");
      await look(page, "super-row");
      // Left open for a while, it asks who it is before the row goes.
      const database = new pg.Client(product.databaseUrl);
      await database.connect();
      await database.query("set app.tenant = '*'");
      await database.query("update super_session set factor_at = now() - interval '6 minutes'");
      await database.query("update super_admin set factor_step = 0");
      await press(page, /^Delete for good$/);
      await heading("Is it still you?");
      await look(page, "super-step-up");
      await writeInto(page, /^Code/, authenticator.code());
      await page.keyboard.press("Enter");
      await heading("team_member");
      expect(await page.getByRole("link", { name: /^Open row/ }).count()).toBe(rows - 1);
      await database.end();
      await page.goto(`${product.url}/super/nothing`);
      await page.getByText("There is no such page.").waitFor();
      await look(page, "super-error");
    }, 240_000);
  },
);
