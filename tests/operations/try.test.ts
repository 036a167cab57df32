import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { createSourceDatabase, type SourceDatabase } from "../fixtures/sourceDatabase.ts";

/** Operations that nobody saved, run as they stand on somebody's shop. */
let product: TestProduct;
let shop: SourceDatabase;
let admin: Agent;
let agent: Agent;
beforeAll(async () => {
  const url = inject("databaseUrl");
  [product, shop] = await Promise.all([openProduct({ allowHosts: new URL(url).host }), createSourceDatabase(url, "postgresql")]);
  [admin, agent] = await Promise.all([product.agent("admin@demo.example"), product.agent()]);
  const { dialect: kind, tls: _, ...settings } = shop.settings;
  await admin.run("data-source.create", { name: "shop", kind, ...settings, tls: false });
});
afterAll(async () => {
  await product.stop();
  await shop.drop();
});

const byRegion = {
  kind: "query",
  parameters: [{ name: "region", type: "choice", choices: ["north", "south"], required: true }],
  query: { dataSource: "shop", sql: "select region, count(*) as customers from customers where region = :region group by region" },
  values: { region: "north" },
};
const asks = (sql: string, more: object = {}) => ({ kind: "query", query: { dataSource: "shop", sql, ...more } });

describe("a preset", () => {
  it("is a value that nobody is asked for, and that nobody gives another", async () => {
    const { values: _, parameters, ...rest } = byRegion;
    const preset = parameters.map((parameter) => ({ ...parameter, fixed: true, default: "south" }));
    await admin.run("operation.create", { name: "in-the-south", summary: "Who lives in the south.", ...rest, parameters: preset });
    await admin.run("operation.publish", { name: "in-the-south" });
    expect((await admin.run("in-the-south")).data).toMatchObject({ rows: [["south", expect.anything()]] });
    expect(await admin.refused("in-the-south", { region: "north" })).toMatchObject({ path: "args.region" });
    expect(await admin.refused("operation.try", { ...byRegion, parameters: preset })).toMatchObject({ path: "args.values.region" });
    const open = parameters.map((parameter) => ({ ...parameter, fixed: true }));
    const refused = await admin.refused("operation.update", { name: "in-the-south", parameters: open });
    expect(refused.path).toBe("args.parameters.0.default");
    await admin.run("operation.delete", { name: "in-the-south" });
  });
});

describe("operation.try", () => {
  it("answers as the operation would, in the look that it chose, and saves nothing", async () => {
    const run = await admin.run("operation.try", byRegion);
    expect(run.data).toMatchObject({
      risk: "read",
      plan: null,
      answer: {
        columns: [{ name: "region" }, { name: "customers" }],
        rows: [["north", expect.stringMatching(/^[0-9]+$/)]],
        truncated: false,
      },
    });
    expect(run.messages).toMatchObject([{ text: "1 row.", blocks: [{ type: "table" }] }]);
    const answer = { as: "sentence", text: "{{customers}} live in the {{region}}." };
    const told = await admin.run("operation.try", { ...byRegion, query: { ...byRegion.query, answer } });
    expect(told.messages[0]?.text).toMatch(/^\d+ live in the north\.$/);
    expect((await admin.run("operation.list")).data).toEqual({ operations: [] });
  });

  it("writes a column whose name has spaces into a sentence, and into what the next step takes", async () => {
    const sql = `select 7 as "late orders", 'north' as "größe"`;
    const answer = { as: "sentence", text: '{{["late orders"]}} in the {{größe}} of {{count}}, and {{late orders}}.' };
    expect((await admin.run("operation.try", asks(sql, { answer }))).messages[0]?.text).toBe("7 in the north of 1, and {{late orders}}.");
    await admin.run("operation.create", { name: "spaced", summary: "Spaces.", ...asks(sql) });
    await admin.run("operation.publish", { name: "spaced" });
    const steps = [
      { name: "all", command: "spaced" },
      { command: "reverse", args: { text: 'x {{all.rows.0["late orders"]}}' } },
    ];
    const { data } = await admin.run("operation.try", { kind: "sequence", sequence: { steps } });
    expect(data).toMatchObject({ steps: [{ state: "read" }, { state: "read", messages: [{ text: "7 x" }] }] });
    await admin.run("operation.delete", { name: "spaced" });
  });

  it("goes on behind a step whose plan is refused where the sequence would, and stops there where it wouldn't", async () => {
    const made = { command: "canned.create", args: { name: "After", texts: { en: "After it." }, for: "me" } };
    const tried = (more: object) => ({
      kind: "sequence",
      sequence: { steps: [{ command: "canned.create", args: { texts: { en: "No name." }, for: "me" }, ...more }, made] },
    });
    const refused = /^It would be refused, and the sequence goes on: "name" is missing/;
    expect((await admin.run("operation.try", tried({ onFailure: "continue" }))).data).toMatchObject({
      steps: [{ state: "planned", messages: [{ text: expect.stringMatching(refused) }] }, { state: "planned" }],
    });
    expect(await admin.refused("operation.try", tried({}))).toMatchObject({ path: "args.sequence.steps.0.args.name" });
  });

  it("takes as a colleague whoever works here now, by their address, and nobody else", async () => {
    const parameters = [{ name: "whom", type: "account", required: true }];
    const query = { dataSource: "shop", sql: "select :whom as whom" };
    const own = { name: "about-whom", kind: "query", parameters, query };
    await admin.run("operation.create", { ...own, summary: "About a colleague." });
    await admin.run("operation.publish", { name: "about-whom" });
    expect((await admin.run("about-whom", { whom: "Agent1@demo.example" })).data).toMatchObject({ rows: [["Agent1@demo.example"]] });
    const refused = { code: "invalid_value", message: '"whom" must be the e-mail address of somebody who works here.' };
    expect(await admin.refused("about-whom", { whom: "eve@example.com" })).toMatchObject({ ...refused, path: "args.whom" });
    expect(await admin.refused("operation.try", { ...own, values: { whom: "Agent One" } })).toMatchObject({
      ...refused,
      path: "args.values.whom",
    });
    const toVisitors = await admin.refused("operation.update", { name: "about-whom", audience: "visitor" });
    expect(toVisitors.path).toBe("args.parameters.0.type");
    for (const [type, wrong] of [
      ["entity", "blueprint"],
      ["file", "type"],
    ])
      expect((await admin.refused("operation.try", { ...own, parameters: [{ name: "whom", type }] })).path).toBe(
        `args.parameters.0.${wrong}`,
      );
    await admin.run("operation.delete", { name: "about-whom" });
  });

  it("draws lines of several columns, or of the values of one, each label once", async () => {
    const sql =
      "select * from (values (date '2026-11-01', 'north', 3), ('2026-11-01', 'south', 4), ('2026-11-02', 'north', 5)) as x (day, region, orders)";
    const drawn = async (more: object) => {
      const answer = { as: "chart", look: "lines", labels: "day", values: ["orders"], ...more };
      return (await admin.run("operation.try", asks(sql, { answer }))).messages[0]?.blocks?.[0];
    };
    expect(await drawn({ by: "region" })).toEqual({
      type: "chart",
      look: "lines",
      labels: ["2026-11-01", "2026-11-02"],
      series: [
        { name: "north", values: [3, 5] },
        { name: "south", values: [4, 0] },
      ],
    });
    expect(await drawn({})).toMatchObject({ labels: { length: 3 }, series: [{ name: "orders", values: [3, 4, 5] }] });
    expect(await drawn({ by: "moon" })).toMatchObject({ type: "table" });
  });

  it("only plans what changes something: nothing has happened afterwards", async () => {
    const parameters = [{ name: "whom", type: "text", required: true }];
    const message = { by: "mail", to: ["{{whom}}"], subject: "Hello", text: "Hello." };
    const run = await admin.run("operation.try", { kind: "message", parameters, message, values: { whom: "ana@example.com" } });
    expect(run.data).toMatchObject({ risk: "write", answer: null, plan: [{ kind: "send", count: 1 }, { after: "Hello\n\nHello." }] });
    expect(run.messages.map(({ text }) => text)).toEqual(['It sends "Hello" to ana@example.com.', "To ana@example.com"]);
    expect(await product.database.acrossTenants.query("select from mail_out where kind = 'message'")).toEqual([]);
  });

  it("shows which rows a query would change, and changes none", async () => {
    const query = { dataSource: "shop", writes: true, sql: "update products set stock = stock + :more where id = 1" };
    const parameters = [{ name: "more", type: "integer", required: true }];
    const { data } = await admin.run("operation.try", { kind: "query", parameters, query, values: { more: 40 } });
    expect(data).toMatchObject({
      risk: "write",
      plan: [{ count: 1 }, { before: expect.stringContaining("stock 3,"), after: expect.stringContaining("stock 43,") }],
    });
    expect(await shop.ask("select stock from products where id = 1")).toEqual([[3]]);
  });

  it("tells of a sequence what each step finds or would do, with few rows of a loop, and what only a run finds", async () => {
    await admin.run("operation.create", { name: "customers", summary: "All.", ...asks("select id, region from customers order by id") });
    await admin.run("operation.publish", { name: "customers" });
    const steps = [
      { name: "all", command: "customers" },
      {
        name: "words",
        command: "reverse",
        each: "{{all.rows}}",
        args: { text: "{{row.id}}" },
        when: [{ left: "{{row.region}}", is: "eq", right: "north" }],
      },
      {
        name: "made",
        command: "canned.create",
        args: { name: "N {{all.rows.0.id}}", texts: { en: "{{words.0.text}} is north" }, for: "me" },
      },
      { command: "reverse", args: { text: "{{made.canned}}" } },
      { command: "reverse", args: { text: "never" }, when: [{ left: "{{all.rows.length}}", is: "lt", right: 1, as: "number" }] },
    ];
    const { data } = await admin.run("operation.try", { kind: "sequence", sequence: { steps } });
    const many = await shop.ask("select count(*) from customers where region = 'north'");
    expect(data).toMatchObject({
      risk: "write",
      plan: [{ text: expect.stringContaining("is north") }],
      steps: [
        { state: "read", turns: 1, data: { columns: [{ name: "id" }, { name: "region", type: "text" }] } },
        { state: "read", turns: Number(many[0]?.[0]), tried: Math.min(5, Number(many[0]?.[0])) },
        { state: "planned", messages: [{ text: expect.stringContaining("N ") }] },
        { state: "unknown", messages: [{ text: expect.stringContaining("{{made.canned}}") }] },
        { state: "skipped" },
      ],
    });
    expect(JSON.stringify((await admin.run("canned.list")).data)).not.toContain("is north");
    const wrong = [steps[0], { command: "reverse", args: {} }];
    expect((await admin.refused("operation.try", { kind: "sequence", sequence: { steps: wrong } })).path).toBe(
      "args.sequence.steps.1.args.text",
    );
    await admin.run("operation.delete", { name: "customers" });
  });

  it("is audited, with what was asked", async () => {
    await admin.run("operation.try", asks("select 41 + 1 as answer"));
    const { data } = await admin.run("audit.list", { action: "operation.try" });
    expect(JSON.stringify(data)).toContain("41 + 1");
  });

  it("is nobody's who may not make operations", async () => {
    expect(await agent.refused("operation.try", byRegion)).toMatchObject({ code: "unknown_command" });
  });

  it("is a door by HTTP, whose body the place is in", async () => {
    const post = async (body: object) => {
      const response = await fetch(`${product.url}/api/v1/operations/try`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${admin.token}`, "idempotency-key": randomUUID() },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    };
    expect(await post(byRegion)).toMatchObject({
      status: 200,
      body: { risk: "read", answer: { rows: [["north", expect.stringMatching(/^[0-9]+$/)]] } },
    });
    expect(await post(asks("select 1 from customers; commit"))).toMatchObject({
      status: 422,
      body: { error: { path: "query.sql", character: 26 } },
    });
  });

  it.each([
    ["two statements", asks("select 1; select 2"), "query.sql", 11],
    ["a word that the database doesn't know", asks("select 👍 from customers"), "query.sql", 8],
    ["a column that isn't there", asks("select name, wage from customers"), "query.sql", 14],
    ["a slot that is no parameter", asks("select :who"), "query.sql", 8],
    ["a quote that never ends", asks("select 'a"), "query.sql", 8],
    ["a writing function", asks("select 1, pg_sleep(1)"), "query.sql", 11],
    ["nothing", asks(" "), "query.sql", undefined],
    ["a data source that isn't there", { kind: "query", query: { dataSource: "nowhere", sql: "select 1" } }, "query.dataSource", undefined],
    ["no value", { ...byRegion, values: {} }, "values.region", undefined],
    ["a value that is no choice", { ...byRegion, values: { region: "up" } }, "values.region", undefined],
    ["a value of nothing", { ...byRegion, values: { region: "north", colour: "red" } }, "values.colour", undefined],
    ["a parameter of no type", { ...byRegion, parameters: [{ name: "region" }] }, "parameters.0.type", undefined],
    ["a body of another kind", { ...byRegion, message: {} }, "message", undefined],
    ["no kind", { kind: "spell" }, "kind", undefined],
  ])("is refused with its place: %s", async (_, tried, path, character) => {
    const refused = await admin.refused("operation.try", tried);
    expect([refused.path, refused.character]).toEqual([`args.${path}`, character]);
  });
});
