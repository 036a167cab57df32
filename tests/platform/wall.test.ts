import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/platform/database/database.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { openDatabase } from "../../src/platform/database/openDatabase.ts";
import { createRecordingLog } from "../fixtures/recordingLog.ts";
import { silentLog } from "../fixtures/silentLog.ts";
import { createTestDatabase, type TestDatabase } from "../fixtures/testDatabase.ts";

const one = "0190a000-0000-7000-8000-00000000000a";
const other = "0190a000-0000-7000-8000-00000000000b";
const account = "0190a000-0000-7000-8000-0000000000aa";
const foreignAccount = "0190a000-0000-7000-8000-0000000000bb";

/** Two tenants, each with an account, a tag, a contact and a session. */
async function fill(database: Database): Promise<void> {
  const sql = database.acrossTenants;
  for (const [tenant, person] of [
    [one, account],
    [other, foreignAccount],
  ]) {
    await sql.query("insert into tenant (id, slug, name) values ($1, $2, $2)", [tenant, tenant]);
    await sql.query("insert into account (id, email, name, password_hash) values ($1, $2, $2, 'hash')", [person, `${person}@example.com`]);
    await sql.query("insert into membership (tenant_id, account_id) values ($1, $2)", [tenant, person]);
    await sql.query("insert into contact (tenant_id, id, name) values ($1, $2, 'Visitor')", [tenant, person]);
    await sql.query("insert into session (id, account_id, tenant_id, ends_at) values ($2, $2, $1, now())", [tenant, person]);
    await sql.query("insert into refresh_token (token_hash, session_id, expires_at) values ($2, $1, now())", [
      person,
      Buffer.from(person ?? ""),
    ]);
  }
}

/** What a statement that forgets whose it is reads and writes all the same. The contract of the wall, with the product's roles and without. */
function wallContract(open: () => Database, whole: () => Promise<string[]>): void {
  const sql = () => open().forTenant(one);

  it("sec/tenancy/rls: hides every row of another tenant from a statement without a condition, in every table", async () => {
    for (const table of await whole()) {
      const rows = await sql().query<{ row: Record<string, unknown> }>(
        `select to_jsonb(t) as row from "${table}" t where $1::uuid is not null`,
      );
      expect(JSON.stringify(rows), table).not.toContain(other);
      expect(JSON.stringify(rows), table).not.toContain(foreignAccount);
    }
    expect(await sql().query("select id from contact where $1::uuid is not null")).toEqual([{ id: account }]);
    expect(await sql().query("select id from tenant where $1::uuid is not null")).toEqual([{ id: one }]);
    expect(await sql().query("select id from account where $1::uuid is not null")).toEqual([{ id: account }]);
    expect(await sql().query("select 1 from refresh_token where $1::uuid is not null")).toEqual([]);
  });

  it("sec/tenancy/3 lets nobody change, delete or move a row of another tenant", async () => {
    expect(
      await sql().query("update contact set name = 'mine' where id = $2 and $1::uuid is not null returning id", [foreignAccount]),
    ).toEqual([]);
    expect(await sql().query("delete from contact where id = $2 and $1::uuid is not null returning id", [foreignAccount])).toEqual([]);
    const insert = "insert into contact (tenant_id, id, name) select $2, gen_random_uuid(), 'x' where $1::uuid is not null";
    await expect(sql().query(insert, [other])).rejects.toMatchObject({ code: "42501" });
    // CVE-2026-72719: a resource that was moved between accounts.
    await expect(sql().query("update contact set tenant_id = $2 where tenant_id = $1", [other])).rejects.toMatchObject({ code: "42501" });
    const names = await open().acrossTenants.query("select name from contact order by name");
    expect(names).toEqual([{ name: "Visitor" }, { name: "Visitor" }]);
  });

  it("sec/tenancy/4 sec/tenancy/5 shows what is of no tenant to none, and nothing to whoever names none", async () => {
    const across = open().acrossTenants;
    const id = "0190a000-0000-7000-8000-0000000000cc";
    await across.query("insert into session (id, account_id, ends_at) values ($1, $2, now()) on conflict do nothing", [id, foreignAccount]);
    expect(await sql().query("select id from session where tenant_id is null and $1::uuid is not null")).toEqual([]);
    // Where a row may be without a tenant, it is a person's own or the installation's: nothing that a tenant works with.
    const nullable = await across.query<{ name: string }>(
      `select c.relname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
        where a.attname = 'tenant_id' and not a.attnotnull and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1`,
    );
    expect(nullable.map(({ name }) => name)).toEqual(["account_identity", "session", "sign_in_flow"]);
    for (const nobody of ["", "null", "*", `${one}' or '1'='1`]) {
      expect(() => open().forTenant(nobody), nobody).toThrow("doesn't name one");
    }
  });

  it("holds in transactions, and for each of many who share the connections", async () => {
    const seen = await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        const tenant = n % 2 === 0 ? one : other;
        const read = "select tenant_id as tenant from contact where $1::uuid is not null";
        if (n % 3 === 0)
          return {
            tenant,
            rows: await open()
              .forTenant(tenant)
              .transaction((tx) => tx.query<{ tenant: string }>(read)),
          };
        if (n % 3 === 1) return { tenant, rows: await open().aside.forTenant(tenant).query<{ tenant: string }>(read) };
        const all = await open().acrossTenants.query("select 1 from contact");
        expect(all).toHaveLength(2);
        return { tenant, rows: await open().forTenant(tenant).query<{ tenant: string }>(read) };
      }),
    );
    for (const { tenant, rows } of seen) expect(rows).toEqual([{ tenant }]);
    expect(await open().aside.acrossTenants.query("select 1 from contact")).toHaveLength(2);
  });
}

const tablesOf = (place: () => TestDatabase) => async () => {
  const client = new pg.Client(place().url);
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1",
  );
  await client.end();
  return rows.map(({ name }) => name);
};

describe("the second wall, with the product's roles", () => {
  let place: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    place = await createTestDatabase();
    database = await openDatabase({ url: place.url, log: silentLog }, { poolSize: 2, asidePoolSize: 1, ledgerPoolSize: 1 });
    await fill(database);
  });
  afterAll(async () => {
    await database.close();
    await place.drop();
  });
  wallContract(
    () => database,
    tablesOf(() => place),
  );

  it("stands around every table", async () => {
    const client = new pg.Client(place.url);
    await client.connect();
    const { rows } = await client.query(
      `select relname from pg_class t where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and (not relrowsecurity or not relforcerowsecurity or not exists (select from pg_policy where polrelid = t.oid and polname = 'wall_worker')
          or (exists (select from pg_attribute where attrelid = t.oid and attname = 'tenant_id')
            and not exists (select from pg_policy where polrelid = t.oid and polname = 'wall_app')))`,
    );
    await client.end();
    expect(rows).toEqual([]);
  });

  it("is not the product's to take down", async () => {
    const sql = database.acrossTenants;
    expect(await sql.query("select current_user as who")).toEqual([{ who: "switchboard_worker" }]);
    for (const statement of ["alter table contact disable row level security", "drop table contact", "drop policy wall_app on contact"])
      await expect(sql.query(statement)).rejects.toMatchObject({ code: "42501" });
    await expect(sql.query("delete from audit_entry")).rejects.toMatchObject({ code: "42501" });
    await expect(database.forTenant(one).query("delete from account where $1::uuid is not null")).resolves.toEqual([]);
    expect(await sql.query("select id from account")).toHaveLength(2);
  });
});

describe("the second wall, on a server where no role may be made", () => {
  let place: TestDatabase;
  let database: Database;
  let admin: pg.Client;
  const { log, logged } = createRecordingLog();
  beforeAll(async () => {
    place = await createTestDatabase("empty");
    admin = new pg.Client(place.url);
    await admin.connect();
    await admin.query("create role plain_owner login password 'plain' nosuperuser nocreaterole");
    await admin.query("grant create on schema public to plain_owner");
    const url = new URL(place.url);
    [url.username, url.password] = ["plain_owner", "plain"];
    await migrate(url.href, { folder: "prisma/migrations", log });
    await migrate(url.href, { folder: "prisma/migrations", log });
    database = await openDatabase({ url: url.href, log: silentLog }, { poolSize: 2, asidePoolSize: 1, ledgerPoolSize: 1 });
    await fill(database);
  });
  afterAll(async () => {
    await database?.close();
    await admin.end();
    await place.drop();
    const maintenance = new URL(place.url);
    maintenance.pathname = "/postgres";
    const last = new pg.Client(maintenance.href);
    await last.connect();
    await last.query("drop role plain_owner");
    await last.end();
  });

  it("is said in a sentence", () => {
    const said = logged.filter(({ level }) => level === "warn").map(({ message }) => message);
    expect(said[0]).toMatch(/may not make roles.*create switchboard_app and switchboard_worker as a superuser and grant both/);
  });
  wallContract(
    () => database,
    tablesOf(() => place),
  );
});
