import { describe, expect, test } from "vitest";
import { ConnectionPools } from "../../../src/operations/sources/connectionPools.ts";
import type { RowStream } from "../../../src/operations/sources/dataSource.ts";
import { connectMysql } from "../../../src/operations/sources/mysql/mysqlConnection.ts";
import { openSource } from "../../../src/operations/sources/openSource.ts";
import { connectPostgresql } from "../../../src/operations/sources/postgresql/postgresqlConnection.ts";
import { sourceSettingsSchema } from "../../../src/operations/sources/sourceSettings.ts";
import type { SourceDatabase } from "../../fixtures/sourceDatabase.ts";
import { describeEachSource, refused } from "./eachSource.ts";

const endless = "select count(*) from orders a cross join orders b cross join orders c cross join orders d cross join orders e";

await describeEachSource("a data source", (shop) => {
  const { kind, name, statement, read } = shop;

  /** What runs on the server for this database, without who asks. */
  const running = async () =>
    kind === "postgresql"
      ? await shop.database.ask(
          `select query from pg_stat_activity where datname = '${shop.database.settings.database}' and state = 'active' and query like '%orders e%' and pid <> pg_backend_pid()`,
        )
      : await shop.database.ask(
          `select info from information_schema.processlist where db = '${shop.database.settings.database}' and info like '%orders e' and id <> connection_id()`,
        );

  describe("what it says of itself", () => {
    test("its product, and that its role may do everything", async () => {
      expect(await shop.source.test()).toMatchObject({
        product: expect.stringMatching(new RegExp(`^${name} \\d+\\.\\d+`)),
        canWrite: true,
        isSuperuser: true,
      });
    });

    test("its tables and their columns, for an editor", async () => {
      const tables = await shop.source.tables();
      const lines = tables.find((table) => table.name === "order_lines");
      expect(lines?.columns.map((column) => column.name)).toEqual(["order_id", "product_id", "quantity", "price"]);
      expect(tables.map((table) => table.name)).toContain("active_customers");
      expect(tables.every(({ schema }) => !/pg_|^mysql$|information_schema/.test(schema))).toBe(true);
    });

    test("a role that can only read is told as one, and what it may not see isn't listed or read", async () => {
      const role = `switchboard_reader_${Math.random().toString(36).slice(2, 8)}`;
      if (kind === "postgresql") {
        await shop.database.ask(
          `create role ${role} login password 'pässword'; grant select on products to ${role}; revoke create on schema public from public`,
        );
        await shop.database.ask(`revoke temporary on database ${shop.database.settings.database} from public`);
      } else
        await shop.database.ask(
          `create user ${role}@'127.0.0.1' identified by 'pässword'; grant select on ${shop.database.settings.database}.products to ${role}@'127.0.0.1'`,
        );
      const reader = openSource(
        { ...shop.database.settings, user: role, password: "pässword" },
        shop.database.rules,
        new ConnectionPools(),
      );
      try {
        expect(await reader.test()).toMatchObject({ canWrite: false, isSuperuser: false });
        expect((await reader.tables()).map((table) => table.name)).toEqual(["products"]);
        expect(await refused(reader.read({ statement: await statement("select * from customers") }))).toMatch(
          /^forbidden: The data source's user may not do this: .*customers/,
        );
        expect(await refused(reader.read({ statement: await statement("select * from customers") }))).not.toMatch(/127\.0\.0\.1|reader/);
      } finally {
        await reader.close();
        await shop.database.ask(kind === "postgresql" ? `drop owned by ${role}; drop role ${role}` : `drop user ${role}@'127.0.0.1'`);
      }
    });
  });

  describe("cells", () => {
    test("64 bits, decimals and dates keep every digit, columns of one name stay apart", async () => {
      const number = kind === "postgresql" ? "9007199254740993::bigint" : "cast(9007199254740993 as signed)";
      const { columns, rows } = await read(
        `select ${number} as n, 0.10 as d, ${kind === "postgresql" ? "timestamptz '2026-03-29 02:30:00.123456+02'" : "cast('2026-03-29 00:30:00.123456' as datetime(6))"} as i, date '2026-02-28' as day, 1 as n, null as nothing`,
      );
      expect(columns.map(({ key, type }) => [key, type])).toEqual([
        ["n", "integer"],
        ["d", "decimal"],
        ["i", "instant"],
        ["day", "date"],
        ["n_2", "integer"],
        ["nothing", expect.any(String)],
      ]);
      expect(rows).toEqual([
        [
          "9007199254740993",
          "0.10",
          `2026-03-29T00:30:00.123456${kind === "postgresql" ? "Z" : ""}`,
          "2026-02-28",
          kind === "postgresql" ? 1 : expect.anything(),
          null,
        ],
      ]);
    });

    test("sec/sql/56 a column may be called __proto__, or a thousand others", async () => {
      const quote = kind === "postgresql" ? '"' : "`";
      const odd = read(`select 1 as ${quote}__proto__${quote}, 2 as ${quote}constructor${quote}`);
      if (kind === "postgresql") expect((await odd).columns.map(({ key }) => key)).toEqual(["__proto__", "constructor"]);
      else expect(await refused(odd)).toBe('invalid_value: No column may be called __proto__; give it another name with "as".');
      const wide = await read(`select ${Array.from({ length: 1500 }, (_, index) => `1 c${index}`).join(",")}`);
      expect([wide.columns.length, wide.rows[0]?.length]).toEqual([1500, 1500]);
    });

    test("bytes and shapes are described, and everything is safe as JSON", async () => {
      const { rows } = await read(
        kind === "postgresql" ? "select photo, size from products where id = 1" : "select photo, place from products where id = 1",
      );
      expect(rows[0]?.[0]).toBe("2 bytes: 0x00ff");
      const all = await read("select * from customers limit 3");
      expect(JSON.parse(JSON.stringify(all.rows))).toEqual(all.rows);
    });

    if (kind === "postgresql") {
      test("what is no number, infinite or long ago stays as it is written", async () => {
        const { rows } = await read(
          "select 'NaN'::float8, '-Infinity'::float8, '-0'::float8, 'NaN'::numeric, 'infinity'::date, timestamptz '-infinity', date '0044-03-15 BC', 1e-7::float8, interval '1 mon 2 days', array['a','b'], '[1,5)'::int4range",
        );
        expect(rows).toEqual([
          ["NaN", "-Infinity", "-0", "NaN", "infinity", "-infinity", "0044-03-15 BC", 1e-7, "1 mon 2 days", "{a,b}", "[1,5)"],
        ]);
      });
    } else {
      test("unsigned numbers, times past a day and JSON stay as they are written", async () => {
        const { rows } = await read(
          "select cast(18446744073709551615 as unsigned), cast('-838:59:59' as time), json_object('a', 1), 1e300 * 1e3, x'41', b'101'",
        );
        expect(rows[0]?.slice(0, 3)).toEqual(["18446744073709551615", "-838:59:59", '{"a": 1}']);
      });
    }

    test("a cell of 10 MB is cut, and says how long it is", async () => {
      const { rows } = await shop.source.read({ statement: await statement("select repeat('x', 10000000), 1"), limits: { cell: 1000 } });
      expect(rows).toEqual([[`${"x".repeat(1000)}… (10000000 characters)`, 1]]);
    });
  });

  describe("limits", () => {
    test("the first 1,000 rows of more, and the first megabyte of more", async () => {
      const rows = await read("select a.id from orders a cross join orders b");
      expect([rows.rows.length, rows.truncated]).toEqual([1000, "rows"]);
      const whole = await read("select id from orders");
      expect([whole.rows.length, whole.truncated]).toEqual([200, undefined]);
      const bytes = await read("select repeat('x', 50000) as x from orders");
      expect([bytes.rows.length, bytes.truncated]).toEqual([20, "bytes"]);
      expect((await read("select count(*) from orders")).rows).toEqual([["200"]]);
    });

    test("what takes too long is ended on its server, by the server", async () => {
      const message = await refused(shop.source.read({ statement: await statement(endless), limits: { deadlineMs: 500 } }));
      // The server's limit, or on a busy machine ours, which comes later.
      expect(message).toMatch(
        /^unavailable: The query took (too long and was ended on its server|longer than 1 s and was ended); ask for less at once\.$/,
      );
      await expect.poll(running, { timeout: 2000 }).toEqual([]);
    });

    test("what is called off is ended on its server within 2 s", async () => {
      const calledOff = new AbortController();
      const reading = refused(shop.source.read({ statement: await statement(endless), signal: calledOff.signal }));
      await expect.poll(running).toHaveLength(1);
      calledOff.abort();
      expect(await reading).toBe("unavailable: The query was called off and ended on its server.");
      await expect.poll(running, { timeout: 2000 }).toEqual([]);
    });

    test("a session keeps nothing for whoever comes next", async () => {
      const host = { address: shop.database.settings.host, name: shop.database.settings.host };
      const connection = await (kind === "postgresql" ? connectPostgresql : connectMysql)(shop.database.settings, host);
      const ask = async (text: string) => {
        await connection.begin("read", 5000);
        const rows = await connection.open(text, []);
        const found = await rows.next();
        await rows.close();
        await connection.commit();
        return found;
      };
      const [lock, isFree, setting, change] =
        kind === "postgresql"
          ? [
              "pg_advisory_lock(4711)",
              "not exists (select from pg_locks where locktype = 'advisory' and objid = 4711)",
              "current_setting('work_mem')",
              "set_config('work_mem', '7MB', false)",
            ]
          : ["get_lock('switchboard_4711', 1)", "is_free_lock('switchboard_4711')", "@@sort_buffer_size", "@switchboard := 1"];
      const [before] = await ask(`select ${setting}`);
      await ask(`select ${lock}, ${change}`);
      await connection.reset({ isAwaited: false });
      const after = await shop.database.ask(`select ${isFree}`);
      expect([await ask(`select ${setting}`), Boolean(after[0]?.[0])]).toEqual([[before], true]);
      await ask(`select ${lock}, ${change}`);
      await connection.reset({ isAwaited: true });
      expect(await ask(`select ${setting}`)).toEqual([before]);
      expect(Boolean((await shop.database.ask(`select ${isFree}`))[0]?.[0])).toBe(true);
      connection.destroy();
    });
  });

  describe("a stream", () => {
    test("gives every row, with memory that doesn't grow with them", async () => {
      const stream = await shop.source.stream({
        statement: await statement(
          "select a.id, a.status, a.total, b.placed_at from orders a cross join orders b cross join (select id from orders limit 5) c",
        ),
      });
      let rows = 0;
      let largest = 0;
      for await (const batch of stream.batches) {
        rows += batch.length;
        largest = Math.max(largest, batch.length);
      }
      expect(rows).toBe(200_000);
      expect(largest).toBeLessThan(5000);
    });

    test("that is left early ends its query on the server", async () => {
      const stream: RowStream = await shop.source.stream({ statement: await statement(endless.replace("count(*)", "a.id")) });
      for await (const batch of stream.batches) if (batch.length > 0) break;
      await expect.poll(running, { timeout: 2000 }).toEqual([]);
    });

    test("fails aloud when it fails", async () => {
      const stream = shop.source.stream({ statement: await statement(endless), limits: { deadlineMs: 300 } }).then(async ({ batches }) => {
        for await (const batch of batches) if (batch.length === 0) break;
      });
      expect(await refused(stream)).toMatch(/The query took (too long|longer than)/);
    });
  });

  describe("what goes wrong is one clear sentence", () => {
    const other = async (change: Partial<SourceDatabase["settings"]>) => {
      const opened = openSource(
        { ...shop.database.settings, ...change },
        { ...shop.database.rules, allowHosts: new Set([...shop.database.rules.allowHosts, `${shop.database.settings.host}:1`]) },
        new ConnectionPools(),
      );
      try {
        return await refused(opened.test());
      } finally {
        await opened.close();
      }
    };

    test("down, no such database, another kind, no TLS", async () => {
      expect(await other({ port: 1 })).toBe("unavailable: Nothing listens at the data source's host and port; is the database running?");
      expect(await other({ database: "switchboard_none" })).toMatch(/^unavailable: The data source's server has no such database/);
      expect(await other({ tls: "verified" })).toMatch(
        /^unavailable: (The data source's server doesn't offer TLS|The data source's certificate)/,
      );
      if (kind === "mariadb") {
        expect(await other({ user: "nobody_here", password: "wrong" })).toBe(
          "unavailable: The data source refuses this user or its password.",
        );
        expect(await other({ dialect: "postgresql" })).toMatch(/^unavailable: /);
      } else expect(await other({ user: "nobody_here" })).toBe("unavailable: The data source refuses this user or its password.");
    });

    test("a table that has vanished, an unknown column and bad syntax, with the place in what was written", async () => {
      await shop.database.ask("create table going (a int)");
      const going = await statement("select :x, a from going", [{ name: "x", type: "text", required: true }], { x: "y" });
      await shop.source.read({ statement: going });
      await shop.database.ask("drop table going");
      expect(await refused(shop.source.read({ statement: going }))).toMatch(
        kind === "postgresql" ? /relation "going" does not exist at character 19\.$/ : /Table '.*going' doesn't exist\.$/,
      );
      expect(await refused(read("select nme from customers"))).toMatch(/nme/);
    });
  });
});

test("sec/sql/56 settings are a closed list", () => {
  const settings = {
    dialect: "mysql",
    host: "db.example.com",
    port: 3306,
    database: "shop",
    user: "reader",
    password: "",
    tls: "verified",
  };
  expect(sourceSettingsSchema.safeParse(settings).success).toBe(true);
  for (const extra of ["flags", "infileStreamFactory", "socketPath", "authPlugins", "options", "ssl", "__proto__x"]) {
    expect(sourceSettingsSchema.safeParse({ ...settings, [extra]: "x" }).success).toBe(false);
  }
});
