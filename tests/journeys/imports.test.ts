import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";

/** A file becomes entities and entities a file, on the real pages of the real product. */
describeInBrowser(
  "imports and exports",
  async () => ({}),
  (here) => {
    let admin: Page;
    const key = "articles";
    beforeAll(async () => {
      const { product, signIn } = here();
      const { email, password } = product.demo.accounts.find(({ roles }) => roles.includes("admin")) ?? { email: "", password: "" };
      const ask = async (path: string, body: object, token?: string) => {
        const headers = { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
        const answer = await fetch(`${product.url}/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
        expect([path, answer.ok]).toEqual([path, true]);
        return JSON.parse(await answer.text());
      };
      const { accessToken } = await ask("session", { email, password });
      const fields = [
        { key: "code", name: "Code", type: "text", unique: true },
        { key: "name", name: "Name", type: "text", required: true },
        { key: "qty", name: "Quantity", type: "integer" },
        { key: "bought", name: "Bought on", type: "date" },
      ];
      await ask("blueprints", { key, name: "Article", fields }, accessToken);
      admin = await signIn("admin");
    }, 60_000);

    test("a file with an error: what is ambiguous is asked, nothing is half written, then what fits is", async () => {
      await admin.setViewportSize({ width: 1440, height: 900 });
      await admin.evaluate(`location.hash = "#/data/${key}"`);
      await admin.getByRole("button", { name: "Import and export articles" }).press("Enter");
      await admin.getByRole("menuitem", { name: /Import a file/ }).press("Enter");
      await admin.getByText("Drop a CSV or XLSX here").waitFor();
      expect(await lookAround(admin, "import-choose")).toEqual([]);
      const csv = "Code;Name;Amount;Bought on\na;Beans;3;03/04/2026\nb;Peas;many;05/04/2026\nc;Corn;5;06/04/2026\n";
      await admin.getByLabel("A CSV or XLSX file").setInputFiles({ name: "stock.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
      await admin.getByText("3 rows, 4 columns").waitFor();
      expect(await admin.getByLabel("Field of Name").inputValue()).toBe("name");
      await admin.getByLabel("Field of Amount").selectOption("qty");
      // Which day it is nobody guesses.
      const start = admin.getByRole("button", { name: "Import 3 rows" });
      expect(await start.isDisabled()).toBe(true);
      await admin.getByLabel("How Bought on is read: dates").selectOption("dmy");
      await admin.getByText("day first").waitFor();
      await admin.getByRole("row", { name: /not taken.*“many”/ }).waitFor();
      expect(await lookAround(admin, "import-draft")).toEqual([]);
      await admin.setViewportSize({ width: 1440, height: 900 });
      await start.press("Enter");
      await admin.getByText("Nothing was written: 1 of 3 rows can't be taken.").waitFor();
      const saved = admin.waitForEvent("download");
      await admin.getByRole("button", { name: "Save the errors" }).click();
      const errors = await readFile(await (await saved).path(), "utf8");
      expect(errors).toContain('3,Amount,many,"""Quantity"" must be a whole number."');
      await admin.getByLabel("If a row can't be taken").selectOption("fitting");
      await start.press("Enter");
      await admin.getByText("Done: 3 of 3 rows").waitFor();
      await admin.getByText("2 new, 1 not taken").waitFor();
      expect(await lookAround(admin, "import-done")).toEqual([]);
      await admin.setViewportSize({ width: 1440, height: 900 });
      await admin.getByRole("link", { name: "Show articles" }).click();
      await admin.getByRole("gridcell", { name: "Beans" }).waitFor();
    }, 120_000);

    test("the list as it is shown becomes a CSV and a PDF", async () => {
      await admin.getByRole("button", { name: "Import and export articles" }).click();
      await admin.getByRole("menuitem", { name: /Export as a file/ }).click();
      const dialog = admin.getByRole("dialog", { name: "Export articles" });
      const take = async (kind: string) => {
        const saved = admin.waitForEvent("download");
        await dialog.getByRole("button", { name: kind }).click();
        return await readFile(await (await saved).path());
      };
      expect((await take("CSV")).toString()).toBe("\uFEFFCode,Name,Quantity,Bought on\r\nc,Corn,5,2026-04-06\r\na,Beans,3,2026-04-03\r\n");
      expect((await take("PDF")).subarray(0, 5).toString()).toBe("%PDF-");
      expect(await lookAround(admin, "export")).toEqual([]);
    }, 60_000);
  },
);
