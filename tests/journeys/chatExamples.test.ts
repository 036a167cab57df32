import { beforeAll, expect, test } from "vitest";
import { openPage, type Page } from "../fixtures/browser.ts";
import { describeInBrowser } from "../fixtures/describeInBrowser.ts";
import { lookAround } from "../fixtures/lookAround.ts";
import { tokenOf } from "../fixtures/tokenOf.ts";

/** Both examples by lines in the chat alone, and a step of one from a customer's conversation and by a program. */
describeInBrowser(
  "the examples by lines",
  async () => ({}),
  (here) => {
    let admin: Page;
    beforeAll(async () => {
      admin = await here().signIn("admin");
      await admin.getByRole("link", { name: "Admin chat" }).click();
    }, 30_000);

    const log = () =>
      admin
        .getByRole("log")
        .locator("> div")
        .filter({ has: admin.locator("p[dir=auto]") });
    /** Writes a line by keys, and answers what was answered. */
    const line = async (text: string): Promise<string> => {
      const before = await log().count();
      const field = admin.getByRole("combobox", { name: "Command" });
      await field.focus();
      await admin.keyboard.type(text);
      await admin.keyboard.press("Enter");
      const last = log().nth(before);
      await expect
        .poll(async () => ((await log().count()) > before ? await last.textContent() : "Running…"), { timeout: 10_000 })
        .not.toMatch(/Running…$/);
      return ((await last.textContent()) ?? "").slice(text.length);
    };

    test("deliveries are described field by field, given a life, made and moved", async () => {
      expect(await line("/blueprint create deliveries Delivery")).toContain('"deliveries" is there');
      for (const field of [
        "deliver_from text name:From required:true",
        "deliver_to text name:To required:true",
        "cargo longText",
        "status choice choices:PENDING,IN_PROGRESS,DELIVERED default:PENDING required:true",
        "created_at instant default:now",
        "started_at instant",
        "delivered_at instant",
      ])
        expect(await line(`/blueprint add-field deliveries ${field}`)).toMatch(/as of version \d/);
      expect(await line("/blueprint drop-field deliveries name")).toContain("no field");
      expect(
        await line('/blueprint add-transition deliveries start PENDING IN_PROGRESS name:"Delivery started" set:started_at=now'),
      ).toContain('"start" is a step');
      expect(
        await line("/blueprint add-transition deliveries deliver IN_PROGRESS DELIVERED name:Delivered set:delivered_at=now"),
      ).toContain('"deliver" is a step');
      for (const [number, from, to] of [
        [1, "Porto", "Lyon"],
        [2, "Rome", "Bern"],
        [3, "Faro", "Lisbon"],
      ])
        expect(await line(`/deliveries create ${from} ${to}`)).toContain(`DEL-${number} is made.`);
      expect(await line("/start DEL-1")).toContain("DEL-1 is IN_PROGRESS.");
      expect(await line("/deliver DEL-2")).toContain('"Status" is PENDING; "Delivered" begins at IN_PROGRESS.');
      expect(await line("/deliver DEL-1")).toContain("DEL-1 is DELIVERED.");
      const shown = await line("/deliveries show DEL-1");
      expect(shown).toMatch(/Started at.*20\d\d-.*Delivered at.*20\d\d-/);
      expect(await line("/deliveries step-all start where:status=PENDING")).toContain("2 of 2 go to IN_PROGRESS.");
      expect(await line("/deliveries list status:IN_PROGRESS")).toContain("2 deliveries.");
      expect(await line("/deliveries history DEL-1")).toMatch(/changed.*IN_PROGRESS to DELIVERED/);
      expect(await lookAround(admin, "chat-deliveries")).toEqual([]);
      await admin.setViewportSize({ width: 1440, height: 900 });
    }, 120_000);

    test("stock is described, made, adjusted, filtered, sorted, gathered and summed", async () => {
      expect(await line('/blueprint create stock "Stock item"')).toContain('"stock" is there');
      for (const field of [
        "type choice choices:bolt,nut,pipe",
        "space text",
        "weight decimal places:3",
        "qty integer min:0 default:0",
        "timestamp instant default:now",
      ])
        expect(await line(`/blueprint add-field stock ${field}`)).toMatch(/as of version \d/);
      await line("/blueprint drop-field stock name");
      for (const item of ["bolt A1 0.125 40", "bolt A2 0.125 3", "nut A1 0.05 100", "pipe B7 12.5 4"])
        expect(await line(`/stock create ${item}`)).toMatch(/STO-\d is made/);
      expect(await line("/stock adjust STO-2 qty +5")).toContain("STO-2 has 8 of Qty.");
      expect(await line("/stock adjust STO-1 -10")).toContain("STO-1 has 30 of Qty.");
      expect(await line("/stock adjust STO-2 -9")).toMatch(/Qty.*0 or more/);
      const few = await line("/stock list where:qty<20 sortBy:-qty");
      expect(few).toContain("2 stock.");
      expect(few.indexOf("STO-2")).toBeLessThan(few.indexOf("STO-4"));
      expect(few).toContain("STO-4");
      const groups = await line("/stock groups type sum:qty,max:weight");
      expect(groups).toMatch(/bolt238.*nut1100.*pipe14/);
      expect(await line("/stock sum qty")).toMatch(/^All 4 of stock.*Sum of Qty4142/);
      expect(await line("/stock sum qty space where:type!=pipe")).toMatch(/A12130.*A218/);
      expect(await line("/stock update-all where:type=bolt space:C1")).toContain("2 of 2 get Space.");
      await log().last().getByRole("button", { name: "Undo" }).click();
      await log().last().getByText("2 are as they were.").waitFor();
      expect(await line("/stock list space:C1")).toBe("There are no stock.");
      expect(await lookAround(admin, "chat-stock")).toEqual([]);
      await admin.setViewportSize({ width: 1440, height: 900 });
    }, 120_000);

    test("a step is taken from a customer's conversation, and by a program", async () => {
      const visitor = await openPage(here().browser);
      await visitor.goto(`${here().product.url}/`);
      await visitor.getByRole("button", { name: "Open chat" }).click();
      await visitor.getByRole("textbox", { name: "Write a message" }).fill("person");
      await visitor.keyboard.press("Enter");
      await visitor.getByText("1st in line").waitFor();
      const agent = await here().signIn("two");
      await agent
        .getByRole("button", { name: /Take next/ })
        .and(agent.locator(":enabled"))
        .click();
      const reply = agent.getByRole("textbox", { name: /^Reply/ });
      await reply.click();
      await agent.keyboard.type("/deliver DEL-2");
      await agent.getByRole("option", { name: /Run \/deliveries.deliver/ }).waitFor();
      expect(await lookAround(agent, "chat-composer")).toEqual([]);
      await agent.setViewportSize({ width: 1440, height: 900 });
      await reply.focus();
      await agent.keyboard.press("Enter");
      await agent.getByRole("dialog").getByText("DEL-2 is DELIVERED.").waitFor();
      await agent.keyboard.press("Escape");
      expect(await visitor.getByText(/DEL-2/).count()).toBe(0);
      await visitor.close();

      // The delivery keeps where it was worked on, and what colleagues know of it.
      await agent.evaluate(`location.hash = "#/data/deliveries"`);
      await agent.getByRole("button", { name: "DEL-2", exact: true }).click();
      const panel = agent.getByRole("complementary", { name: "DEL-2" });
      const talks = panel.getByRole("region", { name: "Conversations" });
      await talks.getByText("/deliveries.deliver").waitFor();
      const notes = panel.getByRole("region", { name: "Notes" });
      await notes.getByRole("textbox", { name: "A note for colleagues" }).focus();
      await agent.keyboard.type("Left with the neighbour.");
      await agent.keyboard.press("Control+Enter");
      await notes.getByRole("listitem").getByText("Left with the neighbour.").waitFor();
      expect(await lookAround(agent, "chat-around")).toEqual([]);
      await agent.setViewportSize({ width: 1440, height: 900 });
      await notes.getByRole("button", { name: /^Delete the note/ }).click();
      await notes.getByRole("listitem").waitFor({ state: "detached" });
      await talks.getByRole("link").click();
      await agent.getByRole("textbox", { name: /^Reply/ }).waitFor();

      const step = await fetch(`${here().product.url}/api/v1/blueprints/deliveries/entities/DEL-3/transitions/deliver`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${await tokenOf(agent)}` },
        body: JSON.stringify({ values: {} }),
      });
      expect([step.status, await step.json()]).toMatchObject([200, { values: { status: "DELIVERED", delivered_at: expect.any(String) } }]);
      await agent.close();
    }, 90_000);
  },
);
