import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, openBrowser, openPage, type Page } from "../fixtures/browser.ts";
import { lookEverywhere } from "../fixtures/lookAround.ts";
import { type OpenIdServer, openIdClient, startOpenIdServer } from "../fixtures/openIdServer.ts";
import { type RunningProduct, startProduct } from "../fixtures/runningProduct.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** To where the provider lets people come back: as Google, and as the demo workspace's own. */
function places({ url }: RunningProduct, ...more: string[]): string[] {
  return [`${url}/desk/signed-in/google`, ...more];
}

describeWithChromium("an account of one's own", () => {
  let product: RunningProduct;
  let browser: Browser;
  let google: OpenIdServer;
  beforeAll(async () => {
    google = await startOpenIdServer();
    const { clientId, clientSecret } = openIdClient;
    const settings = { GOOGLE_ISSUER: google.issuer, GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret };
    [product, browser] = await Promise.all([startProduct(settings), openBrowser()]);
    google.serve(places(product));
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    await google?.stop();
  });

  /** On the provider's own pages. */
  async function allowThere(page: Page, subject: string): Promise<void> {
    await page.getByPlaceholder("Enter any login").fill(subject);
    await page.getByPlaceholder("and password").fill("x");
    await page.getByRole("button").click();
    await page.getByRole("button", { name: "Continue" }).click();
  }

  async function look(page: Page, name: string): Promise<void> {
    expect(await lookEverywhere(page, `account-${name}`)).toEqual([]);
  }

  test("is made by mail, confirmed on another page, and leads to a workspace", async () => {
    const page = await openPage(browser, { colorScheme: "light" });
    await page.goto(`${product.url}/desk`);
    await page.getByRole("link", { name: "Create an account" }).click();
    await page.getByRole("heading", { name: "Create an account" }).waitFor();
    await page.keyboard.type("Ada Byron");
    expect(await page.getByLabel("Your name").inputValue()).toBe("Ada Byron");
    await page.getByLabel("E-mail").fill("ada@example.com");
    await page.getByLabel("Password").fill("too short");
    await page.keyboard.press("Enter");
    await page.getByText("at least 15 characters").waitFor();
    await look(page, "register");
    await page.getByLabel("Password").fill("seven owls over water");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Look into your mail" }).waitFor();
    await look(page, "mailed");
    await page.getByRole("button", { name: "Back to sign in" }).click();
    await page.getByLabel("E-mail").fill("ada@example.com");
    await page.getByLabel("Password", { exact: true }).fill("seven owls over water");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Confirm your mail address" }).waitFor();
    await look(page, "confirm");

    const mailbox = await openPage(browser, { colorScheme: "dark" });
    await mailbox.goto(`${product.url}/mailbox`);
    await mailbox.getByRole("link", { name: "Confirm your mail address" }).first().click();
    const link = await mailbox.locator("body").textContent();
    const address = /http\S+#\/link\/verifyEmail\/[\w-]{43}/.exec(link ?? "")?.[0] ?? "";
    await mailbox.goto(address);
    await mailbox.getByRole("button", { name: "Confirm this address" }).click();
    await mailbox.getByRole("heading", { name: "Your address is confirmed" }).waitFor();
    await look(mailbox, "confirmed");
    await page.getByRole("heading", { name: "Name your workspace" }).waitFor();
    await page.getByLabel("Name", { exact: true }).fill("Acme");
    await page.getByLabel("Short name").fill("Not a name!");
    await page.keyboard.press("Enter");
    await page.getByText("single hyphens").waitFor();
    await look(page, "workspace");
    await page.getByLabel("Short name").fill("acme");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Protect your account" }).waitFor();
  }, 180_000);

  test("shows where one is signed in", async () => {
    const page = await openPage(browser, { colorScheme: "dark" });
    await page.goto(`${product.url}/desk`);
    const { email, password } = product.demo.accounts[0] ?? { email: "", password: "" };
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
    await page.goto(`${product.url}/desk#/settings/account`);
    await page.getByText("this one").waitFor();
    await look(page, "settings");
    await page.getByRole("button", { name: "Delete my account…" }).click();
    await page.getByLabel("Your password").fill("not my password at all");
    await page.keyboard.press("Enter");
    await page.getByText("The password is not right.").waitFor();
    await look(page, "delete");
  }, 180_000);

  test("is linked with a provider, entered by it, and unlinked again", async () => {
    const page = await openPage(browser, { colorScheme: "dark", viewport: { width: 1440, height: 900 } });
    const { email, password } = product.demo.accounts[1] ?? { email: "", password: "" };
    google.people.set("a-person", { email: "private@example.com", email_verified: true, name: "Somebody" });
    await page.goto(`${product.url}/desk`);
    await page.getByRole("button", { name: "Sign in with Google" }).click();
    await allowThere(page, "a-person");
    await page.getByText("No account is linked with this one of Google").waitFor();
    await look(page, "unlinked");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("button", { name: "Sign in with Google" }).waitFor();
    await look(page, "sign-in");
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
    await page.goto(`${product.url}/desk#/settings/account`);
    await page.getByRole("button", { name: "Link Google" }).click();
    await page.getByText("private@example.com").waitFor();
    expect(page.url()).toBe(`${product.url}/desk#/settings/account`);
    await look(page, "linked");
    await page.context().clearCookies({ name: "switchboard_refresh" });
    await page.goto(`${product.url}/desk`);
    await page.getByRole("button", { name: "Sign in with Google" }).click();
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
    await page.goto(`${product.url}/desk#/settings/account`);
    await page.getByRole("button", { name: "Unlink Google" }).click();
    await page.getByRole("button", { name: "Link Google" }).waitFor();
  }, 180_000);

  test("is made by an invitation that an admin sends from the page of members", async () => {
    const admin = await openPage(browser, { viewport: { width: 1440, height: 900 } });
    const { email, password } = product.demo.accounts.find(({ roles }) => roles.includes("admin")) ?? { email: "", password: "" };
    await admin.goto(`${product.url}/desk`);
    await admin.getByLabel("E-mail").fill(email);
    await admin.getByLabel("Password", { exact: true }).fill(password);
    await admin.keyboard.press("Enter");
    await admin.getByRole("heading", { name: "Inbox" }).waitFor();
    await admin.goto(`${product.url}/desk#/settings/members`);
    await admin.getByRole("button", { name: "Invite" }).click();
    await admin.getByLabel("E-mail").fill("nina@example.com");
    await admin.getByLabel("Team").selectOption("support");
    await admin.getByRole("button", { name: "Send the invitation" }).click();
    await admin.getByRole("dialog").waitFor({ state: "detached" });

    const page = await openPage(browser, { colorScheme: "dark" });
    await page.goto(`${product.url}/mailbox`);
    await expect
      .poll(async () => {
        await page.reload();
        return await page.getByText("invites you to Demo").count();
      })
      .toBe(1);
    await page.getByText("invites you to Demo").click();
    await page.goto(/https?:\S+#\/link\/invitation\/\S+/.exec((await page.locator("pre").textContent()) ?? "")?.[0] ?? "");
    await page.getByRole("heading", { name: "You are invited to Demo" }).waitFor();
    await look(page, "invited");
    await page.getByLabel("Your name").fill("Nina New");
    await page.getByLabel("Password").fill("seven owls over water");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Welcome to Demo" }).waitFor();
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Sign in to the desk" }).waitFor();
    await admin.reload();
    await admin.getByText("nina@example.com").waitFor();
  }, 180_000);

  test("signs in by its workspace's own provider, which an owner sets up", async () => {
    const owner = await openPage(browser, { viewport: { width: 1440, height: 900 } });
    const { email, password } = product.demo.accounts.find(({ roles }) => roles.includes("admin")) ?? { email: "", password: "" };
    const database = new pg.Client(product.databaseUrl);
    await database.connect();
    await database.query("set app.tenant = '*'");
    await database.query("update membership set roles = '{owner}' where account_id = (select id from account where email = $1)", [email]);
    await database.end();
    await owner.goto(`${product.url}/desk`);
    await owner.getByLabel("E-mail").fill(email);
    await owner.getByLabel("Password", { exact: true }).fill(password);
    await owner.keyboard.press("Enter");
    await owner.getByRole("heading", { name: "Inbox" }).waitFor();
    await owner.goto(`${product.url}/desk#/settings/sso`);
    const redirect = (await owner.getByText("/desk/signed-in/").textContent()) ?? "";
    google.serve(places(product, redirect));
    await owner.getByRole("button", { name: "Set it up" }).click();
    await owner.getByLabel("Provider's address (issuer)").fill(google.issuer);
    await owner.getByLabel("Client id").fill(openIdClient.clientId);
    await owner.getByLabel("Client secret").fill(openIdClient.clientSecret);
    await owner.getByLabel("Mail addresses of").fill("demo.example");
    await owner.getByRole("button", { name: "Save" }).click();
    await owner.getByText("Addresses of", { exact: true }).waitFor();
    await look(owner, "sso");
    await owner.goto(`${product.url}/desk#/settings/members`);
    await owner.getByRole("button", { name: "Invite" }).click();
    await owner.getByLabel("E-mail").fill("grace@demo.example");
    await owner.getByRole("button", { name: "Send the invitation" }).click();
    await owner.getByRole("dialog").waitFor({ state: "detached" });

    google.people.set("grace", { email: "grace@demo.example", email_verified: true, name: "Grace" });
    google.people.set("stranger", { email: "stranger@demo.example", email_verified: true, name: "Stranger" });
    const come = async (subject: string) => {
      const page = await openPage(browser, { colorScheme: "dark" });
      await page.goto(`${product.url}/desk`);
      await page.getByRole("link", { name: "Use single sign-on" }).click();
      await page.getByLabel("Workspace").fill("demo");
      await page.keyboard.press("Enter");
      await allowThere(page, subject);
      return page;
    };
    const grace = await come("grace");
    await grace.getByRole("heading", { name: "Protect your account" }).waitFor();
    await grace.getByRole("button", { name: "Not now" }).click();
    await grace.getByRole("heading", { name: "Inbox" }).waitFor();
    const refused = await come("stranger");
    await refused.getByText("You have no place in Demo").waitFor();
    await look(refused, "sso-refused");
  }, 180_000);
});
