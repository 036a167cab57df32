import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { createTestDatabase, type TestDatabase } from "../fixtures/testDatabase.ts";

/** Rows that a query adds to a database of somebody else, when others agreed. */
let product: TestProduct;
let theirs: TestDatabase;
let admin: Agent;
let second: Agent;
beforeAll(async () => {
  product = await openProduct({ allowHosts: new URL(inject("databaseUrl")).host });
  await product.database.acrossTenants.query(
    "update membership set roles = '{admin}' where account_id = (select id from account where email = 'agent2@demo.example')",
  );
  [admin, second, theirs] = await Promise.all([
    product.agent("admin@demo.example"),
    product.agent("agent2@demo.example"),
    createTestDatabase("empty"),
  ]);
  await inTheirs(
    `create table customer (id integer primary key, credit integer not null); insert into customer values (1, 500);
     create table visit (id serial primary key, who text not null, credit integer, at timestamptz not null default now())`,
  );
  const { hostname, port, pathname, username, password } = new URL(theirs.url);
  const at = { kind: "postgresql", host: hostname, port: Number(port), database: pathname.slice(1), tls: false };
  await ask(admin, "/data-sources", { name: "visits", ...at, user: username, password });
  const sql = "insert into visit (who, credit) select 'Ann', credit from customer where id = 1";
  const query = { dataSource: "visits", sql, writes: true };
  await ask(admin, "/operations", { name: "add-visit", kind: "query", summary: "Adds one.", query });
  await ask(admin, "/operations/add-visit/publish");
});
afterAll(async () => {
  await product.stop();
  await theirs.drop();
});

async function inTheirs(statement: string) {
  const client = new pg.Client(theirs.url);
  await client.connect();
  return await client.query(statement).finally(() => client.end());
}

async function ask(who: Agent, path: string, body: object = {}) {
  const response = await fetch(`${product.url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${who.token}`, "idempotency-key": randomUUID() },
    body: JSON.stringify(body),
  });
  return JSON.parse(await response.text());
}

const agreed = async (meanwhile: () => Promise<unknown>) => {
  const { id } = await ask(admin, "/commands/add-visit/runs", { args: {} });
  await meanwhile();
  return (await ask(second, `/runs/${id}/approvals`, { decision: "approve", reason: "It was asked for." })).state;
};

it("are added as they were agreed to, though their number and their time are others by then", async () => {
  expect(await agreed(async () => {})).toBe("succeeded");
  expect((await inTheirs("select who, credit from visit")).rows).toEqual([{ who: "Ann", credit: 500 }]);
});

it("are not added where their content is another by then", async () => {
  expect(await agreed(() => inTheirs("update customer set credit = 900 where id = 1"))).toBe("refused");
  expect((await inTheirs("select from visit")).rowCount).toBe(1);
});
