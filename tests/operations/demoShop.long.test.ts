import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { createTestDatabase } from "../fixtures/testDatabase.ts";

/** What an employee who knows a little SQL does with the shop that is there from the first start. */
let product: TestProduct;
let admin: Agent;
let second: Agent;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct({ demoShop: "on", allowHosts: new URL(inject("databaseUrl")).host });
  const sql = product.database.acrossTenants;
  await sql.query(
    "update membership set roles = '{admin}' where account_id = (select id from account where email = 'agent2@demo.example')",
  );
  admin = await product.agent("admin@demo.example");
  second = await product.agent("agent2@demo.example");
  agent = await product.agent();
  await vi.waitUntil(async () => (await ask(admin, "GET", "/data-sources")).body.items.length === 1, { timeout: 20_000 });
});
afterAll(() => product.stop());

/** A database of somebody else, on the server that the operator named. */
async function openShopOfTheirs() {
  const theirs = await createTestDatabase("empty");
  const run = async (statement: string) => {
    const client = new pg.Client(theirs.url);
    await client.connect();
    return await client.query(statement).finally(() => client.end());
  };
  await run("create table customer (id integer primary key, credit integer not null); insert into customer values (1, 500), (2, 500)");
  const { hostname, port, pathname, username, password } = new URL(theirs.url);
  return {
    settings: { kind: "postgresql", host: hostname, port: Number(port), database: pathname.slice(1), user: username, password, tls: false },
    limits: async () => (await run("select credit from customer order by id")).rows.map(({ credit }) => credit),
    drop: theirs.drop,
  };
}

async function ask(who: Agent, method: string, path: string, body?: object) {
  const response = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${who.token}`, "idempotency-key": randomUUID() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

const lateOrders = {
  name: "late-orders",
  kind: "query",
  summary: "Orders that should have left days ago.",
  parameters: [
    { name: "region", type: "choice", choices: ["north", "south", "east", "west"] },
    { name: "days", type: "integer", default: 3 },
  ],
  query: {
    dataSource: "demo-shop",
    sql: `select o.number, c.name, o.due_on, o.total from orders o join customer c on c.id = o.customer_id
      where o.status not in ('delivered', 'cancelled') and o.due_on < current_date - :days::int [[and c.region = :region]]
      order by o.due_on limit 5`,
  },
};

describe("the demo shop", () => {
  it("is a data source from the beginning, of which nothing secret is told", async () => {
    const { body } = await ask(admin, "GET", "/data-sources");
    expect(body.items).toMatchObject([{ name: "demo-shop", kind: "postgresql", demo: true, hasPassword: true }]);
    expect(JSON.stringify(body)).not.toContain('password":');
    expect((await ask(admin, "POST", "/data-sources/demo-shop/test")).body).toMatchObject({ mayWrite: false });
    const { data } = await admin.run("data-source.tables", { source: "demo-shop" });
    expect(data).toMatchObject({ tables: expect.arrayContaining([expect.objectContaining({ name: "customer" })]) });
  });

  it("answers a saved query by its name, with what is given and without what is left out", async () => {
    expect((await ask(admin, "POST", "/operations", lateOrders)).status).toBe(201);
    await ask(admin, "POST", "/operations/late-orders/publish");
    const all = await admin.run("late-orders");
    expect(all).toMatchObject({
      messages: [{ text: "5 rows.", blocks: [{ type: "table", truncated: false }] }],
      data: {
        columns: [{ name: "number", type: "text" }, { name: "name" }, { name: "due_on", type: "date" }, { name: "total", type: "decimal" }],
      },
    });
    const north = await admin.run("late-orders", { region: "north", days: 0 });
    expect(north.messages[0]?.text).toBe("5 rows.");
    expect(await admin.refused("late-orders", { region: "nowhere" })).toMatchObject({ path: "args.region" });
    expect(await admin.refused("late-orders", { days: "many" })).toMatchObject({ path: "args.days" });
    expect(await agent.refused("late-orders")).toMatchObject({ code: "unknown_command" });
  });

  it("says it in a sentence, or draws it", async () => {
    const sql = "select status, count(*) as orders from orders group by status order by status";
    const chart = { as: "chart", labels: "status", values: ["orders"], title: "Orders" };
    await ask(admin, "POST", "/operations", {
      name: "by-status",
      kind: "query",
      summary: "x",
      query: { dataSource: "demo-shop", sql, answer: chart },
    });
    await ask(admin, "POST", "/operations/by-status/publish");
    expect((await admin.run("by-status")).messages[0]?.blocks).toMatchObject([
      { type: "chart", labels: ["cancelled", "delivered", "packed", "pending", "shipped"], series: [{ name: "orders" }] },
    ]);
    const said = { as: "sentence", text: "{{orders}} orders, {{count}} row", none: "none" };
    const one = { dataSource: "demo-shop", sql: "select count(*) as orders from orders", answer: said };
    await ask(admin, "POST", "/operations", { name: "how-many", kind: "query", summary: "x", query: one });
    await ask(admin, "POST", "/operations/how-many/publish");
    expect((await admin.run("how-many")).messages).toEqual([{ text: "25000 orders, 1 row" }]);
  });

  it("gives its rows to the steps of a sequence", async () => {
    const sequence = {
      steps: [
        { name: "late", command: "late-orders", args: { days: 0 } },
        {
          command: "reverse",
          each: "{{late.rows}}",
          when: [{ left: "{{row.total}}", is: "gt", right: 0 }],
          args: { text: "{{row.number}} {{row.name}}" },
        },
      ],
    };
    await ask(admin, "POST", "/operations", { name: "late-backwards", kind: "sequence", summary: "x", sequence });
    await ask(admin, "POST", "/operations/late-backwards/publish");
    const { messages } = await admin.run("late-backwards");
    expect(messages).toHaveLength(6);
    expect(messages[1]?.text).toMatch(/^\w+-\w+ \d{5} ORD$/);
  });

  it.each([
    ["two statements", "select 1; select 2"],
    ["what writes", "delete from orders"],
    ["what ends the transaction", "commit"],
    ["a function that reads files", "select pg_read_file('/etc/passwd')"],
    ["what sleeps", "select pg_sleep(100)"],
    ["nothing", "  "],
    ["a table that isn't there is only known when it runs, a slot at once", "select :nothing"],
  ])("refuses %s when it is saved", async (_, sql) => {
    const query = { dataSource: "demo-shop", sql };
    const { status, body } = await ask(admin, "POST", "/operations", { name: "wrong", kind: "query", summary: "x", query });
    expect([status, body.error.path]).toEqual([422, "query.sql"]);
  });

  it("refuses a query to what isn't there, and keeps a data source that is asked", async () => {
    const query = { dataSource: "nowhere", sql: "select 1" };
    expect((await ask(admin, "POST", "/operations", { name: "wrong", kind: "query", summary: "x", query })).body.error.path).toBe(
      "query.dataSource",
    );
    const refused = await ask(admin, "DELETE", "/data-sources/demo-shop");
    expect([refused.status, refused.body.error.message]).toEqual([409, expect.stringContaining("by-status")]);
  });
});

describe("a query that writes", () => {
  it("says which rows it changes, waits until somebody else agrees, and changes those and no others", async () => {
    const shop = await openShopOfTheirs();
    expect((await ask(admin, "POST", "/data-sources", { name: "theirs", ...shop.settings })).status).toBe(201);
    expect((await ask(admin, "POST", "/data-sources/theirs/test")).body).toMatchObject({ mayWrite: true });
    const body = {
      name: "raise-limit",
      kind: "query",
      summary: "Raises a customer's limit.",
      parameters: [{ name: "customer", type: "integer", required: true }],
      query: { dataSource: "theirs", sql: "update customer set credit = credit + 100 where id = :customer", writes: true },
    };
    expect((await ask(admin, "POST", "/operations", body)).body).toMatchObject({ risk: "write" });
    await ask(admin, "POST", "/operations/raise-limit/publish");
    const plan = await ask(admin, "POST", "/commands/raise-limit/plans", { args: { customer: 1 } });
    expect(plan.body).toMatchObject({ approval: "needed", facts: { rows: 1, version: 1 } });
    expect(plan.body.changes.slice(0, 2)).toMatchObject([
      { count: 1 },
      { kind: "change", before: expect.stringContaining("credit 500"), after: expect.stringContaining("credit 600") },
    ]);
    const run = await ask(admin, "POST", "/commands/raise-limit/runs", { args: { customer: 1 }, planHash: plan.body.hash });
    expect([run.status, run.body.state]).toEqual([202, "waiting"]);
    const approve = (who: Agent) =>
      ask(who, "POST", `/runs/${run.body.id}/approvals`, { decision: "approve", reason: "It was asked for." });
    expect((await approve(admin)).status).toBe(403);
    expect(await shop.limits()).toEqual([500, 500]);
    expect((await approve(second)).status).toBe(200);
    await vi.waitUntil(async () => (await ask(admin, "GET", `/runs/${run.body.id}`)).body.state === "succeeded");
    expect(await shop.limits()).toEqual([600, 500]);
    await shop.drop();
  });
});

describe("a data source of one's own", () => {
  const server = {
    name: "reports",
    kind: "postgresql",
    host: "db.example.com",
    database: "reports",
    user: "reader",
    password: "a secret of theirs",
  };

  it("keeps its password sealed, and forgets it where it is led elsewhere (sec/sql/61)", async () => {
    const made = await ask(admin, "POST", "/data-sources", server);
    expect([made.status, made.body]).toMatchObject([201, { name: "reports", port: 5432, tls: true, hasPassword: true }]);
    const path = `/data-sources/${made.body.id}`;
    expect((await ask(admin, "PATCH", path, { user: "other" })).body).toMatchObject({ user: "other", hasPassword: true, version: 2 });
    expect((await ask(admin, "PATCH", path, { host: "evil.example.com" })).body).toMatchObject({ hasPassword: false });
    const rows = await product.database.acrossTenants.query("select * from data_source where name = 'reports'");
    expect(JSON.stringify([rows, product.logged])).not.toContain(server.password);
    expect((await ask(admin, "DELETE", path)).status).toBe(204);
    expect((await ask(admin, "GET", path)).status).toBe(404);
  });

  it.each([
    "127.0.0.1",
    "localhost",
    "169.254.169.254",
    "[::1]",
    "::ffff:127.0.0.1",
    "0x7f.1",
    "10.0.0.1",
    "/var/run/postgresql",
    "a b",
    "user@host",
  ])("is refused at %s, when it is made and when it is changed", async (host) => {
    const made = await ask(admin, "POST", "/data-sources", { ...server, name: "inside", host });
    expect([made.status, made.body.error.path]).toEqual([422, "host"]);
    const other = (await ask(admin, "POST", "/data-sources", { ...server, name: "outside" })).body;
    const changed = await ask(admin, "PATCH", `/data-sources/${other.id}`, { host });
    expect([changed.status, changed.body.error.path]).toEqual([422, "host"]);
    await ask(admin, "DELETE", `/data-sources/${other.id}`);
  });

  it("is for those who may keep credentials", async () => {
    expect((await ask(agent, "GET", "/data-sources")).status).toBe(403);
    expect(await agent.refused("data-source.list")).toMatchObject({ code: "unknown_command" });
  });
});
