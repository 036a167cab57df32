import { beforeAll, expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { askerOf } from "../fixtures/tokenOf.ts";

/** What is done with many at once, and what is written beside one: only what somebody looked at, and only once. */
describeInBrowser(
  "many and notes",
  async () => ({}),
  (here) => {
    let admin: Page;
    let ask: (path: string, body: object) => Promise<number>;
    beforeAll(async () => {
      admin = await here().signIn("admin");
      await admin.setViewportSize({ width: 1440, height: 900 });
      ask = await askerOf(admin, here().product.url);
      const fields = [
        { key: "id", name: "Id", type: "sequence", prefix: "STO-" },
        { key: "kind", name: "Kind", type: "choice", choices: ["BOLT", "NUT", "PIPE"], default: "BOLT" },
      ];
      expect(await ask("blueprints", { key: "stock", name: "Stock", fields })).toBe(201);
      for (const kind of ["BOLT", "BOLT", "NUT", "NUT"]) expect(await ask("blueprints/stock/entities", { values: { kind } })).toBe(201);
      await admin.goto(`${here().product.url}/desk#/data/stock`);
      await admin.getByRole("row", { name: /STO-4/ }).waitFor();
    }, 60_000);

    const bar = () => admin.getByRole("region", { name: "Chosen" });
    const chosen = (count: number) => bar().getByText(`${count} chosen`, { exact: true });

    test("all that are chosen are all no more once one is taken out, or the list is another", async () => {
      await admin.getByRole("checkbox", { name: "Choose STO-1" }).check();
      await bar().getByRole("button", { name: "Choose all 4" }).click();
      await chosen(4).waitFor();
      await admin.getByRole("checkbox", { name: "Choose STO-2" }).check();
      await chosen(2).waitFor();
      await bar().getByRole("button", { name: "Choose all 4" }).click();
      await chosen(4).waitFor();
      await admin.getByRole("button", { name: "Filter", exact: true }).click();
      const condition = admin.getByRole("form", { name: "Filter" });
      await condition.getByLabel("Field").selectOption("kind");
      await condition.getByLabel("Value").selectOption("BOLT");
      await condition.getByRole("button", { name: "Filter" }).click();
      await admin.getByRole("row", { name: /STO-3/ }).waitFor({ state: "detached" });
      await chosen(2).waitFor();
      await bar().getByRole("button", { name: "Choose none" }).click();
      await admin.getByRole("button", { name: /^Remove the filter/ }).click();
      await admin.getByRole("row", { name: /STO-3/ }).waitFor();
    }, 60_000);

    test("what is done is what the numbers were about: said anew, it waits for other ones", async () => {
      await admin.getByRole("checkbox", { name: "Choose STO-1" }).check();
      await bar().getByRole("button", { name: "Change a field" }).click();
      const dialog = admin.getByRole("dialog");
      await dialog.getByLabel("New value").selectOption("PIPE");
      await dialog.getByText("1 of 1 get Kind").waitFor();
      // Whoever presses Enter at once, with the numbers of the other value before their eyes.
      await dialog.getByLabel("New value").selectOption("NUT");
      await admin.evaluate(`document.querySelector("[role=dialog] form").requestSubmit()`);
      await dialog.getByText("1 of 1 get Kind").waitFor();
      await dialog.getByRole("button", { name: "Change 1" }).click();
      await bar().getByText("1 of 1 get Kind.").waitFor();
      await admin.getByRole("button", { name: "STO-1", exact: true }).click();
      const history = admin.getByRole("complementary", { name: "STO-1" }).getByRole("region", { name: "History" });
      await history.getByText("NUT").waitFor();
      expect(await history.getByRole("listitem").count()).toBe(1);
      await bar().getByRole("button", { name: "Close" }).click();
    }, 60_000);

    test("a note that is sent twice stands there once, and the older ones are read when somebody wants them", async () => {
      await admin.goto(`${here().product.url}/desk#/data/stock`);
      await admin.reload();
      await admin.getByRole("button", { name: "STO-1", exact: true }).click();
      const notes = admin.getByRole("complementary", { name: "STO-1" }).getByRole("region", { name: "Notes" });
      await notes.getByRole("textbox", { name: "A note for colleagues" }).fill("Left with the neighbour.");
      // Both before the first is answered.
      await admin.route("**/notes", async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        await route.continue();
      });
      await admin.keyboard.press("Control+Enter");
      await admin.keyboard.press("Control+Enter");
      await notes.getByRole("listitem").getByText("Left with the neighbour.").waitFor();
      await expect.poll(async () => await notes.getByRole("textbox").inputValue()).toBe("");
      await admin.unrouteAll({ behavior: "wait" });
      for (let from = 0; from < 210; from += 30)
        await Promise.all(Array.from({ length: 30 }, () => ask("blueprints/stock/entities/STO-1/notes", { text: "More." })));
      await admin.reload();
      await notes.getByRole("button", { name: "Show older notes" }).click();
      await notes.getByText("Left with the neighbour.").waitFor();
      expect(await notes.getByRole("listitem").count()).toBe(211);
      expect(await notes.getByRole("button", { name: "Show older notes" }).count()).toBe(0);
    }, 60_000);
  },
);
