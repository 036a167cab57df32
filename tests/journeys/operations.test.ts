import { beforeAll, expect, test } from "vitest";
import { findBarriers, type Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";

const withDemoShop = async () => ({ DEMO_SHOP: "on" });

/** People who don't program make commands of their own, on the real pages of the real product. */
describeInBrowser("operations", withDemoShop, (here) => {
  let admin: Page;
  beforeAll(async () => {
    admin = await here().signIn("admin");
  }, 30_000);

  const sqlOf = (page: Page) => page.getByRole("textbox", { name: "SQL" });
  const publish = (version: number) => admin.getByRole("button", { name: `Publish v${version}` }).click();

  test("an employee who knows a little SQL: from the first sign-in to a shared, charted operation that an agent runs", async () => {
    await admin.getByRole("link", { name: "Operations" }).click();
    await admin.getByText("No operations yet").waitFor();
    // The shop is made beside the start, and takes a while on a busy machine.
    const example = admin.getByRole("button", { name: "Begin with an example of the demo shop" });
    await expect
      .poll(
        async () => {
          await admin.reload();
          return await example.waitFor({ timeout: 3000 }).then(
            () => true,
            () => false,
          );
        },
        { timeout: 60_000 },
      )
      .toBe(true);
    expect(await lookAround(admin, "operations-none")).toEqual([]);
    await admin.setViewportSize({ width: 1440, height: 900 });
    await admin.getByRole("button", { name: "New operation" }).click();
    await admin.getByRole("link", { name: /Query/ }).click();
    await admin.getByLabel("Name", { exact: true }).fill("Late orders");
    await admin.getByText("It is run as /late-orders").waitFor();
    await admin.getByLabel("What it does").fill("Orders that are late, by region.");
    await admin.getByLabel("Data source").selectOption("demo-shop");
    await admin.getByRole("button", { name: "orders", exact: true }).click();
    await admin.getByRole("button", { name: "due_on date" }).waitFor();

    // What is completed, what is offered, and a way out by Tab.
    await sqlOf(admin).click();
    await admin.keyboard.type(
      "select c.region, count(*) as orders from orders o join customer c on c.id = o.customer_id where o.due_on < current_date - :day",
    );
    await admin.keyboard.press("Escape");
    await admin.keyboard.type("s and o.delivered_at is null group by cust");
    await admin.getByRole("option", { name: /^customer/ }).waitFor();
    await admin.keyboard.press("Escape");
    for (let letters = 0; letters < 4; letters++) await admin.keyboard.press("Backspace");
    await admin.keyboard.type("c.region");
    await admin.keyboard.press("Escape");
    await admin.keyboard.press("Tab");
    expect(await admin.evaluate("document.activeElement?.shadowRoot ?? null")).toBe(null);
    await admin.getByRole("button", { name: "Add parameter days" }).click();
    await admin.getByLabel("Default").fill("2");
    await admin.keyboard.press("Control+Enter");
    await admin.getByText(/^It answers/).waitFor();
    await admin.getByRole("table").getByText("north").waitFor();

    await admin.getByRole("radio", { name: "Chart" }).check();
    await admin.getByRole("table", { name: "Chart" }).waitFor();
    expect(await lookAround(admin, "operations-query")).toEqual([]);
    await admin.setViewportSize({ width: 1440, height: 900 });
    await publish(1);
    await admin.getByText(/runs now: write/).waitFor();
    await admin.getByRole("button", { name: "Share" }).click();
    await admin.getByRole("checkbox", { name: "Everyone who works here" }).check();
    expect(await findBarriers(admin)).toEqual([]);
    await admin.getByRole("dialog").getByRole("button", { name: "Share" }).click();
    await admin.getByRole("complementary").getByText("everyone", { exact: true }).waitFor();
    expect(await lookAround(admin, "operations-one")).toEqual([]);
    await admin.setViewportSize({ width: 1440, height: 900 });

    const agent = await here().signIn("one");
    expect(await agent.getByRole("link", { name: "Operations" }).count()).toBe(0);
    await agent.keyboard.press("Control+k");
    await agent.getByRole("combobox", { name: "Command" }).fill("late-orders days:3");
    await agent.getByRole("option", { name: /Run \/late-orders/ }).click();
    await agent.getByRole("dialog").getByRole("table", { name: "Chart" }).getByText("north").waitFor();
    await lookAround(agent, "operations-run");
    await agent.close();
  }, 150_000);

  test("what is refused is marked in the text, and what isn't saved survives a reload", async () => {
    await sqlOf(admin).click();
    await admin.keyboard.press("Control+Home");
    await admin.keyboard.type("x");
    await admin.getByText("draft, not saved", { exact: true }).waitFor();
    await admin.reload();
    await admin.getByText("draft, not saved", { exact: true }).waitFor();
    await sqlOf(admin).waitFor();
    await admin.getByRole("button", { name: "Save", exact: true }).click();
    await admin.locator(".cm-fault").getByText("xselect").waitFor();
    await admin
      .locator(".cm-fault-line")
      .getByText(/syntax error at or near "xselect" at character 1/)
      .waitFor();
    expect(await findBarriers(admin)).toEqual([]);
    await admin.getByRole("button", { name: "Discard" }).click();
    await admin.getByText("draft, not saved", { exact: true }).waitFor({ state: "detached" });
    await admin.getByText("xselect").waitFor({ state: "detached" });
  }, 60_000);

  test("what is typed while it is being saved stays, as a change of what was saved", async () => {
    const summary = admin.getByLabel("What it does");
    let letGo: (() => void) | undefined;
    const path = "**/commands/operation.update/runs";
    await admin.route(path, (route) => {
      letGo = () => void route.continue();
    });
    await summary.fill("Orders that are late.");
    await admin.getByRole("button", { name: "Save", exact: true }).click();
    await expect.poll(() => letGo).toBeDefined();
    await summary.fill("Orders that are late, by region.");
    letGo?.();
    await admin.getByRole("button", { name: "Publish v3" }).waitFor();
    await admin.unroute(path);
    expect(await summary.inputValue()).toBe("Orders that are late, by region.");
    await admin.getByText("draft, not saved", { exact: true }).waitFor();
    await admin.getByRole("button", { name: "Discard" }).click();
    await admin.getByRole("button", { name: "Publish v2" }).waitFor();
    expect(await summary.inputValue()).toBe("Orders that are late.");
    // What is published was saved: no draft of it is left.
    await publish(2);
    await admin.getByText("published v2").first().waitFor();
    expect(await admin.getByText("draft, not saved", { exact: true }).count()).toBe(0);
  }, 60_000);

  test("a new one that is refused to be published is saved, and the refusal is told where it stands", async () => {
    await admin.goto(`${here().product.url}/desk#/operations/+query`);
    await admin.getByLabel("Name", { exact: true }).fill("not now");
    await admin.getByLabel("What it does").fill("Is saved.");
    await admin.getByLabel("Data source").selectOption("demo-shop");
    await sqlOf(admin).fill("select 1 as one");
    const path = "**/commands/operation.publish/runs";
    const error = { code: "conflict", message: "Nothing is published on Sundays." };
    await admin.route(path, (route) => route.fulfill({ status: 409, json: { error } }));
    await publish(1);
    await admin.getByRole("heading", { name: "not-now" }).waitFor();
    await admin.getByText("Nothing is published on Sundays.").waitFor();
    await admin.unroute(path);
    await publish(1);
    await admin.getByText("published v1").first().waitFor();
    expect(await admin.getByText("Nothing is published on Sundays.").count()).toBe(0);
    await admin.goto(`${here().product.url}/desk#/operations/late-orders`);
    await admin.getByRole("heading", { name: "late-orders" }).waitFor();
  }, 60_000);

  test("a version that somebody else saved meanwhile is told, compared, and gone on from; an old one comes back", async () => {
    const other = await here().signIn("admin");
    await other.goto(`${here().product.url}/desk#/operations/late-orders`);
    await other.getByLabel("What it does").fill("Theirs.");
    await admin.getByLabel("What it does").fill("Mine.");
    await other.getByRole("button", { name: "Save", exact: true }).click();
    await other.getByRole("button", { name: "Publish v3" }).waitFor();
    await admin.getByRole("button", { name: "Save", exact: true }).click();
    await admin.getByText(/saved version 3 meanwhile/).waitFor();
    await admin.getByRole("status").getByRole("button", { name: "Compare" }).click();
    await admin.locator("del").getByText("summary: Theirs.").waitFor();
    await admin.locator("ins").getByText("summary: Mine.").waitFor();
    expect(await lookAround(admin, "operations-compare")).toEqual([]);
    await admin.setViewportSize({ width: 1440, height: 900 });
    await admin.getByRole("button", { name: /Keep mine/ }).click();
    await admin.getByRole("button", { name: "Save", exact: true }).click();
    await admin.getByRole("button", { name: "Publish v4" }).waitFor();
    await admin.getByRole("button", { name: "What can be done with version 1" }).click();
    await admin.getByRole("menuitem", { name: /Bring it back/ }).click();
    await admin.getByText("draft, not saved", { exact: true }).waitFor();
    await publish(5);
    await admin.getByText("published v5").first().waitFor();
    expect(await admin.getByLabel("What it does").inputValue()).toBe("Orders that are late, by region.");
    await other.close();
  }, 60_000);

  test("one is saved again with values, taken back and deleted", async () => {
    await admin.getByRole("button", { name: "Save again with values" }).click();
    const dialog = admin.getByRole("dialog");
    await dialog.getByLabel("Name").fill("very late orders");
    await dialog.getByLabel("days").fill("30");
    expect(await findBarriers(admin)).toEqual([]);
    await dialog.getByRole("button", { name: "Save" }).click();
    await admin.getByRole("heading", { name: "very-late-orders" }).waitFor();
    expect(await admin.getByLabel("Always").inputValue()).toBe("30");
    await publish(1);
    await admin.getByRole("button", { name: "Run it" }).click();
    await dialog.getByRole("button", { name: "Run" }).click();
    await dialog.getByText("4 rows.").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await admin.getByRole("link", { name: "Admin, now" }).waitFor();
    await admin.getByRole("button", { name: "Take back" }).click();
    await dialog.getByRole("button", { name: "Take it back" }).click();
    await admin.getByRole("button", { name: "Publish v1" }).waitFor();
    await admin.getByRole("button", { name: "Delete", exact: true }).click();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await admin.getByRole("link", { name: /very-late-orders/ }).waitFor({ state: "detached" });
    await dialog.waitFor({ state: "detached" });
    expect(await lookAround(admin, "operations-list")).toEqual([]);
    await admin.setViewportSize({ width: 1440, height: 900 });
  }, 60_000);

  test("somebody who doesn't program chains commands: each row of one for the next, under a condition, and sees what each step does", async () => {
    await admin.goto(`${here().product.url}/desk#/operations/+sequence`);
    await admin.getByLabel("Name", { exact: true }).fill("late regions");
    await admin.getByLabel("What it does").fill("Says where orders are late.");
    const step = (place: number) => admin.getByRole("group", { name: `Step ${place}` });
    await step(1).getByLabel("Command").fill("late-orders");
    await admin.getByRole("button", { name: "Another step" }).click();
    await step(2).getByLabel("Command").fill("reverse");
    await step(2).getByLabel("For each row of").selectOption({ label: "All rows · Step 1: late-orders" });
    await step(2).getByRole("button", { name: "Take Text from …" }).click();
    await admin.getByRole("menuitem", { name: "region text", exact: true }).click();
    await step(2).getByRole("button", { name: "Only if …" }).click();
    await step(2).getByLabel("Value").selectOption({ label: "orders" });
    await step(2).getByLabel("Compared").selectOption({ label: "is more than" });
    await step(2).getByLabel("With", { exact: true }).fill("0");
    await admin.keyboard.press("Control+Enter");
    const tried = admin.getByRole("list", { name: "What each step does" });
    await tried.locator("> li").nth(1).getByText("north", { exact: true }).waitFor();
    expect(await lookAround(admin, "operations-sequence")).toEqual([]);
    await admin.setViewportSize({ width: 1440, height: 900 });
    // What it takes must come before it.
    await step(2).getByRole("button", { name: "Step 2 earlier" }).click();
    await step(1)
      .getByText(/is only known after this step/)
      .first()
      .waitFor();
    await admin.keyboard.press("Alt+ArrowDown");
    await step(2).getByText("The row · region").waitFor();
    await publish(1);
    await admin.getByText(/runs now: write/).waitFor();
  }, 60_000);
});
