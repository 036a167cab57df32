import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrate } from "../../src/platform/database/migrate.ts";
import { silentLog } from "../fixtures/silentLog.ts";
import { createTestDatabase, type TestDatabase } from "../fixtures/testDatabase.ts";

let database: TestDatabase;
let folder: string;
let client: pg.Client;

beforeEach(async () => {
  database = await createTestDatabase("empty");
  folder = await mkdtemp(join(tmpdir(), "switchboard-migrations-"));
  client = new pg.Client(database.url);
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
  await rm(folder, { recursive: true });
});

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const run = () => migrate(database.url, { folder, log: silentLog });
const applied = async () =>
  (await client.query<{ name: string }>("select name from schema_migration order by applied_at, name")).rows.map(({ name }) => name);

test("files are applied in order, once, and new ones later", async () => {
  await write("0002_second.sql", "alter table a add column n integer");
  await write("0001_first.sql", "create table a (id integer); insert into a values (1)");
  await write("notes.txt", "not a migration");
  await run();
  await run();
  expect(await applied()).toEqual(["0001_first.sql", "0002_second.sql"]);
  await write("0003_third.sql", "insert into a values (2, 2)");
  await run();
  expect((await client.query("select * from a order by id")).rows).toEqual([
    { id: 1, n: null },
    { id: 2, n: 2 },
  ]);
});

test("of two files with the same number none is applied", async () => {
  await write("0001_first.sql", "create table a (id integer)");
  await write("0001_rival.sql", "create table b (id integer)");
  await expect(run()).rejects.toThrow("Two migrations have the number 0001; give the later one the next.");
  expect((await client.query("select to_regclass('a') as a")).rows).toEqual([{ a: null }]);
});

test("ten processes at once apply each once", async () => {
  await write("0001_first.sql", "create table a (id integer); select pg_sleep(0.1); insert into a values (1)");
  await Promise.all(Array.from({ length: 10 }, run));
  expect((await client.query("select * from a")).rows).toHaveLength(1);
});

test("one that fails leaves nothing of itself, names itself, and is tried again when it was corrected", async () => {
  await write("0001_first.sql", "create table a (id integer)");
  await write("0002_second.sql", "create table b (id integer); create table a (id integer)");
  await expect(run()).rejects.toMatchObject({
    code: "conflict",
    message: 'The migration 0002_second.sql failed and was undone: relation "a" already exists.',
  });
  expect(await applied()).toEqual(["0001_first.sql"]);
  expect((await client.query("select to_regclass('b') as b")).rows).toEqual([{ b: null }]);
  await write("0002_second.sql", "create table b (id integer)");
  await run();
  expect(await applied()).toHaveLength(2);
});

test("a landed file that was edited is refused, and nothing after it is applied", async () => {
  await write("0001_first.sql", "create table a (id integer)");
  await run();
  await write("0001_first.sql", "create table a (id bigint)");
  await write("0002_second.sql", "create table b (id integer)");
  await expect(run()).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/^The migration 0001_first\.sql was edited .*; restore/),
  });
  expect(await applied()).toEqual(["0001_first.sql"]);
});

test("a database that is newer than the files is refused", async () => {
  await write("0001_first.sql", "create table a (id integer)");
  await write("0002_second.sql", "create table b (id integer)");
  await run();
  await rm(join(folder, "0002_second.sql"));
  await expect(run()).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/0002_second\.sql, which this version doesn't know/),
  });
});

test("a database that is newer by what the older version can live with is taken as it is", async () => {
  await write("0001_first.sql", "create table a (id integer)");
  await write("0002_second.sql", "-- expand: for the next version\nalter table a add column n integer");
  await run();
  await rm(join(folder, "0002_second.sql"));
  await run();
  expect(await applied()).toEqual(["0001_first.sql", "0002_second.sql"]);
  await write("0002_second.sql", "-- expand: for the next version\nalter table a add column n integer");
  await write("0003_third.sql", "alter table a drop column id");
  await run();
  await rm(join(folder, "0003_third.sql"));
  await expect(run()).rejects.toMatchObject({ code: "conflict", message: expect.stringMatching(/0003_third\.sql/) });
});

test("a lock that is held delays it, and whoever reads meanwhile waits no longer than 2 s", async () => {
  await write("0001_first.sql", "create table a (id integer)");
  await run();
  await write("0002_second.sql", "alter table a add column n integer");
  await client.query("begin; select * from a");
  const migrated = run();
  const waits =
    "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%alter table a%' and datname = current_database()";
  const watcher = new pg.Client(database.url);
  await watcher.connect();
  while ((await watcher.query(waits)).rows.length === 0);
  const begun = performance.now();
  await watcher.query("select * from a"); // queues behind the migration that waits
  expect(performance.now() - begun).toBeLessThan(2300);
  await client.query("commit");
  await migrated;
  expect((await watcher.query("select n from a")).rows).toEqual([]);
  await watcher.end();
});

test.each([
  ["postgresql://x@127.0.0.1:9/x", "Nothing listens at 127.0.0.1:9; start PostgreSQL there, or correct DATABASE_URL."],
  ["postgresql://x@nowhere.invalid/x", 'The host "nowhere.invalid" of DATABASE_URL is not known; correct it.'],
])("an unreachable server is told in one sentence: %s", async (url, message) => {
  await expect(migrate(url, { folder, log: silentLog })).rejects.toMatchObject({ code: "unavailable", message });
});

test("a wrong password, database or right is told, without the password", async () => {
  const wrong = (change: (url: URL) => void) => {
    const url = new URL(database.url);
    change(url);
    return migrate(url.href, { folder, log: silentLog }).catch((error: Error) => error.message);
  };
  expect(
    await wrong((url) => {
      url.password = "wrong-secret";
    }),
  ).toMatch(/^PostgreSQL at 127\.0\.0\.1:\d+ refuses the user "switchboard" or its password; correct DATABASE_URL\.$/);
  expect(
    await wrong((url) => {
      url.pathname = "/nothing";
    }),
  ).toMatch(/has no database "nothing"; create it/);
  await client.query("create role reader login password 'r'");
  expect(
    await wrong((url) => {
      url.username = "reader";
      url.password = "r";
    }),
  ).toMatch(/^The user "reader" may not create tables/);
  await client.query("drop role reader");
});
