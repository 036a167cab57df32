import { beforeAll, expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";
import { askerOf } from "../fixtures/tokenOf.ts";

/** Many entities, and how else they are looked at. */
describeInBrowser(
  "entities",
  async () => ({}),
  (here) => {
    let admin: Page;
    let ask: (path: string, body: object) => Promise<number>;
    beforeAll(async () => {
      admin = await here().signIn("admin");
      ask = await askerOf(admin, here().product.url);
      const fields = [
        { key: "id", name: "Id", type: "sequence", prefix: "DEL-" },
        { key: "deliver_from", name: "Deliver from", type: "text" },
        { key: "deliver_to", name: "Deliver to", type: "text" },
        { key: "status", name: "Status", type: "choice", choices: ["PENDING", "IN_PROGRESS", "DELIVERED"], default: "PENDING" },
      ];
      expect(await ask("blueprints", { key: "deliveries", name: "Delivery", fields })).toBe(201);
      for (const deliver_to of ["Lyon", "Bern", "Lisbon"])
        expect(await ask("blueprints/deliveries/entities", { values: { deliver_from: "Porto", deliver_to } })).toBe(201);
    }, 60_000);

    const wide = async (page: Page) => await page.setViewportSize({ width: 1440, height: 900 });
    const cell = (page: Page, row: string, column: number) =>
      page
        .getByRole("row", { name: new RegExp(row) })
        .getByRole("gridcell")
        .nth(column);

    test("on the board, a delivery is moved from state to state by the pointer and by keys", async () => {
      await admin.goto(`${here().product.url}/desk#/data/deliveries/+board`);
      const lane = (name: string) => admin.getByRole("region", { name, exact: true });
      const card = (of: string, name: string) => lane(of).getByRole("button", { name, exact: true });
      await card("PENDING", "DEL-1").waitFor();
      await lane("PENDING").getByRole("button", { name: "Move DEL-1" }).waitFor();
      expect(await lookAround(admin, "data-board")).toEqual([]);
      await wide(admin);
      // The lanes are of another width a moment after the window.
      await admin.waitForTimeout(500);
      const [from, to] = await Promise.all([card("PENDING", "DEL-1").boundingBox(), lane("DELIVERED").boundingBox()]);
      if (from === null || to === null) throw new Error("The board isn't there.");
      await admin.mouse.move(from.x + 60, from.y + 4);
      await admin.mouse.down();
      await admin.mouse.move(to.x + 80, to.y + 120, { steps: 8 });
      await admin.getByText("DEL-1 is over DELIVERED.").waitFor();
      await admin.mouse.up();
      await card("DELIVERED", "DEL-1").waitFor();
      await card("PENDING", "DEL-1").waitFor({ state: "detached" });

      await lane("DELIVERED").getByRole("button", { name: "Move DEL-1" }).focus();
      await admin.keyboard.press("Space");
      await admin.getByText("DEL-1 is over DELIVERED.").waitFor();
      await admin.keyboard.press("ArrowLeft");
      await admin.getByText("DEL-1 is over IN_PROGRESS.").waitFor();
      await admin.keyboard.press("Space");
      await card("IN_PROGRESS", "DEL-1").waitFor();
      await lane("IN_PROGRESS").getByRole("button", { name: "Move DEL-1" }).focus();
      await admin.keyboard.press("Alt+ArrowLeft");
      await card("PENDING", "DEL-1").waitFor();
      await card("PENDING", "DEL-1").click();
      await expect
        .poll(async () => await admin.getByRole("complementary", { name: "DEL-1" }).getByRole("region", { name: "History" }).textContent())
        .toMatch(/Status\s*IN_PROGRESS.*PENDING/);
    }, 90_000);

    test("more than a thousand are scrolled through, page by page, and only those in sight are drawn", async () => {
      for (let batch = 0; batch < 3; batch++) {
        const items = Array.from({ length: 400 }, (_, index) => ({ values: { deliver_from: `From ${batch}`, deliver_to: `To ${index}` } }));
        expect(await ask("blueprints/deliveries/entities/batch", { items })).toBe(201);
      }
      await admin.goto(`${here().product.url}/desk#/data/deliveries`);
      await admin.reload();
      for (const item of ["Order upwards", "Don’t order by it"]) {
        await admin.getByRole("button", { name: "Column Deliver to" }).click();
        await admin.getByRole("menuitem", { name: item }).click();
      }
      await admin.getByRole("row", { name: /DEL-1203/ }).waitFor();
      await cell(admin, "DEL-1203", 1).focus();
      for (let page = 0; page < 60; page++) {
        await admin.keyboard.press("Control+ArrowDown");
        if ((await admin.getByRole("row", { name: /DEL-1\D/ }).count()) > 0) break;
        await admin.waitForTimeout(100);
      }
      await admin.getByRole("row", { name: /DEL-1\D/ }).waitFor();
      expect(await admin.getByRole("row").count()).toBeLessThan(80);
    }, 60_000);
  },
);
