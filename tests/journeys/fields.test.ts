import { beforeAll, expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";
import { askerOf } from "../fixtures/tokenOf.ts";
import { onePixel } from "../fixtures/uploads.ts";

/** Fields whose values name something: people, files, other entities; and what is computed of them. */
describeInBrowser(
  "fields",
  async () => ({}),
  (here) => {
    let admin: Page;
    let ask: (path: string, body: object) => Promise<number>;
    beforeAll(async () => {
      admin = await here().signIn("admin");
      ask = await askerOf(admin, here().product.url);
    }, 60_000);

    const open = async (path: string) => {
      await admin.setViewportSize({ width: 1440, height: 900 });
      await admin.goto(`${here().product.url}/desk#/data/${path}`);
      await admin.reload();
    };

    test("a person and a picture are fields: made in the editor, written in the form, and shown by name", async () => {
      expect(await ask("blueprints", { key: "visits", name: "Visit" })).toBe(201);
      await open("visits/+blueprint");
      for (const [type, name] of [
        ["Person", "Owner"],
        ["File", "Photos"],
      ] as const) {
        await admin.getByRole("button", { name: type, exact: true }).click();
        await admin.getByRole("list", { name: "Fields" }).getByLabel("Name", { exact: true }).fill(name);
      }
      await admin.getByLabel("Most files").fill("2");
      await admin.getByLabel("Types that are taken").fill("image/*");
      await admin.getByRole("button", { name: "Save v2" }).click();
      await admin.getByText("Version 2 is there.").waitFor();

      await open("visits/+new");
      const form = admin.getByRole("complementary", { name: "New visit" });
      await form.getByLabel("Name").fill("First");
      await form.getByLabel("Owner").fill("admin@demo.example");
      await form.locator("input[type=file]").setInputFiles({ name: "door.png", mimeType: "image/png", buffer: onePixel });
      await form.getByRole("button", { name: "Take door.png off" }).waitFor();
      await form.getByRole("button", { name: "Make it" }).click();
      await form.getByText("VIS-1 is made.").waitFor();
      const row = admin.getByRole("row", { name: /VIS-1/ });
      expect(await row.textContent()).toMatch(/Admin.*door\.png/);

      await row.getByRole("button", { name: "VIS-1" }).click();
      const panel = admin.getByRole("complementary", { name: "VIS-1" });
      await panel.getByRole("link", { name: "door.png" }).waitFor();
      expect(await panel.getByLabel("Owner").inputValue()).toBe("Admin");
      expect(await lookAround(admin, "fields-named")).toEqual([]);
    }, 90_000);

    test("an order leads to its customer, and the customer to its orders; what is in the trash is shown so", async () => {
      const name = { key: "name", name: "Name", type: "text" };
      const number = (prefix: string) => ({ key: "id", name: "Id", type: "sequence", prefix });
      expect(await ask("blueprints", { key: "customers", name: "Customer", fields: [number("CUS-"), name] })).toBe(201);
      for (const each of ["Baker", "Smith"]) expect(await ask("blueprints/customers/entities", { values: { name: each } })).toBe(201);
      expect(await ask("blueprints", { key: "orders", name: "Order", fields: [number("ORD-"), name] })).toBe(201);
      await open("orders/+blueprint");
      await admin.getByRole("button", { name: "Relation", exact: true }).click();
      await admin.getByRole("list", { name: "Fields" }).getByLabel("Name", { exact: true }).fill("Customer");
      await admin.getByLabel("Leads to").selectOption("customers");
      await admin.getByLabel("Called there").fill("Their orders");
      await admin.getByRole("button", { name: "Save v2" }).click();
      await admin.getByText("Version 2 is there.").waitFor();

      await open("orders/+new");
      const form = admin.getByRole("complementary", { name: "New order" });
      await form.getByLabel("Customer").fill("Baker");
      await form.locator("datalist option[value='CUS-1']").waitFor({ state: "attached" });
      await form.getByLabel("Customer").fill("CUS-1");
      await form.getByRole("button", { name: "Make it" }).click();
      await form.getByText("ORD-1 is made.").waitFor();
      const row = admin.getByRole("row", { name: /ORD-1/ });
      expect(await row.textContent()).toContain("CUS-1");
      await row.getByRole("button", { name: "ORD-1" }).click();
      const order = admin.getByRole("complementary", { name: "ORD-1" });
      await order.getByRole("region", { name: "Relations" }).getByRole("link", { name: "CUS-1" }).click();
      const customer = admin.getByRole("complementary", { name: "CUS-1" });
      await customer.getByRole("list", { name: "Their orders" }).getByRole("link", { name: "ORD-1" }).waitFor();
      expect(await lookAround(admin, "fields-relation")).toEqual([]);

      await admin.setViewportSize({ width: 1440, height: 900 });
      await customer.getByRole("button", { name: "Move to the trash" }).click();
      await customer.waitFor({ state: "detached" });
      await open("orders");
      await admin.getByRole("row", { name: /ORD-1.*CUS-1 \(in the trash\)/ }).waitFor();
    }, 90_000);

    test("a formula is chosen and never programmed, and shows what it gives", async () => {
      const fields = [
        { key: "name", name: "Name", type: "text" },
        { key: "state", name: "State", type: "choice", choices: ["OPEN", "PAID"], default: "OPEN", section: "Progress" },
        { key: "qty", name: "Qty", type: "integer", section: "Amounts" },
        { key: "price", name: "Price", type: "money", currency: "EUR" },
      ];
      expect(await ask("blueprints", { key: "lines", name: "Line", fields })).toBe(201);
      expect(await ask("blueprints/lines/entities", { values: { name: "Flour", qty: 3, price: "19.90" } })).toBe(201);
      await open("lines/+blueprint");
      await admin.getByRole("button", { name: "Formula", exact: true }).click();
      await admin.getByRole("list", { name: "Fields" }).getByLabel("Name", { exact: true }).fill("Cost");
      await admin.getByLabel("Computes").selectOption("product");
      const made = admin.getByRole("group", { name: "What Cost is made of" });
      for (const each of ["Qty", "Price"]) await made.getByRole("checkbox", { name: each }).check();
      expect(await lookAround(admin, "fields-formula")).toEqual([]);
      await admin.setViewportSize({ width: 1440, height: 900 });
      await admin.getByRole("button", { name: "Save v2" }).click();
      await admin.getByText("Version 2 is there.").waitFor();

      await open("lines");
      const row = admin.getByRole("row", { name: /Flour/ });
      await row.getByText("€59.70").waitFor();
      await row.getByRole("button", { name: "Flour" }).click();
      await admin.getByRole("complementary", { name: "Flour" }).getByText("€59.70").waitFor();
    }, 90_000);

    test("forms show fields under their headings, and cards those that are put on cards", async () => {
      await open("lines/+blueprint");
      const list = admin.getByRole("list", { name: "Fields" });
      await list.getByRole("button", { name: "Price price" }).click();
      await list.getByLabel("Under the heading").fill("Amounts");
      await list.getByRole("checkbox", { name: "On cards" }).check();
      const preview = admin.getByRole("region", { name: "Preview" }).getByRole("group", { name: "Amounts" });
      await preview.getByLabel("Price").waitFor();
      await admin.getByRole("button", { name: "Save v3" }).click();
      await admin.getByText("Version 3 is there.").waitFor();
      await open("lines/+board");
      const card = admin.getByRole("region", { name: "OPEN", exact: true }).locator("dl");
      await card.getByText("€19.90").waitFor();
      expect(await card.locator("dt").allTextContents()).toEqual(["Price"]);
      await admin.getByRole("region", { name: "OPEN", exact: true }).getByRole("button", { name: "Flour", exact: true }).click();
      const panel = admin.getByRole("complementary", { name: "Flour" });
      await panel.getByRole("group", { name: "Amounts" }).getByLabel("Qty").waitFor();
      expect(await lookAround(admin, "fields-sections")).toEqual([]);
    }, 90_000);

    test("a field is shown only where a condition holds that is clicked together: in the preview, in forms, in the panel, while one types", async () => {
      const fields = [
        { key: "id", name: "Id", type: "sequence", prefix: "CLI-" },
        { key: "name", name: "Name", type: "text", required: true },
        { key: "kind", name: "Kind", type: "choice", choices: ["person", "company"], default: "person" },
        { key: "vat", name: "VAT number", type: "text", required: true },
      ];
      expect(await ask("blueprints", { key: "clients", name: "Client", fields })).toBe(201);
      expect(await ask("blueprints/clients/entities", { values: { name: "Ana", vat: "PT0" } })).toBe(201);
      await open("clients/+blueprint");
      const list = admin.getByRole("list", { name: "Fields" });
      await list.getByRole("button", { name: "VAT number vat" }).click();
      const preview = admin.getByRole("region", { name: "Preview" });
      await preview.getByLabel("VAT number").waitFor();
      await list.getByRole("group", { name: "Shown only where" }).getByRole("button", { name: "Condition" }).press("Enter");
      const condition = admin.getByRole("form", { name: "Condition" });
      await condition.getByLabel("Value").selectOption("company");
      await condition.getByRole("button", { name: "Condition" }).press("Enter");
      await preview.getByLabel("VAT number").waitFor({ state: "detached" });
      await preview.getByLabel("Kind").selectOption("company");
      await preview.getByLabel("VAT number").waitFor();
      await admin.getByRole("region", { name: "What differs" }).getByText("only where: nothing → Kind is company").waitFor();
      expect(await lookAround(admin, "fields-condition")).toEqual([]);
      await admin.setViewportSize({ width: 1440, height: 900 });
      await admin.getByRole("button", { name: "Save v2" }).click();
      await admin.getByText("Version 2 is there.").waitFor();

      await open("clients/+new");
      const form = admin.getByRole("complementary", { name: "New client" });
      await form.getByLabel("Name").fill("Acme");
      expect(await form.getByLabel("VAT number").count()).toBe(0);
      await form.getByLabel("Kind").selectOption("company");
      await form.getByRole("button", { name: "Make it" }).click();
      await form.getByText('"VAT number" is missing; it is required.').waitFor();
      await form.getByLabel("VAT number").fill("PT123");
      await form.getByRole("button", { name: "Make it" }).click();
      await form.getByText("CLI-2 is made.").waitFor();

      await admin.getByRole("row", { name: /CLI-2/ }).getByRole("button", { name: "CLI-2" }).click();
      const panel = admin.getByRole("complementary", { name: "CLI-2" });
      await panel.getByLabel("VAT number").waitFor();
      await panel.getByLabel("Kind").selectOption("person");
      await panel.getByLabel("VAT number").waitFor({ state: "detached" });
      await panel.getByRole("button", { name: "Save" }).click();
      await panel.getByRole("button", { name: "Save" }).waitFor({ state: "detached" });
      await panel.getByLabel("Kind").selectOption("company");
      expect(await panel.getByLabel("VAT number").inputValue()).toBe("PT123");

      // One that was made before it had a condition shows it where that holds, too.
      await admin.getByRole("row", { name: /CLI-1/ }).getByRole("button", { name: "CLI-1" }).click();
      const before = admin.getByRole("complementary", { name: "CLI-1" });
      await before.getByLabel("Kind").waitFor();
      expect(await before.getByLabel("VAT number").count()).toBe(0);
      await before.getByLabel("Kind").selectOption("company");
      expect(await before.getByLabel("VAT number").inputValue()).toBe("PT0");

      await admin.keyboard.press("Control+k");
      await admin.getByRole("combobox", { name: "Command" }).fill("/clients.create ");
      await admin.getByRole("option", { name: "Fill in name…" }).click();
      const asked = admin.getByRole("dialog");
      await asked.getByLabel("Kind").waitFor();
      expect(await asked.getByLabel(/^Vat/).count()).toBe(0);
      await asked.getByLabel("Kind").selectOption("company");
      await asked.getByLabel(/^Vat/).waitFor();
    }, 90_000);
  },
);
