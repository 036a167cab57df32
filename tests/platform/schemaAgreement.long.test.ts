import { readFileSync } from "node:fs";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../fixtures/testDatabase.ts";
import { shapeOfDatabase, shapeOfSchema } from "./schemaShape.ts";

const schema = readFileSync("prisma/schema.prisma", "utf8");
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("what the migrations make is what schema.prisma says", async () => {
  const shape = await shapeOfDatabase(database.url);
  expect(shape).toEqual(shapeOfSchema(schema));
  expect(Object.keys(shape).length).toBeGreaterThan(15);
});

/** Whether the two agree after `statement`, which is undone. */
async function agreesAfter(statement: string): Promise<boolean> {
  const copy = await createTestDatabase();
  const client = new pg.Client(copy.url);
  await client.connect();
  await client.query(statement);
  await client.end();
  const [changed, said] = [await shapeOfDatabase(copy.url), shapeOfSchema(schema)];
  await copy.drop();
  return JSON.stringify(sorted(changed)) === JSON.stringify(sorted(said));
}

const sorted = (shape: object) => Object.entries(shape).sort(([a], [b]) => (a < b ? -1 : 1));

test.each([
  ["nothing", "select 1", true],
  ["a check, an index", "create index on note (at); alter table note add check (after_seq >= 0)", true],
  ["a column more", "alter table message add column more text", false],
  ["a column less", "alter table account drop column epoch", false],
  ["another type", "alter table conversation alter column unread type bigint", false],
  ["a null more", "alter table message alter column text drop not null", false],
  ["a default less", "alter table tenant alter column language drop default", false],
  ["a table more", "create table more (id uuid primary key)", false],
  ["another primary key", "alter table turn drop constraint turn_pkey, add primary key (tenant_id, seq, conversation_id)", false],
  ["a unique key less", "alter table message drop constraint message_tenant_id_conversation_id_key_key", false],
  ["a foreign key less", "alter table agent_presence drop constraint agent_presence_tenant_id_account_id_fkey", false],
])("the comparison sees %s in the database", async (_, statement, expected) => {
  expect(await agreesAfter(statement)).toBe(expected);
});

test.each([
  ["a column more", "slug        String       @unique", "slug        String       @unique\n  more String"],
  ["another name", '@map("time_zone")', '@map("timezone")'],
  ["another delete rule", "onDelete: Cascade", "onDelete: NoAction"],
])("the comparison sees %s in the schema", async (_, from, to) => {
  expect(schema).toContain(from);
  expect(await shapeOfDatabase(database.url)).not.toEqual(shapeOfSchema(schema.replace(from, to)));
});
