import { expect, test } from "vitest";
import { findBarriers, type Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";
import { runAs } from "../fixtures/runAs.ts";
import { type SlackService, startSlackService } from "../fixtures/slackService.ts";
import { directOf } from "../fixtures/slackWorld.ts";

let slack: SlackService;

describeInBrowser(
  "Slack, at the desk",
  async () => {
    slack = await startSlackService();
    return { SLACK_API_URL: slack.apiUrl };
  },
  (here) => {
    /** Slack's page on which an admin allows the app: it sends them back at once. */
    const allowAtSlack = async (page: Page) =>
      await page.route("https://slack.com/**", async (route) => {
        const asked = new URL(route.request().url()).searchParams;
        const back = new URL(asked.get("redirect_uri") ?? "");
        back.searchParams.set("state", asked.get("state") ?? "");
        back.searchParams.set("code", slack.allow(asked.get("redirect_uri") ?? ""));
        await route.fulfill({ status: 302, headers: { location: back.href } });
      });

    test("an admin is led through it by keyboard, sees what is missing, and how it is", async () => {
      const { product, signIn } = here();
      const page = await signIn("admin");
      await allowAtSlack(page);
      const press = async (name: string | RegExp) => {
        const button = page.getByRole("button", { name, exact: typeof name === "string" });
        await button.focus();
        await page.keyboard.press("Enter");
      };
      await page.goto(`${product.url}/desk#/settings/channels`);
      await page.getByText("Nothing is connected").waitFor();
      const barriers = await lookAround(page, "channels-none");
      await press("Add Slack");

      // The addresses of the manifest have the app's id before there is one at Slack.
      const manifest = page.getByLabel("The manifest");
      await expect.poll(() => manifest.inputValue()).toContain("/channels/slack/events?app=");
      const { settings } = JSON.parse(await manifest.inputValue());
      const app = new URL(settings.event_subscriptions.request_url).searchParams.get("app") ?? "";
      await page.getByText("Still missing: App ID, Client ID, Client Secret, Signing Secret.").waitFor();
      expect(await page.getByRole("button", { name: "Connect a workspace" }).isDisabled()).toBe(true);
      const download = page.waitForEvent("download");
      await press("Download it");
      expect((await download).suggestedFilename()).toBe("slack-manifest.json");
      barriers.push(...(await lookAround(page, "channels-steps")));

      const { appId, clientId, clientSecret, signingSecret } = slack.world.app;
      await press("Give them");
      const form = page.getByRole("dialog");
      await form.getByLabel("App ID").fill(appId);
      await form.getByLabel("Client ID").fill(clientId);
      await form.getByLabel("Client Secret").fill(clientSecret);
      await page.keyboard.press("Enter");
      await form.locator("#app-signingSecret-wrong").getByText('"signingSecret" is missing').waitFor();
      barriers.push(...(await lookAround(page, "channels-secrets")));
      await form.getByLabel("Signing Secret").fill(signingSecret);
      await page.keyboard.press("Enter");
      await form.waitFor({ state: "detached" });
      await press("Change them");
      expect(await form.getByLabel("Client Secret").inputValue()).toBe("");
      await form.getByRole("button", { name: "Cancel" }).click();
      await form.waitFor({ state: "detached" });

      await press("Connect a workspace");
      await page.getByRole("list", { name: "Connected in Slack" }).getByText("Example").waitFor();
      expect(page.url()).toContain("#/settings/channels");
      await press("Test Example");
      await page.getByText("It works: Example answers.").waitFor();
      slack.callAt({ base: `${product.url}/channels/slack`, app });

      await press("Give a team a room in Example");
      await form.locator("#room-room-offered option[value=general]").waitFor({ state: "attached" });
      await form.getByLabel("Room", { exact: true }).fill("general");
      await form.getByRole("button", { name: "Save" }).press("Enter");
      await form.locator("#room-team-wrong").getByText(/.+/).waitFor();
      await form.getByLabel("Team", { exact: true }).selectOption("support");
      await form.getByRole("button", { name: "Save" }).click();
      await page.getByText("answers in #general").waitFor();
      await press("Send a test message to the room of support");
      await page.getByText("A test message is on its way to #general.").waitFor();
      await expect
        .poll(() => slack.seen("U123ABC456", "C123ABC456").map(({ text }) => text))
        .toContainEqual(expect.stringContaining("test message"));
      await press("Choose the inbox of Example");
      await form.getByLabel("Conversations begin in").selectOption({ index: 0 });
      await form.getByRole("button", { name: "Save" }).click();
      await form.waitFor({ state: "detached" });

      slack.fail("auth.test", { error: "account_inactive" });
      await press("Test Example");
      await page.getByText("It doesn't work").waitFor();
      await page.getByText("Broken").waitFor();
      barriers.push(...(await lookAround(page, "channels-connected")));
      await press("Test Example");
      await page.getByText("It works: Example answers.").waitFor();
      expect(barriers).toEqual([]);
      await page.context().close();
    }, 180_000);

    test("somebody says who they are in Slack by a code, confirms it there, and ends it", async () => {
      const { product, signIn } = here();
      const page = await signIn("one");
      const steve = "U123ABC456";
      const room = directOf(slack.world, steve).id;
      const said = () => slack.seen(steve, room).map(({ text }) => text);
      await slack.say(steve, room, "link");
      await expect.poll(() => said().join(" ")).toMatch(/Your code is [A-Z2-9]{8}/);
      const code = /Your code is ([A-Z2-9]{8})/.exec(said().join(" "))?.[1] ?? "";

      await page.goto(`${product.url}/desk#/settings/account`);
      const field = page.getByLabel("Code", { exact: true });
      await field.fill("AAAAAAAA");
      await page.keyboard.press("Enter");
      await page.locator("#link-code-wrong").getByText("counts no more").waitFor();
      await field.fill(code.toLowerCase());
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Steve in Example (Slack) will be you").waitFor();
      const barriers = await lookAround(page, "links-plan");
      await dialog.getByRole("button", { name: "That is me" }).click();
      await page.getByText("Now say in Slack, as Steve in Example, that it was you.").waitFor();
      // Until they say so there, nobody is linked.
      expect(await page.getByRole("button", { name: "Unlink Steve in Example" }).count()).toBe(0);
      await expect.poll(() => said().join(" ")).toContain("Is that you?");
      await slack.press(steve, room, "Yes, that is me");
      const unlink = page.getByRole("button", { name: "Unlink Steve in Example" });
      await expect
        .poll(async () => {
          await page.evaluate('dispatchEvent(new Event("focus"))');
          return await unlink.count();
        })
        .toBe(1);
      expect(await page.getByText("Now say in Slack").count()).toBe(0);
      barriers.push(...(await lookAround(page, "links")));
      await unlink.focus();
      await page.keyboard.press("Enter");
      await page.getByText("They are not you any more.").waitFor();
      await expect.poll(() => unlink.count()).toBe(0);
      expect([...barriers, ...(await findBarriers(page))]).toEqual([]);
      await page.context().close();
    }, 120_000);

    test("a message to a colleague and a room is written by keyboard, says whom it can't reach, and arrives there", async () => {
      const { product, signIn } = here();
      const [steve, general] = ["U123ABC456", "C123ABC456"];
      const room = directOf(slack.world, steve).id;
      const said = () => slack.seen(steve, room).map(({ text }) => text);
      const codes = () => said().flatMap((text) => /Your code is (\w{8})/.exec(text)?.[1] ?? []);
      const before = codes().length;
      await slack.say(steve, room, "link");
      await expect.poll(() => codes().length).toBe(before + 1);
      await runAs(product, "agent", "me.link", { code: codes().at(-1) });
      await slack.press(steve, room, "Yes, that is me");
      await expect.poll(() => said().at(-1)).toContain("You are linked");

      const page = await signIn("admin");
      const press = async (name: string | RegExp) => {
        const button = page.getByRole("button", { name, exact: typeof name === "string" });
        await button.first().focus();
        await page.keyboard.press("Enter");
      };
      await page.goto(`${product.url}/desk#/operations/+message`);
      await page.getByLabel("Name", { exact: true }).first().fill("shop-news");
      await page.getByLabel("What it does").fill("Tells colleagues what is new.");
      await page.getByLabel("By", { exact: true }).selectOption({ label: "Slack" });
      await page.getByLabel("To, one a line").fill("agent1@demo.example\nagent2@demo.example");
      await page.getByLabel("And in rooms").selectOption({ label: "#general (Example)" });
      await page.getByRole("list", { name: "Rooms" }).getByText("#general (Example)").waitFor();
      await page.getByLabel("Text", { exact: true }).fill("{{what}} is back.");
      await press("Add parameter what");
      await page.getByLabel("what", { exact: true }).fill("The shop");
      await press("Try");
      await page.getByText("Left out: agent2@demo.example; they are not linked in Slack.").waitFor();
      const barriers = await lookAround(page, "channels-message");
      await page.setViewportSize({ width: 1440, height: 900 });
      await press("Publish v1");
      await page.getByText(/runs now: write/).waitFor();

      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Command" }).fill('/shop-news what:"The shop"');
      await page.getByRole("option", { name: /^(Run )?\/shop-news/ }).click();
      await expect.poll(said, { timeout: 15_000 }).toContainEqual(expect.stringContaining("The shop is back."));
      await expect
        .poll(() => slack.seen(steve, general).map(({ text }) => text), { timeout: 15_000 })
        .toContainEqual(expect.stringContaining("The shop is back."));
      barriers.push(...(await lookAround(page, "channels-message-run")));
      expect(barriers).toEqual([]);
      await page.context().close();
    }, 120_000);

    test("an admin disconnects it once they were asked, and forgets the app", async () => {
      const { product, signIn } = here();
      const page = await signIn("admin");
      await page.goto(`${product.url}/desk#/settings/channels`);
      await page.getByRole("button", { name: "Disconnect Example" }).click();
      await page.getByRole("dialog", { name: "Disconnect Example?" }).getByRole("button", { name: "Disconnect", exact: true }).click();
      await page.getByRole("heading", { name: "Example" }).waitFor({ state: "detached" });
      await page.getByRole("button", { name: /^Forget the app of Slack/ }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Forget it" }).click();
      await page.getByText("Nothing is connected").waitFor();
      await page.context().close();

      // Who may not manage people finds neither the page nor a way to it.
      const other = await signIn("one");
      await other.goto(`${product.url}/desk#/settings/channels`);
      await other.getByText("You may not see this.").waitFor();
      await other.context().close();
      await slack.stop();
    }, 60_000);
  },
);
