import { beforeAll, expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";

/** An admin limits a role to some fields and entities of a blueprint, and whoever has it sees no more. */
describeInBrowser(
  "roles",
  async () => ({}),
  (here) => {
    let admin: Page;
    let agent: Page;
    beforeAll(async () => {
      [admin, agent] = await Promise.all([here().signIn("admin"), here().signIn("one")]);
    }, 60_000);

    /** In the admin chat. */
    const say = async (line: string, answer: string | RegExp) => {
      const input = admin.getByRole("combobox", { name: "Command" });
      await input.fill(line);
      await input.press("Enter");
      await admin.getByRole("log").getByText(answer).first().waitFor();
    };

    test("a role is limited on its page, and at once for who has it", async () => {
      await admin.getByRole("link", { name: "Admin chat" }).click();
      await say("/blueprint create cars Car", '"cars" is there');
      await say("/blueprint.add-field cars cost integer", "as of version 2");
      // Its commands are new.
      await admin.reload();
      await admin.getByRole("combobox", { name: "Command" }).waitFor();
      await say("/cars create name:Red cost:7777", "CAR-1 is made.");
      await say("/cars create name:Blue cost:8888", "CAR-2 is made.");

      await admin.goto(`${here().product.url}/desk#/settings/roles`);
      await admin.getByRole("button", { name: "New role" }).click();
      const form = admin.getByRole("dialog", { name: "New role" });
      await form.getByLabel("Name").fill("Drivers");
      await form.getByLabel("May do").fill("conversations.read, commands.run, entities.read, entities.change");
      await form.getByLabel("Only the blueprints").fill("cars");
      const limits = form.getByRole("group", { name: "Within cars" });
      // By the keyboard alone.
      await limits.getByRole("checkbox", { name: "Reads cost" }).press("Space");
      expect(await limits.getByRole("checkbox", { name: "Writes cost" }).isChecked()).toBe(false);
      await limits.getByLabel(/^Only a car/).fill('{"name": ');
      await form.getByRole("button", { name: "Save" }).click();
      await form.getByText("The filter must be JSON").waitFor();
      await limits.getByLabel(/^Only a car/).fill('{"name": {"eq": "Red"}}');
      await limits.scrollIntoViewIfNeeded();
      expect(await lookAround(admin, "role-limits")).toEqual([]);
      await form.getByRole("button", { name: "Save" }).click();
      await form.waitFor({ state: "detached" });
      await admin.setViewportSize({ width: 1440, height: 900 });
      await admin.getByText("some of cars").waitFor();

      const { email } = here().product.demo.accounts[0] ?? { email: "" };
      await admin.getByRole("link", { name: "Admin chat" }).click();
      await say(`/role grant ${email} drivers`, "has the role drivers");
      await say(`/role revoke ${email} agent`, "has no longer the role agent");

      await agent.goto(`${here().product.url}/desk#/data/cars`);
      await agent.reload();
      await agent.getByRole("row", { name: /CAR-1/ }).waitFor();
      expect(await agent.getByRole("row", { name: /CAR-2/ }).count()).toBe(0);
      expect(await agent.getByRole("columnheader", { name: /cost/i }).count()).toBe(0);
      expect(await agent.getByRole("main").textContent()).not.toContain("7777");
    });
  },
);
