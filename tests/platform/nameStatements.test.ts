import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "../../src/platform/database/database.ts";
import { nameStatements, parsedForSeconds } from "../../src/platform/database/nameStatements.ts";
import { openDatabase } from "../../src/platform/database/openDatabase.ts";
import { silentLog } from "../fixtures/silentLog.ts";
import { createTestDatabase, type TestDatabase } from "../fixtures/testDatabase.ts";

it("names what comes again, each by one name, and at most 100 an hour", () => {
  let now = 0;
  const nameOf = nameStatements(() => now);
  expect(nameOf("select 1")).toBeUndefined();
  const name = nameOf("select 1");
  expect([nameOf("select 1"), nameOf("select 1")]).toEqual([name, name]);
  const texts = Array.from({ length: 150 }, (_, n) => `select ${n + 2}`);
  for (const text of texts) expect(nameOf(text)).toBeUndefined();
  const names = texts.map((text) => nameOf(text)).filter((given) => given !== undefined);
  expect([names.length, new Set([name, ...names]).size]).toEqual([99, 100]);
  expect(nameOf("select 1")).toBe(name);
  now = parsedForSeconds * 1000;
  expect(nameOf("select 1")).toBeUndefined();
  const later = nameOf("select 1");
  expect(later).toBeDefined();
  expect([name, ...names]).not.toContain(later);
});

let home: TestDatabase;
let database: Database;
beforeAll(async () => {
  home = await createTestDatabase();
  database = await openDatabase({ url: home.url, log: silentLog });
});
afterAll(async () => {
  await database.close();
  await home.drop();
});

it("a list's statement is parsed once a connection, and planned for the values of each", async () => {
  const { acrossTenants: lists } = database.aside;
  for (let round = 0; round < 15; round++) await lists.query("select count(*) from account where email = $1", [`${round}@example.org`]);
  const [kept] = await lists.query<{ generic: number; custom: number }>(
    "select sum(generic_plans)::int as generic, sum(custom_plans)::int as custom from pg_prepared_statements where statement like '%from account%'",
  );
  expect(kept).toMatchObject({ generic: 0 });
  expect(kept?.custom).toBeGreaterThan(10);
});
