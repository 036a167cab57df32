import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Database, type Sql, sqlState } from "../../src/platform/database/database.ts";
import { openDatabase } from "../../src/platform/database/openDatabase.ts";
import { silentLog } from "../fixtures/silentLog.ts";
import { type StallingProxy, startStallingProxy } from "../fixtures/stallingProxy.ts";
import type { TestDatabase } from "../fixtures/testDatabase.ts";

const tenant = "0190a000-0000-7000-8000-000000000001";
const otherTenant = "0190a000-0000-7000-8000-000000000002";

/** What every PostgreSQL that the product runs on does. `create` makes an empty database on it. */
export function databaseContract(create: () => Promise<TestDatabase>): void {
  let place: TestDatabase;
  let database: Database;
  let admin: pg.Client;

  beforeAll(async () => {
    place = await create();
    database = await openDatabase({ url: place.url, log: silentLog }, { poolSize: 4, ledgerPoolSize: 2 });
    admin = new pg.Client(place.url);
    await admin.connect();
    await admin.query(
      "create table thing (tenant_id uuid not null, id integer not null, n bigint not null default 0, primary key (tenant_id, id))",
    );
    await admin.query("insert into thing (tenant_id, id) select t::uuid, i from unnest($1::text[]) t, generate_series(1, 5) i", [
      [tenant, otherTenant],
    ]);
  });
  afterAll(async () => {
    await database.close();
    await admin.end();
    await place.drop();
  });

  describe("values", () => {
    test("leave as they are worked with", async () => {
      const [row] = await database.acrossTenants.query(
        `select 9007199254740991::bigint as big, array[1, null, 3]::bigint[] as bigs, '{}'::bigint[] as none, count(*) as count,
                timestamptz '2026-01-02 03:04:05.678+02' as at, date '2026-01-02' as day, 0.10::numeric as money,
                '{"a": [1]}'::jsonb as json, '\\x00ff'::bytea as bytes, null as nothing, true as yes from generate_series(1, 3)`,
      );
      expect(row).toEqual({
        big: Number.MAX_SAFE_INTEGER,
        bigs: [1, null, 3],
        none: [],
        count: 3,
        at: new Date("2026-01-02T01:04:05.678Z"),
        day: "2026-01-02",
        money: "0.10",
        json: { a: [1] },
        bytes: Buffer.from([0, 255]),
        nothing: null,
        yes: true,
      });
    });

    test("a bigint that a number can't hold is refused, not rounded", async () => {
      await expect(database.acrossTenants.query("select 9007199254740992::bigint")).rejects.toThrow(RangeError);
      expect(await database.acrossTenants.query("select 1 as n")).toEqual([{ n: 1 }]);
    });

    test("a named statement may be run again with other values, in the ledger too", async () => {
      for (const sql of [database.acrossTenants, database.ledger]) {
        for (const n of [1, 2, 3]) expect(await sql.query("select $1::int * 2 as n", [n], "twice")).toEqual([{ n: n * 2 }]);
      }
    });

    test("a constraint's error keeps its code and does not look like an outage", async () => {
      const error = await database
        .forTenant(tenant)
        .query("insert into thing (tenant_id, id) values ($1, $2)", [1])
        .catch((thrown: unknown) => thrown);
      expect(sqlState(error)).toBe("23505");
      expect(error).not.toMatchObject({ code: "unavailable" });
    });

    test("the ledger's plans go by the index, even where the table looks empty", async () => {
      const plan = await database.ledger.query<{ "QUERY PLAN": string }>("explain select * from thing where tenant_id = $1", [tenant]);
      expect(plan.map((line) => line["QUERY PLAN"]).join()).toMatch(/Index|Bitmap/);
      expect(await database.ledger.query("show enable_hashjoin")).toEqual([{ enable_hashjoin: "off" }]);
      expect(await database.acrossTenants.query("show enable_hashjoin")).toEqual([{ enable_hashjoin: "on" }]);
    });
  });

  describe("a tenant's handle", () => {
    test("binds the tenant as $1, alone and in a transaction", async () => {
      const sql = database.forTenant(tenant);
      const text = "select count(*) as n from thing where tenant_id = $1 and id <= $2";
      expect(await sql.query(text, [3])).toEqual([{ n: 3 }]);
      expect(await sql.transaction((tx) => tx.query(text, [2]))).toEqual([{ n: 2 }]);
    });

    test.each(["select * from thing", "select * from thing where id = $2", "select $10"])("refuses %s", async (text) => {
      const sql = database.forTenant(tenant);
      await expect(sql.query(text, [1])).rejects.toThrow("the tenant");
      await expect(sql.transaction((tx) => tx.query(text, [1]))).rejects.toThrow("the tenant");
    });
  });

  describe("transactions", () => {
    const add = (sql: Sql, id: number, by = 1) =>
      sql.query("update thing set n = n + $3 where tenant_id = $1 and id = $2", [tenant, id, by]);
    const amountOf = async (id: number) =>
      (await database.forTenant(tenant).query<{ n: number }>("select n from thing where tenant_id = $1 and id = $2", [id]))[0]?.n;

    test("all or nothing, and the answer comes through", async () => {
      expect(await database.acrossTenants.transaction(async (tx) => (await add(tx, 1, 5)) && "done")).toBe("done");
      expect(await amountOf(1)).toBe(5);
      const failing = database.acrossTenants.transaction(async (tx) => {
        await add(tx, 1, 5);
        throw new Error("mine");
      });
      await expect(failing).rejects.toThrow("mine");
      expect(await amountOf(1)).toBe(5);
    });

    test("an error inside that `work` swallows does not become a commit that wasn't", async () => {
      const sneaky = database.acrossTenants.transaction(async (tx) => {
        await add(tx, 1, 100);
        await tx.query("select 1 / 0").catch(() => {});
      });
      await expect(sneaky).rejects.toThrow("rolled back");
      expect(await amountOf(1)).toBe(5);
    });

    test("its handle is dead afterwards", async () => {
      let kept: Sql | undefined;
      await database.acrossTenants.transaction(async (tx) => {
        kept = tx;
      });
      await expect(kept?.query("select 1")).rejects.toThrow("after the end");
    });

    test("two that lock each other both get done", async () => {
      let attempts = 0;
      let bothHold = () => {};
      const both = new Promise<void>((resolve) => {
        let holding = 0;
        bothHold = () => {
          holding += 1;
          if (holding === 2) resolve();
        };
      });
      const crossing = (first: number, second: number) =>
        database.acrossTenants.transaction(async (tx) => {
          attempts += 1;
          await add(tx, first);
          bothHold();
          await both;
          await add(tx, second);
        });
      await Promise.all([crossing(2, 3), crossing(3, 2)]);
      expect([await amountOf(2), await amountOf(3)]).toEqual([2, 2]);
      expect(attempts).toBe(3);
    });

    test("a serialization failure is tried again, four times in all", async () => {
      let attempts = 0;
      const always = database.acrossTenants.transaction(async (tx) => {
        attempts += 1;
        await tx.query("do $$ begin raise exception using errcode = '40001'; end $$");
      });
      await expect(always).rejects.toMatchObject({ code: "40001" });
      expect(attempts).toBe(4);
    });
  });

  describe("a server that fails", () => {
    test("a backend that is killed: the one statement is unavailable, the next one works", async () => {
      const [row] = await database.ledger.query<{ pid: number }>("select pg_backend_pid() as pid");
      const running = database.ledger.query("select pg_sleep(4)").catch((error: unknown) => error);
      await vi.waitFor(async () => {
        const { rows } = await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where query = 'select pg_sleep(4)'");
        expect(rows).toHaveLength(1);
      });
      expect(await running).toMatchObject({ code: "unavailable", message: expect.not.stringMatching(/127\.0\.0\.1|select|terminat/) });
      await admin.query("select pg_terminate_backend($1)", [row?.pid]);
      expect(await database.ledger.query("select 1 as n").catch(() => database.ledger.query("select 1 as n"))).toEqual([{ n: 1 }]);
    });

    test("a backend that is killed between two statements of a transaction harms nothing else", async () => {
      const broken = database.acrossTenants.transaction(async (tx) => {
        const [row] = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
        await admin.query("select pg_terminate_backend($1)", [row?.pid]);
        await vi.waitFor(async () => {
          const { rows } = await admin.query("select 1 from pg_stat_activity where pid = $1", [row?.pid]);
          expect(rows).toEqual([]);
        });
        await tx.query("select 1");
      });
      await expect(broken).rejects.toMatchObject({ code: "unavailable" });
      expect(await database.acrossTenants.query("select 1 as n")).toEqual([{ n: 1 }]);
    });

    test("a statement that takes too long ends in 5 s, on the server too, and costs no connection", async () => {
      // The connections of before may have been closed for their idleness.
      await database.acrossTenants.query("select 1");
      const before = await admin.query(
        "select pid from pg_stat_activity where application_name = 'switchboard' and datname = current_database() order by pid",
      );
      const begun = performance.now();
      await expect(database.acrossTenants.query("select pg_sleep(30)")).rejects.toMatchObject({ code: "unavailable" });
      expect(performance.now() - begun).toBeLessThan(10_000); // the deadline is 5 s, the statement's own end 30 s
      await vi.waitFor(async () => {
        const { rows } = await admin.query("select pid from pg_stat_activity where query = 'select pg_sleep(30)' and state = 'active'");
        expect(rows).toEqual([]);
      });
      const after = await admin.query(
        "select pid from pg_stat_activity where application_name = 'switchboard' and datname = current_database() order by pid",
      );
      expect(after.rows).toEqual(before.rows);
    });
  });

  describe("a way that stalls", () => {
    let proxy: StallingProxy;
    let far: Database;

    beforeAll(async () => {
      const url = new URL(place.url);
      proxy = await startStallingProxy(Number(url.port === "" ? 5432 : url.port));
      url.hostname = "127.0.0.1";
      url.port = String(proxy.port);
      far = await openDatabase({ url: url.href, log: silentLog }, { poolSize: 4, ledgerPoolSize: 2 });
    });
    afterAll(async () => {
      proxy.mode("reset");
      await far.close();
      await proxy.close();
    });

    test("nobody waits longer than 5 s, whoever comes when; afterwards it works at once", { timeout: 30_000 }, async () => {
      await Promise.all(Array.from({ length: 4 }, () => far.acrossTenants.query("select pg_sleep(0.05)"))); // four idle connections
      proxy.mode("stall");
      const waits: number[] = [];
      const timed = async (work: Promise<unknown>) => {
        const begun = performance.now();
        await expect(work).rejects.toMatchObject({ code: "unavailable" });
        waits.push(performance.now() - begun);
      };
      await Promise.all([
        ...Array.from({ length: 8 }, () => timed(far.acrossTenants.query("select 1"))), // twice as many as connections
        ...Array.from({ length: 4 }, () => timed(far.ledger.query("select 1"))),
        timed(far.forTenant(tenant).transaction((tx) => tx.query("select $1::uuid"))),
        timed(far.ping()),
      ]);
      expect(waits).toHaveLength(14);
      expect(Math.max(...waits)).toBeLessThan(5500);
      proxy.mode("pass");
      const begun = performance.now();
      await Promise.all([far.acrossTenants.query("select 1"), far.ledger.query("select 1"), far.ping()]);
      expect(performance.now() - begun).toBeLessThan(1000);
    });

    test("connections that were cut are forgotten", async () => {
      await far.ping();
      proxy.mode("reset");
      await expect(far.ping()).rejects.toMatchObject({ code: "unavailable" });
      proxy.mode("pass");
      await vi.waitFor(() => far.ping(), 2000);
    });
  });

  test("Prisma reads the same database", async () => {
    expect(await database.prisma.$queryRawUnsafe("select 1::int as n")).toEqual([{ n: 1 }]);
  });
}
