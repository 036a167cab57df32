import { readFile } from "node:fs/promises";
import pg from "pg";
import { readSheet } from "read-excel-file/node";
import { afterAll, expect, inject, test } from "vitest";
import type { Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";
import { openChat, say } from "../fixtures/people.ts";
import { createTestDatabase, type TestDatabase } from "../fixtures/testDatabase.ts";

let shop: TestDatabase;

/** Their own database, on a server that the operator has named. */
async function openShop(): Promise<Record<string, string>> {
  shop = await createTestDatabase("empty");
  await ask(`create table customer (id integer primary key, name text not null, credit integer not null);
    insert into customer select n, 'Customer ' || n, 100 from generate_series(1, 300) n`);
  return { ALLOW_HOSTS: new URL(inject("databaseUrl")).host };
}

async function ask(statement: string): Promise<unknown[]> {
  const client = new pg.Client(shop.url);
  await client.connect();
  return (await client.query(statement).finally(() => client.end())).rows;
}

/** What people do with a database of their own: connect it, change it with somebody's agreement, tell others, take it along, and look at what was done. */
describeInBrowser("everyday work", openShop, (here) => {
  afterAll(async () => await shop?.drop());
  let admin: Page;

  const open = (page: Page, place: string) => page.goto(`${here().product.url}/desk#/${place}`);
  const dialog = (page: Page) => page.getByRole("dialog");

  async function begin(kind: string, name: string, summary: string): Promise<void> {
    await open(admin, `operations/+${kind}`);
    await admin.getByLabel("Name", { exact: true }).first().fill(name);
    await admin.getByLabel("What it does").fill(summary);
  }

  async function writeQuery(sql: string): Promise<void> {
    await admin.getByLabel("Data source").selectOption("shop");
    await admin.getByRole("textbox", { name: "SQL" }).fill(sql);
    await admin.keyboard.press("Escape");
  }

  async function publish(): Promise<void> {
    await admin.getByRole("button", { name: "Publish v1" }).click();
    await admin.getByText(/runs now: write/).waitFor();
  }

  async function runLine(page: Page, line: string): Promise<void> {
    await dialog(page).waitFor({ state: "hidden" });
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Command" }).fill(line);
    await page.getByRole("option", { name: new RegExp(`^(Run )?${line.split(" ")[0]}\\b`) }).click();
  }

  test("a database is connected: a wrong password is told, the right one opens it, and a writing user is warned of", async () => {
    admin = await here().signIn("admin");
    await open(admin, "settings/data-sources");
    await admin.getByRole("button", { name: "Connect a database" }).click();
    const { hostname, port, pathname, username, password } = new URL(shop.url);
    for (const [label, value] of [
      ["Name", "shop"],
      ["Host", hostname],
      ["Port", port],
      ["Database", pathname.slice(1)],
      ["User", `${username}-nobody`],
      ["Password", "wrong"],
    ] as const)
      await dialog(admin).getByLabel(label, { exact: true }).fill(value);
    await dialog(admin).getByLabel("Connection").selectOption({ label: "Not encrypted" });
    await dialog(admin).getByRole("button", { name: "Connect" }).click();
    await admin.getByRole("button", { name: "Test shop" }).click();
    await dialog(admin)
      .getByText(/password|not accepted|does not exist|refused/i)
      .waitFor();
    await admin.keyboard.press("Escape");
    await admin.getByRole("button", { name: "Change shop" }).click();
    await dialog(admin).getByLabel("User", { exact: true }).fill(username);
    await dialog(admin).getByLabel("Password", { exact: true }).fill(password);
    await dialog(admin).getByRole("button", { name: "Save" }).click();
    await dialog(admin).waitFor({ state: "hidden" });
    await admin.getByRole("button", { name: "Test shop" }).click();
    await dialog(admin).getByText("Its user may change data; one that may only read is safer.").waitFor();
    expect(await lookAround(admin, "data-source-test")).toEqual([]);
    await admin.setViewportSize({ width: 1440, height: 900 });
    await admin.keyboard.press("Escape");
  });

  test("an answer is kept for a while and says so, and all of its rows are taken along as files", async () => {
    await begin("query", "customers", "All customers.");
    await writeQuery("select id, name, credit from customer order by id");
    await admin.getByRole("button", { name: "customer", exact: true }).waitFor();
    await admin.getByLabel("An answer is given again").selectOption({ label: "for a minute" });
    await publish();
    await runLine(admin, "/customers");
    await dialog(admin).getByText("300 rows.", { exact: true }).waitFor();
    await admin.keyboard.press("Escape");
    await runLine(admin, "/customers");
    await dialog(admin)
      .getByText(/^300 rows. As it was at /)
      .waitFor();
    const take = async (as: string) => {
      const [file] = await Promise.all([
        admin.waitForEvent("download"),
        dialog(admin).getByRole("button", { name: as, exact: true }).click(),
      ]);
      expect(file.suggestedFilename()).toMatch(new RegExp(`^customers-.*\\.${as.toLowerCase()}$`));
      return await readFile(await file.path());
    };
    const lines = (await take("CSV")).toString().trim().split("\r\n");
    expect([lines.length, lines[0], lines[300]]).toEqual([301, "id,name,credit", "300,Customer 300,100"]);
    const sheet = await readSheet(await take("XLSX"));
    expect([sheet.length, sheet[300]]).toEqual([301, [300, "Customer 300", 100]]);
    await admin.keyboard.press("Escape");
  });

  test("a second person agrees to what is changed, which they see before", async () => {
    await begin("query", "raise-credit", "Gives a customer another credit.");
    await writeQuery("update customer set credit = :credit_limit where id = :customer_id");
    await admin.getByRole("button", { name: "Add parameter credit_limit" }).click();
    await admin.getByRole("button", { name: "Add parameter customer_id" }).click();
    await admin.getByLabel("It changes data").check();
    await publish();
    await admin.getByRole("button", { name: "Share", exact: true }).click();
    await dialog(admin).getByRole("checkbox", { name: "Everyone who works here" }).check();
    await dialog(admin).getByRole("button", { name: "Share" }).click();
    const one = await here().signIn("one");
    await runLine(one, "/raise-credit credit_limit:500 customer_id:7");
    await one.getByText(/waits for approval: 1 with the permission/).waitFor();
    expect(await ask("select credit from customer where id = 7")).toEqual([{ credit: 100 }]);
    await one.close();

    await admin.getByRole("button", { name: /^Notices/ }).click();
    await admin.getByRole("button", { name: /raise-credit/ }).click();
    const story = admin.getByRole("region", { name: "The run of raise-credit" });
    await story.getByText("It changes 1 row in shop.").waitFor();
    await story.locator("del").getByText("credit 100").waitFor();
    await story.locator("ins").getByText("credit 500").waitFor();
    expect(await lookAround(admin, "run-waits")).toEqual([]);
    await admin.setViewportSize({ width: 1440, height: 900 });
    await story.getByRole("button", { name: "Approve" }).click();
    await story.getByText("Done", { exact: true }).waitFor();
    await story.getByText("1 row is changed.").waitFor();
    expect(await ask("select credit from customer where id = 7")).toEqual([{ credit: 500 }]);
  });

  test("a message is made, tried without being sent, and reaches a colleague", async () => {
    await begin("message", "tell-support", "Tells the support team.");
    await admin.getByLabel("By", { exact: true }).selectOption({ label: "Notice to people of the desk" });
    await admin.getByLabel("To, one a line").fill("agent1@demo.example");
    await admin.getByLabel("Text", { exact: true }).fill("{{what}} is back.");
    await admin.getByRole("button", { name: "Add parameter what" }).click();
    await admin.getByLabel("what", { exact: true }).fill("The shop");
    await admin.getByRole("button", { name: "Try", exact: true }).first().click();
    await admin.getByText("It sends a notice to").waitFor();
    expect(await lookAround(admin, "operations-message")).toEqual([]);
    await admin.setViewportSize({ width: 1440, height: 900 });
    await publish();
    await runLine(admin, '/tell-support what:"The shop"');
    const one = await here().signIn("one");
    await one.getByRole("button", { name: /^Notices/ }).click();
    await one.getByRole("button", { name: /^Admin: The shop is back\./ }).waitFor();
    await one.close();
    await admin.keyboard.press("Escape");
  });

  test("lines of other magnitudes are drawn one above another, and asked for in the composer without a word to the customer", async () => {
    await begin("query", "growth", "How credit grows.");
    await writeQuery("select date '2026-11-01' + n as day, n * 1000 as revenue, n as orders from generate_series(1, 30) n");
    await admin.keyboard.press("Control+Enter");
    await admin.getByText("30 rows.", { exact: true }).waitFor();
    await admin.getByRole("radio", { name: "Chart" }).check();
    await admin.getByLabel("Drawn as").selectOption({ label: "Lines" });
    const lines = (page: Page) => page.getByRole("img", { name: /^Lines: / });
    await expect.poll(() => lines(admin).count()).toBe(2);
    expect(await lookAround(admin, "answer-lines")).toEqual([]);
    await admin.setViewportSize({ width: 1440, height: 900 });
    await publish();

    const { product, browser } = here();
    const visitor = await openChat(browser, product);
    await say(visitor, "person");
    await visitor.getByText("1st in line").waitFor();
    await open(admin, "inbox");
    await admin
      .getByRole("button", { name: /Take next/ })
      .and(admin.locator(":enabled"))
      .click();
    const reply = admin.getByRole("textbox", { name: /^Reply/ });
    await reply.fill("/growth ");
    await admin.getByRole("option", { name: /^(Run )?\/growth/ }).waitFor();
    await reply.press("Enter");
    await expect.poll(() => lines(admin).count()).toBe(2);
    await admin.getByRole("dialog").getByText("30 rows.").waitFor();
    await admin.keyboard.press("Escape");
    await dialog(admin).waitFor({ state: "hidden" });
    expect(await reply.inputValue()).toBe("");
    await reply.fill("Here is a person.");
    await reply.press("Enter");
    await visitor.getByText("Here is a person.").waitFor();
    expect(await visitor.getByText(/growth/).count()).toBe(0);
    await visitor.close();
  });

  test("what was done is taken back from its answer", async () => {
    await runLine(admin, "/team.update key:support name:Helpers");
    await dialog(admin).getByText("The team is changed.").waitFor();
    // A second Enter takes nothing back.
    await expect.poll(() => admin.locator(":focus").textContent()).toBe("Close");
    expect(await lookAround(admin, "answer-undo")).toEqual([]);
    await admin.setViewportSize({ width: 1440, height: 900 });
    await dialog(admin).getByRole("button", { name: "Undo" }).click();
    await dialog(admin).getByRole("status").getByText(/./).waitFor();
    await admin.keyboard.press("Escape");
    await open(admin, "settings/teams");
    await admin.getByText("Support", { exact: true }).first().waitFor();
    expect(await admin.getByText("Helpers", { exact: true }).count()).toBe(0);
  });

  test("a long run is seen and cancelled among the runs, which are filtered and run again", async () => {
    await begin("query", "endless", "Takes too long.");
    await writeQuery(
      "select count(*) from customer a, customer b, customer c, customer d where a.credit + b.credit + c.credit + d.credit < 0",
    );
    await publish();
    const started = admin.waitForRequest("**/commands/endless/runs");
    await runLine(admin, "/endless");
    await started;
    await admin.keyboard.press("Escape");
    await open(admin, "runs");
    await admin.getByLabel("Command", { exact: true }).fill("endless");
    const listed = admin.getByRole("list", { name: "Runs" }).getByRole("link");
    await listed.filter({ hasText: "Running" }).click();
    const story = admin.getByRole("region", { name: "The run of endless" });
    await story.getByRole("button", { name: "Cancel" }).click();
    await story.getByText("Cancelled", { exact: true }).waitFor();
    const left = "select from pg_stat_activity where query like '%customer d%' and pid <> pg_backend_pid() and state = 'active'";
    await expect.poll(() => ask(left)).toEqual([]);

    // Where it was asked for: in the bar, in its form, and over the page.
    await runLine(admin, "/endless");
    await dialog(admin).getByRole("button", { name: "Stop endless" }).click();
    await dialog(admin).getByText("The query was called off").waitFor();
    await admin.getByRole("combobox", { name: "Command" }).fill("endless");
    await admin.getByRole("option", { name: /^Takes too long/ }).click();
    const form = admin.getByRole("dialog", { name: "Takes too long." });
    await form.getByRole("button", { name: "Run" }).click();
    await form.getByRole("button", { name: "Stop" }).waitFor();
    expect(await lookAround(admin, "command-form-running")).toEqual([]);
    await admin.setViewportSize({ width: 1440, height: 900 });
    await form.getByRole("button", { name: "Stop" }).click();
    await form.getByText("The query was called off").waitFor();
    await form.getByRole("button", { name: "Cancel" }).click();
    await open(admin, "admin");
    await admin.getByRole("combobox", { name: "Command" }).fill("/endless");
    // What there is is fetched when it opens.
    await admin.getByRole("option", { name: /endless/ }).waitFor();
    await admin.keyboard.press("Enter");
    await admin.getByRole("button", { name: "Stop endless" }).waitFor();
    expect(await lookAround(admin, "run-under-way")).toEqual([]);
    await admin.setViewportSize({ width: 1440, height: 900 });
    await admin.getByRole("button", { name: "Stop endless" }).click();
    await admin.getByText("The query was called off").waitFor();
    await expect.poll(() => ask(left)).toEqual([]);
    await open(admin, "runs");

    await admin.getByLabel("Command", { exact: true }).fill("customers");
    await admin.getByLabel("State").selectOption({ label: "Done" });
    await admin.getByLabel("Asked for by").selectOption({ label: "Me" });
    await expect.poll(() => listed.filter({ hasText: "endless" }).count()).toBe(0);
    await listed.first().click();
    const before = admin.url();
    await admin.getByRole("region", { name: "The run of customers" }).getByRole("button", { name: "Run again" }).click();
    await expect.poll(() => admin.url()).not.toBe(before);
    await admin
      .getByRole("region", { name: "The run of customers" })
      .getByText(/^300 rows\./)
      .waitFor();
    expect(await lookAround(admin, "runs-page")).toEqual([]);
  }, 150_000);
});
