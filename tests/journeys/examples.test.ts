import { beforeAll, expect, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";
import { Person } from "../fixtures/person.ts";

const mostMs = 5 * 60_000;

/** Both examples from nothing, by mouse and keyboard, with a clock for how long a person would take. */
describeInBrowser(
  "the examples by hand",
  async () => ({}),
  (here) => {
    let page: Page;
    beforeAll(async () => {
      page = await here().signIn("admin");
    }, 30_000);

    const wide = async () => await page.setViewportSize({ width: 1440, height: 900 });
    const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
    const nameIsOpen = `document.activeElement.id.endsWith("-name") && document.activeElement.value === ""`;
    /** A field of this type: the cursor stands in its name. */
    const add = async (person: Person, type: string, name: string) => {
      await person.click(button(type));
      await expect.poll(async () => await page.evaluate(nameIsOpen)).toBe(true);
      await person.type(name);
    };
    const begin = async (person: Person, what: string) => {
      await person.click(page.getByRole("link", { name: "Data", exact: true }));
      await person.click(button("New blueprint").first());
      await person.write(page.getByLabel("What one of them is called"), what);
    };
    const told = (what: string, { keys, clicks, reads, took }: Person) => {
      console.info(`${what}: ${keys} keys, ${clicks} clicks, ${reads} looks: ${(took / 60_000).toFixed(1)} minutes of a person`);
      expect(took).toBeLessThan(mostMs);
    };

    test("deliveries: described, given a life, made, moved on the board and with their panel, in under five minutes", async () => {
      const person = new Person(page);
      await begin(person, "Delivery");
      await add(person, "Text", "Deliver from");
      await person.click(page.getByRole("checkbox", { name: "Required" }));
      await add(person, "Text", "Deliver to");
      await person.click(page.getByRole("checkbox", { name: "Required" }));
      await add(person, "Long text", "Cargo");
      await add(person, "Choice", "Status");
      await person.write(page.getByLabel("Choices, one a line"), "PENDING\nIN_PROGRESS\nDELIVERED");
      await person.choose("Begins with", "PENDING");
      await add(person, "Date and time", "Created at");
      await person.click(page.getByRole("checkbox", { name: "The moment in which it is made" }));
      await add(person, "Date and time", "Started at");
      await add(person, "Date and time", "Delivered at");

      await person.click(page.getByRole("navigation", { name: "Parts of the blueprint" }).getByRole("link", { name: "Flow" }));
      await person.click(button("Begin with its choices"));
      const steps = page.getByRole("region", { name: "Steps" });
      const step = async (from: string, to: string, name: string, sets: string) => {
        await person.choose("From", from, steps);
        await person.choose("To", to, steps);
        await person.click(steps.getByRole("button", { name: "Step", exact: true }));
        await expect.poll(async () => await page.evaluate("document.activeElement.id")).toBe("step-name");
        await person.type(name);
        await person.click(button("Set a field"));
        await person.choose("Field that is set", sets);
      };
      await step("PENDING", "IN_PROGRESS", "Delivery started", "started_at");
      await step("IN_PROGRESS", "DELIVERED", "Deliver", "delivered_at");
      expect(await lookAround(page, "examples-flow")).toEqual([]);
      await wide();
      await person.click(button(/^Save/).first());
      await person.see(page.getByText("No deliveries yet"));

      await person.press("n");
      const form = page.getByRole("complementary", { name: "New delivery" });
      for (const [from, to, number] of [
        ["Porto", "Lyon", 1],
        ["Rome", "Bern", 2],
      ] as const) {
        await expect.poll(async () => await form.getByLabel(/Deliver from/).inputValue()).toBe("");
        if (number === 1) await person.click(form.getByLabel(/Deliver from/));
        const first = await form.getByLabel(/Deliver from/).getAttribute("id");
        await expect.poll(async () => await page.evaluate("document.activeElement.id")).toBe(first);
        await person.type(from);
        await person.press("Tab");
        await person.type(to);
        await person.press("Enter");
        await person.see(form.getByText(`DEL-${number} is made.`));
      }
      await person.press("Escape");
      await person.click(page.getByRole("link", { name: "Board", exact: true }));
      const lane = (name: string) => page.getByRole("region", { name, exact: true });
      await lane("PENDING").getByRole("button", { name: "Move DEL-1" }).focus();
      await person.press("Alt+ArrowRight");
      await person.see(lane("IN_PROGRESS").getByRole("button", { name: "DEL-1", exact: true }));
      expect(await lookAround(page, "examples-board")).toEqual([]);
      await wide();
      await lane("IN_PROGRESS").getByRole("button", { name: "Move DEL-1" }).focus();
      await person.press("Alt+ArrowRight");
      await person.see(lane("DELIVERED").getByRole("button", { name: "DEL-1", exact: true }));
      await person.click(lane("DELIVERED").getByRole("button", { name: "DEL-1", exact: true }));
      const history = page.getByRole("complementary", { name: "DEL-1" }).getByRole("region", { name: "History" });
      await expect
        .poll(async () => await history.textContent())
        .toMatch(/Delivered at.*Status.*DELIVERED|Status.*DELIVERED.*Delivered at/s);
      await person.press("Escape");
      told("deliveries", person);
    }, 180_000);

    test("stock: described, made, adjusted, filtered, sorted, gathered and summed, in under five minutes", async () => {
      const person = new Person(page);
      await begin(person, "Stock item");
      await expect.poll(async () => await page.getByLabel("Key", { exact: true }).inputValue()).toBe("stock-items");
      await add(person, "Choice", "Type");
      await person.write(page.getByLabel("Choices, one a line"), "bolt\nnut\npipe");
      await add(person, "Text", "Space");
      await add(person, "Decimal", "Weight");
      await add(person, "Number", "Qty");
      await add(person, "Date and time", "Timestamp");
      await person.click(page.getByRole("checkbox", { name: "The moment in which it is made" }));
      await person.click(button(/^Save/).first());
      await person.see(page.getByText("No stock items yet"));

      await person.press("n");
      const form = page.getByRole("complementary", { name: "New stock item" });
      for (const [type, space, weight, qty, number] of [
        ["bolt", "A1", "0.12", "40", 1],
        ["bolt", "A2", "0.12", "3", 2],
        ["pipe", "B7", "12.5", "4", 3],
      ] as const) {
        await expect.poll(async () => await form.getByLabel("Space").inputValue()).toBe("");
        await person.choose("Type", type, form);
        await person.write(form.getByLabel("Space"), space);
        await person.press("Tab");
        await person.type(weight);
        await person.press("Tab");
        await person.type(qty);
        await person.press("Enter");
        await person.see(form.getByText(`STO-${number} is made.`));
      }
      await person.press("Escape");

      // Quantities are adjusted in their cells.
      const qty = page.getByRole("row", { name: /STO-2/ }).getByRole("gridcell", { name: "3", exact: true });
      await person.click(qty);
      await person.type("8");
      await person.press("Enter");
      await page.getByRole("row", { name: /STO-2/ }).getByRole("gridcell", { name: "8", exact: true }).waitFor();

      await person.click(button("Filter"));
      const condition = page.getByRole("form", { name: "Filter" });
      await person.choose("Field", "qty", condition);
      await person.choose("Condition", "lt", condition);
      await person.write(condition.getByLabel("Value"), "20");
      await person.press("Enter");
      await page.getByRole("row", { name: /STO-1/ }).waitFor({ state: "detached" });
      await person.click(button("Column Qty"));
      await person.click(page.getByRole("menuitem", { name: "Order upwards" }));
      await expect
        .poll(async () => (await page.getByRole("row").allTextContents()).flatMap((row) => /STO-\d/.exec(row) ?? []))
        .toEqual(["STO-3", "STO-2"]);
      await person.see(page.getByRole("row", { name: "Of all" }));
      expect(await page.getByRole("row", { name: "Of all" }).textContent()).toContain("12");
      await person.click(button(/Remove the filter/).first());
      await person.click(button("Group"));
      await person.click(page.getByRole("menuitemradio", { name: "Type" }));
      await person.see(button(/^bolt 2/));
      await expect.poll(async () => await button(/^bolt 2/).textContent()).toMatch(/48/);
      expect(await lookAround(page, "examples-stock")).toEqual([]);
      await wide();
      told("stock", person);
    }, 180_000);
  },
);
