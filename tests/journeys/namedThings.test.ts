import { beforeAll, expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";

describeInBrowser(
  "an operation that asks for an entity and a file",
  async () => ({}),
  (here) => {
    let admin: Page;
    beforeAll(async () => {
      const { product } = here();
      const account = product.demo.accounts.find(({ roles }) => roles.includes("admin"));
      const post = async (path: string, body: object, token = "") => {
        const headers = { "content-type": "application/json", ...(token === "" ? {} : { authorization: `Bearer ${token}` }) };
        const answer = await fetch(`${product.url}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
        return JSON.parse(await answer.text());
      };
      const { accessToken } = await post("/session", { email: account?.email, password: account?.password });
      const fields = [
        { key: "number", name: "Number", type: "sequence", prefix: "DEL-" },
        { key: "to", name: "To", type: "text", required: true },
      ];
      await post("/blueprints", { key: "deliveries", name: "Delivery", fields }, accessToken);
      for (const to of ["Porto", "Lyon"]) await post("/blueprints/deliveries/entities", { values: { to } }, accessToken);
      admin = await here().signIn("admin");
    }, 60_000);

    const file = (name: string, text: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

    test("is made, tried with both, and run from the command bar by a form in which they are chosen", async () => {
      await admin.goto(`${here().product.url}/desk#/operations/+message`);
      await admin.getByLabel("Name", { exact: true }).first().fill("tell-photo");
      await admin.getByLabel("What it does").fill("Tells me of a photo.");
      await admin.getByLabel("By", { exact: true }).selectOption({ label: "Notice to people of the desk" });
      await admin.getByLabel("To, one a line").fill("{{me.email}}");
      await admin.getByLabel("Text", { exact: true }).fill("{{delivery}}: {{photo}}");
      for (const name of ["delivery", "photo"]) await admin.getByRole("button", { name: `Add parameter ${name}` }).click();
      const [delivery, photo] = [
        admin.getByRole("group", { name: "Parameter delivery" }),
        admin.getByRole("group", { name: "Parameter photo" }),
      ];
      await delivery.getByLabel("Type").selectOption({ label: "Entity" });
      await photo.getByLabel("Type").selectOption({ label: "File" });
      expect(await photo.getByLabel("Default").count()).toBe(0);
      await admin.getByRole("button", { name: "Save", exact: true }).click();
      await delivery.getByText("Choose the blueprint whose entities may be given.").waitFor();
      await delivery.getByLabel("Of which blueprint").selectOption({ label: "Delivery" });
      await admin.getByRole("button", { name: "Save", exact: true }).click();
      await admin.getByText("{{photo}} is a file: write {{photo.url}}").waitFor();
      await admin.getByLabel("Text", { exact: true }).fill("{{delivery}}: {{photo.name}} at {{photo.url}}");

      await admin.getByLabel("delivery", { exact: true }).fill("lyo");
      await admin.locator('datalist#try-delivery-offered option[value="DEL-2"]').waitFor({ state: "attached" });
      await admin.getByLabel("delivery", { exact: true }).fill("DEL-7");
      await admin.getByLabel("photo", { exact: true }).setInputFiles(file("porch.txt", "how it looks"));
      await admin.getByText("porch.txt, 12 bytes, is ready.").waitFor();
      await admin.getByRole("button", { name: "Try", exact: true }).first().click();
      await admin.getByText('"DEL-7" is none of deliveries that you may see').waitFor();
      await admin.getByLabel("delivery", { exact: true }).fill("DEL-2");
      await admin.getByRole("button", { name: "Try", exact: true }).first().click();
      await admin.getByText("It sends a notice to").waitFor();
      expect(await lookAround(admin, "operations-named-things")).toEqual([]);
      await admin.setViewportSize({ width: 1440, height: 900 });
      await admin.getByRole("button", { name: "Publish v1" }).click();
      await admin.getByText(/runs now: write/).waitFor();

      // A line can name an entity; a file is chosen in the form.
      await admin.keyboard.press("Control+k");
      await admin.getByRole("combobox", { name: "Command" }).fill("/tell-photo por");
      await admin.getByRole("option", { name: /DEL-1.*Porto/ }).click();
      await admin.getByRole("option", { name: /Fill in photo/ }).click();
      const form = admin.getByRole("dialog", { name: "Tells me of a photo." });
      expect(await form.getByLabel("Delivery").inputValue()).toBe("DEL-1");
      await form.getByRole("button", { name: "Run" }).click();
      await form.getByText("Photo is needed.").waitFor();
      await form.getByLabel("Photo").setInputFiles(file("empty.txt", ""));
      await form.getByText('"empty.txt" is empty.').waitFor();
      await form.getByLabel("Photo").setInputFiles(file("start.exe", "MZ"));
      await form.getByText('"start.exe" is a program').waitFor();
      expect(await lookAround(admin, "command-form-file")).toEqual([]);
      await admin.setViewportSize({ width: 1440, height: 900 });
      await form.getByLabel("Photo").setInputFiles(file("door.txt", "open"));
      await form.getByText("door.txt, 4 bytes, is ready.").waitFor();
      await form.getByRole("button", { name: "Run" }).click();
      await form.waitFor({ state: "hidden" }).catch(() => admin.keyboard.press("Escape"));
      await admin.getByRole("button", { name: /^Notices/ }).click();
      await admin.getByRole("button", { name: /door\.txt at http/ }).waitFor();
    }, 120_000);
  },
);
