import { beforeAll, expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";
import { askerOf } from "../fixtures/tokenOf.ts";

/** What entities come to: their count, sums at the foot, and groups. */
describeInBrowser(
  "groups of entities",
  async () => ({}),
  (here) => {
    let admin: Page;
    beforeAll(async () => {
      admin = await here().signIn("admin");
      const ask = await askerOf(admin, here().product.url);
      const fields = [
        { key: "id", name: "Id", type: "sequence", prefix: "STO-" },
        { key: "type", name: "Type", type: "text" },
        { key: "status", name: "Status", type: "choice", choices: ["NEW", "STORED", "SOLD"], indexed: true },
        { key: "qty", name: "Quantity", type: "integer" },
        { key: "price", name: "Price", type: "money", currency: "EUR" },
        { key: "due", name: "Due", type: "date" },
      ];
      expect(await ask("blueprints", { key: "stock", name: "Stock item", fields })).toBe(201);
      const items = Array.from({ length: 24 }, (_, n) => ({
        values: {
          type: ["bolts", "nuts"][n % 2],
          ...(n % 4 === 3 ? {} : { status: ["NEW", "STORED", "SOLD"][n % 4] }),
          qty: n,
          price: `${n}.10`,
          due: `2026-0${1 + (n % 3)}-10`,
        },
      }));
      expect(await ask("blueprints/stock/entities/batch", { items })).toBe(201);
    }, 60_000);

    test("a table tells how many there are and what its columns come to; rows are gathered, opened and closed by keys", async () => {
      await admin.goto(`${here().product.url}/desk#/data/stock`);
      const foot = admin.getByRole("row", { name: "Of all" });
      await expect.poll(() => foot.textContent()).toContain("Sum276");
      await expect.poll(() => foot.textContent()).toContain("278.40");
      await admin.getByText("24", { exact: true }).waitFor();
      expect(await lookAround(admin, "data-foot")).toEqual([]);
      await admin.setViewportSize({ width: 1440, height: 900 });
      await admin.getByRole("button", { name: "Sum of Quantity" }).focus();
      await admin.keyboard.press("Enter");
      await admin.getByRole("menuitem", { name: "Mean" }).focus();
      await admin.keyboard.press("Enter");
      await expect.poll(() => foot.textContent()).toContain("Mean11.5");

      await admin.getByRole("button", { name: "Group", exact: true }).click();
      await admin.getByRole("menuitemradio", { name: "Status" }).click();
      const line = (name: string) => admin.getByRole("button", { name: new RegExp(`^${name} 6`) });
      await line("NEW").waitFor();
      const order = await admin.locator("[data-group] b").allTextContents();
      expect(order).toEqual(["NEW", "STORED", "SOLD", "Nothing"]);
      await line("NEW").focus();
      await admin.keyboard.press("ArrowDown");
      await admin.keyboard.press("ArrowRight");
      await admin
        .getByRole("region", { name: "STORED" })
        .getByRole("row", { name: /STO-2\D/ })
        .waitFor();
      expect(await admin.getByRole("row", { name: /STO-\d/ }).count()).toBe(6);
      expect(await lookAround(admin, "data-groups")).toEqual([]);
      await admin.setViewportSize({ width: 1440, height: 900 });
      await line("STORED").focus();
      await admin.keyboard.press("ArrowLeft");
      await admin.getByRole("row", { name: /STO-2\D/ }).waitFor({ state: "detached" });

      await admin.getByRole("button", { name: "By Status" }).click();
      await admin.getByRole("menuitemradio", { name: "Due, by the month" }).click();
      await admin.getByRole("button", { name: /^February 2026 8/ }).waitFor();
    }, 90_000);

    test("how one looks is saved under a name, for everyone, and chosen again by whoever may read them", async () => {
      await admin.goto(`${here().product.url}/desk#/data/stock`);
      await admin.getByRole("button", { name: "Views", exact: true }).click();
      await admin.getByRole("menuitem", { name: "Save as a new view…" }).click();
      const dialog = admin.getByRole("dialog", { name: "Save as a new view" });
      await dialog.getByLabel("Name").fill("By month");
      await dialog.getByLabel("For everyone who may read these").check();
      expect(await lookAround(admin, "data-view")).toEqual([]);
      await dialog.getByRole("button", { name: "Save" }).click();
      await admin.getByRole("button", { name: "By month", exact: true }).waitFor();

      const agent = await here().signIn("one");
      await agent.goto(`${here().product.url}/desk#/data/stock`);
      await agent.getByRole("row", { name: /STO-24/ }).waitFor();
      await agent.getByRole("button", { name: "Views", exact: true }).click();
      await agent.getByRole("menuitem", { name: /By month/ }).click();
      await agent.getByRole("button", { name: /^February 2026 8/ }).waitFor();
      await agent.getByRole("button", { name: "By month", exact: true }).click();
      expect(await agent.getByRole("menuitem", { name: /Delete/ }).count()).toBe(0);
    }, 90_000);
  },
);
