import pg from "pg";
import { expect, test } from "vitest";
import { createAuthenticator } from "../fixtures/authenticator.ts";
import { openPage } from "../fixtures/browser.ts";
import { lookEverywhere } from "../fixtures/lookAround.ts";
import { productInBrowser } from "../fixtures/productInBrowser.ts";
import { describeWithChromium } from "../fixtures/services.ts";

/** Somebody who has put their second factor off for too long, on the real pages of the real product. */
describeWithChromium("the pages of the second factor", () => {
  const at = productInBrowser();

  test("ask for a second factor, and for who one is", async () => {
    const clock = { now: () => Date.now() };
    const account = { email: "", password: "", ...at.product.demo.accounts[1] };
    const change = async (statement: string) => {
      const client = new pg.Client(at.product.databaseUrl);
      await client.connect();
      await client.query(statement).finally(() => client.end());
    };
    const page = await openPage(at.browser, { viewport: { width: 1440, height: 900 } });
    const signIn = async () => {
      await page.getByLabel("E-mail").fill(account.email);
      await page.getByLabel("Password", { exact: true }).fill(account.password);
      await page.keyboard.press("Enter");
    };
    // Somebody who registered 40 days ago and has put it off until now.
    await change("update account set factor_exempt = false, created_at = now() - interval '40 days'");
    await page.goto(`${at.product.url}/desk`);
    await signIn();
    await page.getByRole("heading", { name: "Protect your account" }).waitFor();
    await page.getByRole("button", { name: "Set it up now" }).click();
    const authenticator = createAuthenticator((await page.locator("code").textContent())?.replaceAll(" ", "") ?? "", clock);
    expect(await lookEverywhere(page, "enrolment")).toEqual([]);
    await page.getByLabel("The code that it shows now").fill("000000");
    await page.keyboard.press("Enter");
    await page.getByText("The code is not right").waitFor();
    await page.getByLabel("The code that it shows now").fill(authenticator.code());
    await page.keyboard.press("Enter");
    await page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").nth(9).waitFor();
    await page.getByLabel("I keep them").check();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByRole("navigation").first().waitFor();

    // The code that was just used counts no more; here nobody waits 30 s for the next. The sign-in is six minutes old.
    await change("update second_factor set last_step = 0");
    await change("update session set created_at = created_at - interval '6 minutes'");
    await page
      .getByRole("button", { name: /^Agent Two/ })
      .first()
      .click();
    await page.getByText("Change password").click();
    const password = "seven owls over dark water";
    await page.getByLabel("Current").fill(account.password);
    await page.getByLabel("New").fill(password);
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Is it still you?" });
    await dialog.getByLabel("Code of your authenticator").waitFor();
    expect(await lookEverywhere(page, "step-up")).toEqual([]);
    await dialog.getByLabel("Your password").fill(account.password);
    await dialog.getByLabel("Code of your authenticator").fill(authenticator.code());
    await page.keyboard.press("Enter");
    await page.getByText("Your password is changed.").waitFor();
    account.password = password;
    await page.getByRole("button", { name: "Close" }).click();
    await page.goto(`${at.product.url}/desk#/settings/second-factor`);
    await page.getByRole("button", { name: "Make new recovery codes" }).click();
    await page.getByRole("dialog", { name: "New recovery codes" }).waitFor();
    await page.keyboard.press("Escape");

    await change("update second_factor set last_step = 0");
    await change("update session set revoked_at = now()");
    await page.context().clearCookies();
    await page.reload();
    await signIn();
    await page.getByLabel("Code of your authenticator").waitFor();
    await page.getByLabel("Code of your authenticator").fill(authenticator.code());
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Settings" }).waitFor();
  }, 180_000);
});
