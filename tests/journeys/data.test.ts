import { beforeAll, expect, test } from "vitest";
import { findBarriers, type Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";

/** A business describes its things and works with them, on the real pages of the real product. */
describeInBrowser(
  "data",
  async () => ({}),
  (here) => {
    let admin: Page;
    beforeAll(async () => {
      admin = await here().signIn("admin");
    }, 30_000);

    const wide = async (page: Page) => await page.setViewportSize({ width: 1440, height: 900 });
    const cell = (page: Page, row: string, column: number) =>
      page
        .getByRole("row", { name: new RegExp(row) })
        .getByRole("gridcell")
        .nth(column);

    test("the delivery example, from nothing, by mouse and keyboard in under five minutes", async () => {
      const begun = Date.now();
      await admin.getByRole("link", { name: "Data", exact: true }).click();
      await admin.getByText("Nothing is described yet").waitFor();
      await admin.getByRole("main").getByRole("button", { name: "New blueprint" }).click();
      await admin.getByLabel("What one of them is called").fill("Delivery");
      expect(await admin.getByLabel("Key", { exact: true }).inputValue()).toBe("deliveries");

      const add = async (type: string, name: string) => {
        await admin.getByRole("button", { name: type, exact: true }).click();
        await admin.getByLabel("Name", { exact: true }).fill(name);
      };
      await add("Text", "Deliver from");
      await admin.getByRole("checkbox", { name: "Required" }).check();
      // The next by the keyboard alone: Enter leads to the types.
      await admin.getByLabel("Name", { exact: true }).press("Enter");
      await admin.keyboard.press("Enter");
      const isNew = `document.activeElement.id.endsWith("-name") && document.activeElement.value === ""`;
      await expect.poll(async () => await admin.evaluate(isNew)).toBe(true);
      await admin.keyboard.type("Deliver to");
      await admin.getByRole("checkbox", { name: "Required" }).press("Space");
      await add("Long text", "Cargo");
      await add("Date and time", "Created at");
      await admin.getByRole("checkbox", { name: "The moment in which it is made" }).check();
      await add("Date and time", "Started at");
      await add("Date and time", "Delivered at");
      await add("Choice", "Status");
      await admin.getByRole("button", { name: "Save", exact: true }).click();
      await admin.getByText(/"Status" must be offered at least one choice/).waitFor();
      await admin.getByLabel("Choices, one a line").fill("PENDING\nIN_PROGRESS\nDELIVERED");
      await admin.getByLabel("Begins with").selectOption("PENDING");

      // By keys to where it belongs, behind the cargo; another by the pointer.
      const handle = admin.getByRole("button", { name: "Move Status" });
      await handle.focus();
      await admin.keyboard.press("Alt+ArrowUp");
      await admin.keyboard.press("Alt+ArrowUp");
      await admin.keyboard.press("Space");
      await admin.getByText("Status is at place 6 of 8.").waitFor();
      await admin.keyboard.press("ArrowUp");
      await admin.getByText("Status is at place 5 of 8.").waitFor();
      await admin.keyboard.press("Space");
      const names = ["Id", "Deliver from", "Deliver to", "Cargo", "Status", "Created at", "Started at", "Delivered at"];
      const order = async () =>
        await admin.getByRole("list", { name: "Fields" }).getByRole("button", { expanded: false }).allTextContents();
      await expect
        .poll(async () => (await order()).map((name) => names.find((each) => name?.startsWith(each))))
        .toEqual(["Id", "Deliver from", "Deliver to", "Cargo", "Status", "Created at", "Started at", "Delivered at"]);
      await admin.getByRole("region", { name: "Preview" }).getByLabel("Status").waitFor();
      expect(await lookAround(admin, "data-blueprint")).toEqual([]);
      await wide(admin);
      await admin.getByRole("button", { name: "Save", exact: true }).click();
      await admin.getByText("No deliveries yet").waitFor();
      expect(Date.now() - begun).toBeLessThan(5 * 60_000);
    }, 120_000);

    test("deliveries are made, filtered, ordered and changed in the table by the keyboard", async () => {
      await admin.keyboard.press("n");
      const form = admin.getByRole("complementary", { name: "New delivery" });
      for (const [from, to] of [
        ["Porto", "Lyon"],
        ["Rome", "Bern"],
        ["Faro", "Lisbon"],
      ]) {
        await form.getByLabel(/Deliver from/).fill(from ?? "");
        await form.getByLabel(/Deliver to/).fill(to ?? "");
        await admin.keyboard.press("Enter");
        await form.getByText(/DEL-\d is made/).waitFor();
        await expect.poll(async () => await form.getByLabel(/Deliver from/).inputValue()).toBe("");
      }
      await form.getByRole("button", { name: "Make it" }).click();
      await form.getByText(/"Deliver from" is missing/).waitFor();
      await admin.keyboard.press("Escape");
      await admin.getByRole("row", { name: /DEL-3/ }).waitFor();

      // Arrows, a letter that begins to write, Enter that saves and goes on below, Esc that leaves all as it was.
      await cell(admin, "DEL-1", 2).click();
      await admin.keyboard.press("F2");
      await admin.keyboard.press("Control+a");
      await admin.keyboard.type("Braga");
      await admin.keyboard.press("Escape");
      expect(await cell(admin, "DEL-1", 2).textContent()).toBe("Porto");
      await admin.keyboard.press("ArrowRight");
      await admin.keyboard.type("Nice");
      await admin.keyboard.press("Enter");
      await expect.poll(async () => await cell(admin, "DEL-1", 3).textContent()).toBe("Nice");
      await expect.poll(async () => await cell(admin, "DEL-1", 3).getAttribute("data-state")).toBe(null);

      // What doesn't fit is said at the cell, and what was written isn't lost.
      await cell(admin, "DEL-2", 2).dblclick();
      await admin.getByRole("textbox", { name: "Deliver from" }).fill("");
      await admin.keyboard.press("Enter");
      await cell(admin, "DEL-2", 2)
        .getByText(/"Deliver from" is missing; it is required/)
        .waitFor();
      expect(await lookAround(admin, "data-table-refused")).toEqual([]);
      await wide(admin);
      await cell(admin, "DEL-2", 2).getByRole("button", { name: "Discard" }).click();
      expect(await cell(admin, "DEL-2", 2).textContent()).toBe("Rome");

      await admin.getByRole("button", { name: "Deliver to", exact: true }).click();
      await expect
        .poll(async () => await admin.getByRole("row").getByRole("button", { name: /^DEL/ }).allTextContents())
        .toEqual(["DEL-2", "DEL-3", "DEL-1"]);
      await admin.getByRole("button", { name: "Filter", exact: true }).click();
      await admin.getByLabel("Field").selectOption("deliver_from");
      await admin.getByLabel("Value").fill("r");
      await admin.getByRole("form", { name: "Filter" }).getByRole("button", { name: "Filter" }).click();
      await expect
        .poll(async () => await admin.getByRole("row").getByRole("button", { name: /^DEL/ }).allTextContents())
        .toEqual(["DEL-2", "DEL-3", "DEL-1"]);
      await admin.getByRole("button", { name: /^Change the filter/ }).click();
      await admin.getByLabel("Value").fill("ro");
      await admin.keyboard.press("Enter");
      await expect
        .poll(async () => await admin.getByRole("row").getByRole("button", { name: /^DEL/ }).allTextContents())
        .toEqual(["DEL-2", "DEL-3"]);

      // How one looks at it stays after a reload.
      await admin.getByRole("columnheader", { name: /Deliver from/ }).focus();
      await admin.keyboard.press("Shift+ArrowRight");
      const widened = (await admin.getByRole("columnheader", { name: /Deliver from/ }).boundingBox())?.width;
      await admin.reload();
      await admin.getByRole("button", { name: /^Change the filter/ }).waitFor();
      expect((await admin.getByRole("columnheader", { name: /Deliver from/ }).boundingBox())?.width).toBe(widened);
      await admin.getByRole("button", { name: /^Remove the filter/ }).click();
      await admin.getByRole("row", { name: /DEL-1/ }).waitFor();
      expect(await lookAround(admin, "data-table")).toEqual([]);
      await wide(admin);
    }, 120_000);

    test("two who change the same row see each other's change, and decide field by field", async () => {
      const agent = await here().signIn("one");
      await agent.getByRole("link", { name: "Data", exact: true }).click();
      await agent.getByRole("link", { name: /Deliveries/ }).click();
      await agent.getByRole("row", { name: /DEL-1/ }).waitFor();
      expect(await agent.getByRole("button", { name: "Edit the blueprint" }).count()).toBe(0);

      // The agent is in the cell while the admin saves it.
      await cell(agent, "DEL-1", 2).dblclick();
      await agent.getByRole("textbox", { name: "Deliver from" }).fill("Aveiro");
      await admin.getByRole("button", { name: "DEL-1", exact: true }).click();
      const panel = admin.getByRole("complementary", { name: "DEL-1" });
      await panel.getByRole("textbox", { name: /Deliver from/ }).fill("Braga");
      await panel.getByRole("textbox", { name: "Cargo" }).fill("olives");
      await admin.keyboard.press("Control+s");
      await expect.poll(async () => await cell(agent, "DEL-1", 4).textContent()).toBe("olives");
      await agent.getByText(/changed it to “Braga” while you write/).waitFor();
      await agent.keyboard.press("Enter");
      await cell(agent, "DEL-1", 2)
        .getByText(/changed it to “Braga” meanwhile/)
        .waitFor();
      await cell(agent, "DEL-1", 2).getByRole("button", { name: "Keep mine" }).click();
      await expect.poll(async () => await cell(admin, "DEL-1", 2).textContent()).toBe("Aveiro");
      await panel.getByText("Agent One").first().waitFor();

      // In the panel: only what both wrote is asked about.
      await panel.getByRole("textbox", { name: /Deliver to/ }).fill("Paris");
      await panel.getByRole("textbox", { name: "Cargo" }).fill("wine");
      await cell(agent, "DEL-1", 3).dblclick();
      await agent.getByRole("textbox", { name: "Deliver to" }).fill("Metz");
      await agent.keyboard.press("Enter");
      await panel.getByText(/changed it to “Metz” meanwhile/).waitFor();
      expect(await panel.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
      expect(await lookAround(admin, "data-conflict")).toEqual([]);
      await wide(admin);
      await panel.getByRole("button", { name: /^Take theirs/ }).click();
      await panel.getByRole("button", { name: "Save" }).click();
      await expect.poll(async () => await cell(agent, "DEL-1", 4).textContent()).toBe("wine");
      expect(await panel.getByRole("textbox", { name: /Deliver to/ }).inputValue()).toBe("Metz");

      // What stood there before stands there again.
      await panel.getByRole("button", { name: "Restore Deliver from: Porto" }).click();
      await expect.poll(async () => await cell(agent, "DEL-1", 2).textContent()).toBe("Porto");

      // Somebody else's new one is told, and nothing moves until one asks for it.
      await agent.keyboard.press("Control+k");
      await agent.getByRole("combobox", { name: "Command" }).fill("deliveries.create deliver_from:Bonn deliver_to:Kiel");
      await agent.getByRole("option", { name: /Run \/deliveries.create/ }).click();
      await admin.getByRole("button", { name: "1 new" }).click();
      await admin.getByRole("row", { name: /DEL-4/ }).waitFor();
      await agent.close();
      expect(await findBarriers(admin)).toEqual([]);
      await admin.keyboard.press("Escape");
    }, 120_000);

    test("several are chosen and changed at once, moved into the trash and brought back", async () => {
      await admin.goto(`${here().product.url}/desk#/data/deliveries`);
      await admin.getByRole("checkbox", { name: "Choose DEL-2" }).check();
      await cell(admin, "DEL-3", 0).focus();
      await admin.keyboard.press("Space");
      await admin.getByText("2 chosen").waitFor();
      await admin.getByRole("button", { name: "Change a field" }).click();
      await admin.getByRole("dialog").getByLabel("New value").selectOption("IN_PROGRESS");
      const plan = admin.getByRole("region", { name: "What would change" });
      await plan.getByText("2 of 2 get Status").waitFor();
      expect(await lookAround(admin, "data-bulk")).toEqual([]);
      await wide(admin);
      await admin.getByRole("dialog").getByRole("button", { name: "Change 2" }).click();
      await expect.poll(async () => await admin.getByRole("gridcell", { name: "IN_PROGRESS" }).count()).toBe(2);
      // In one run, which is taken back as one.
      const bar = admin.getByRole("region", { name: "Chosen" });
      await bar.getByText("2 of 2 get Status.").waitFor();
      expect(await lookAround(admin, "data-bulk-done")).toEqual([]);
      await wide(admin);
      await bar.getByRole("button", { name: "Undo" }).click();
      await bar.getByText("2 are as they were.").waitFor();
      await expect.poll(async () => await admin.getByRole("gridcell", { name: "IN_PROGRESS" }).count()).toBe(0);
      // All that the list has, chosen or not, whose numbers are said before.
      await admin.getByRole("checkbox", { name: "Choose DEL-2" }).check();
      await bar.getByRole("button", { name: "Choose all 4" }).click();
      await bar.getByRole("button", { name: "Move to the trash" }).click();
      await plan.getByText("4 of 4 go into the trash").waitFor();
      await admin.getByRole("button", { name: "Cancel" }).click();
      await bar.getByRole("button", { name: "Choose none" }).click();
      await admin.getByRole("checkbox", { name: "Choose DEL-2" }).check();
      await admin.getByRole("button", { name: "Move to the trash" }).click();
      await admin.getByRole("row", { name: /DEL-2/ }).waitFor({ state: "detached" });
      await admin.getByRole("link", { name: "Trash" }).click();
      await admin.getByRole("button", { name: "DEL-2", exact: true }).click();
      await admin.getByRole("complementary", { name: "DEL-2" }).getByText("in the trash", { exact: true }).waitFor();
      await lookAround(admin, "data-trash");
      await wide(admin);
      await admin.getByRole("button", { name: "Restore", exact: true }).click();
      await admin.getByText("DEL-2 is there again.").waitFor();
      await admin.getByRole("link", { name: "Table" }).click();
      await admin.getByRole("row", { name: /DEL-2/ }).waitFor();
    }, 60_000);

    test("a blueprint changes its mind, says what differs before, and loses nothing; deleted, it comes back", async () => {
      await admin.getByRole("button", { name: "Edit the blueprint" }).click();
      await admin.getByRole("button", { name: "Decimal", exact: true }).click();
      await admin.getByLabel("Name", { exact: true }).fill("Weight");
      await admin.getByRole("button", { name: "Take Cargo off" }).click();
      const differs = admin.getByRole("region", { name: "What differs" });
      await differs.getByText("new: decimal").waitFor();
      await differs.getByText(/taken off; what has it keeps it/).waitFor();
      await admin.reload();
      await admin.getByText("draft, not saved", { exact: true }).waitFor();
      expect(await lookAround(admin, "data-blueprint-change")).toEqual([]);
      await wide(admin);
      await admin.getByRole("button", { name: "Save v2" }).click();
      await admin.getByText("Version 2 is there").waitFor();
      await admin.getByRole("button", { name: "What can be done with version 1" }).click();
      await admin.getByRole("menuitem", { name: /Bring it back/ }).click();
      await differs.getByText("new: long text").waitFor();
      await admin.getByRole("button", { name: "Discard" }).click();
      await admin.getByRole("link", { name: "To the deliveries" }).click();
      // What was made before has no weight, and can't be given one before it is migrated; what it had is there still.
      await admin.getByRole("columnheader", { name: /Weight/ }).waitFor();
      await admin.getByRole("button", { name: "DEL-1", exact: true }).click();
      await admin.getByRole("complementary", { name: "DEL-1" }).getByRole("textbox", { name: "Cargo" }).waitFor();

      await admin.getByRole("button", { name: "Edit the blueprint" }).click();
      await admin.getByRole("button", { name: "Delete deliveries" }).click();
      await admin.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await admin.getByRole("row", { name: /DEL-1/ }).waitFor();
      expect(await admin.getByRole("button", { name: "New delivery" }).count()).toBe(0);
      await admin.getByRole("link", { name: "Data", exact: true }).click();
      await admin.getByRole("region", { name: "In the trash" }).getByText("Deliveries").waitFor();
      expect(await lookAround(admin, "data-list")).toEqual([]);
      await wide(admin);
      await admin.getByRole("button", { name: "Restore Deliveries" }).click();
      await admin.getByRole("region", { name: "In the trash" }).waitFor({ state: "detached" });
    }, 90_000);
  },
);
