import { existsSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bindQuery } from "../../../src/operations/queries/bindQuery.ts";
import type { Dialect } from "../../../src/operations/queries/dialect.ts";
import { QueryFault, refusedQuery } from "../../../src/operations/queries/queryFault.ts";
import { readQueryText } from "../../../src/operations/queries/queryText.ts";
import type { Connection } from "../../../src/operations/sources/connection.ts";
import { ConnectionPools } from "../../../src/operations/sources/connectionPools.ts";
import type { DataSource } from "../../../src/operations/sources/dataSource.ts";
import { connectMysql } from "../../../src/operations/sources/mysql/mysqlConnection.ts";
import { openSource } from "../../../src/operations/sources/openSource.ts";
import { connectPostgresql } from "../../../src/operations/sources/postgresql/postgresqlConnection.ts";
import { Refusal } from "../../../src/protocol/refusal.ts";
import { describeWithServer } from "../../fixtures/services.ts";
import { createSourceDatabase, type SourceDatabase } from "../../fixtures/sourceDatabase.ts";
import { statementsOf } from "./corpus.ts";

/** As a person's text would run, without the checks of a definition. */
async function run(source: DataSource, dialect: Dialect, text: string): Promise<void> {
  const session = { me: "me", team: ["team"], tenant: "tenant" };
  try {
    const statement = bindQuery(dialect, text, readQueryText(dialect, text), [], {}, session);
    await source.read({ statement });
  } catch (error) {
    throw error instanceof QueryFault ? refusedQuery(error, text) : error;
  }
}

async function outcomes(
  source: DataSource,
  dialect: Dialect,
  texts: readonly string[],
): Promise<{ ran: string[]; refused: string[]; broke: string[] }> {
  const found: { ran: string[]; refused: string[]; broke: string[] } = { ran: [], refused: [], broke: [] };
  for (const text of texts) {
    try {
      await run(source, dialect, text);
      found.ran.push(text);
    } catch (error) {
      const isOurs = error instanceof Refusal && error.code === "invalid_value" && !(error.cause instanceof Error);
      (isOurs ? found.refused : found.broke).push(`${text}: ${error}`);
    }
  }
  return found;
}

/** What runs where nothing checks it before, on a connection as a query has it. */
async function ranUnchecked(connection: Connection, file: string): Promise<string[]> {
  const ran: string[] = [];
  for (const text of statementsOf(file, "both")) {
    await connection.begin("read", 5000);
    try {
      const rows = await connection.open(text, []);
      await rows.next();
      await rows.close();
      ran.push(text);
    } catch {
      // As it should.
    }
    await connection.rollback();
  }
  connection.destroy();
  return ran;
}

const here = ({ settings: { host } }: SourceDatabase) => ({ address: host, name: host });

test("the corpus has the statements that it should have", () => {
  const count = (kind: string) => new Set([...statementsOf(`${kind}.postgresql.txt`), ...statementsOf(`${kind}.mysql.txt`)]).size;
  expect(count("refused")).toBeGreaterThanOrEqual(600);
  expect(count("legitimate")).toBeGreaterThanOrEqual(300);
});

async function inTurn(database: SourceDatabase, texts: readonly string[]): Promise<unknown[][][]> {
  const found = [];
  for (const text of texts) found.push(await database.ask(text));
  return found;
}

const evil = () => [existsSync("/tmp/switchboard-evil"), readdirSync("/tmp").filter((name) => name.includes("switchboard-evil"))];

await describeWithServer("what a query may do in PostgreSQL, as a superuser", "DATABASE_URL", (url) => {
  let database: SourceDatabase;
  let source: DataSource;
  beforeAll(async () => {
    database = await createSourceDatabase(url, "postgresql");
    source = openSource(database.settings, database.rules, new ConnectionPools());
  });
  afterAll(async () => {
    await source.close();
    await database.drop();
  });

  /** Everything that a statement could leave behind: catalogues, rows, sequences, files, settings, locks, slots, listeners. */
  const fingerprint = async () => {
    const tables = await database.ask("select schemaname, tablename from pg_tables where schemaname in ('public', 'sales') order by 1, 2");
    const rows = [];
    for (const [schema, table] of tables)
      rows.push(await database.ask(`select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from ${schema}.${table} t`));
    return [
      tables,
      rows,
      ...(await inTurn(database, [
        "select oid, relname, relfilenode, relkind, relrowsecurity from pg_class where oid > 16383 and relkind <> 't' order by 1",
        "select oid, proname, proowner from pg_proc order by 1",
        "select rolname, rolsuper, rolpassword from pg_authid where rolname not like 'switchboard%' order by 1",
        "select oid, nspname, nspacl::text from pg_namespace where nspname not like 'pg_temp%' order by 1",
        "select oid, typname from pg_type where oid > 16383 order by 1",
        "select name, setting from pg_settings where name <> 'application_name' order by 1",
        "select pg_stat_file('postgresql.auto.conf')",
        "select slot_name from pg_replication_slots where slot_name = 'evil'",
        "select last_value, is_called from numbers",
        "select count(*) from pg_largeobject_metadata",
        "select objid from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
        "select datname from pg_database where datname = 'evil'",
        "select mode from pg_locks where relation = 'customers'::regclass and mode = 'AccessExclusiveLock'",
      ])),
      evil(),
    ];
  };

  test("sec/sql/54 everything of the corpus that must be refused is refused, before the server hears of it, and nothing has changed", async () => {
    const before = await fingerprint();
    const { ran, broke } = await outcomes(source, "postgresql", statementsOf("refused.postgresql.txt"));
    expect({ ran, broke }).toEqual({ ran: [], broke: [] });
    expect(await fingerprint()).toEqual(before);
  });

  test("sec/sql/54 the second line alone, one statement in a read-only transaction, refuses what it can, and nothing has changed", async () => {
    const before = await fingerprint();
    expect(await ranUnchecked(await connectPostgresql(database.settings, here(database)), "refused.postgresql.txt")).toEqual([]);
    expect(await fingerprint()).toEqual(before);
  });

  test("everything legitimate runs", async () => {
    const { refused, broke } = await outcomes(source, "postgresql", statementsOf("legitimate.postgresql.txt"));
    expect({ refused, broke }).toEqual({ refused: [], broke: [] });
  });
});

await describeWithServer("what a query may do in MariaDB, as root", "MARIADB_URL", (url) => {
  let database: SourceDatabase;
  let source: DataSource;
  beforeAll(async () => {
    database = await createSourceDatabase(url, "mariadb");
    source = openSource(database.settings, database.rules, new ConnectionPools());
  });
  afterAll(async () => {
    await source.close();
    await database.drop();
  });

  const fingerprint = async () => {
    const tables = await database.ask(
      "select table_name from information_schema.tables where table_schema = database() and table_type = 'BASE TABLE' order by 1",
    );
    return [
      ...(await inTurn(database, [
        "select table_name, table_type, engine, create_options from information_schema.tables where table_schema = database() order by 1",
        "select table_name, column_name, column_type, column_key from information_schema.columns where table_schema = database() order by 1, 2",
        `checksum table ${tables.map(([name]) => String(name)).join(", ")}`,
        "select user, host, authentication_string from mysql.user where user not like 'switchboard%' order by 1, 2",
        "select routine_name from information_schema.routines where routine_schema = database()",
        "select trigger_name from information_schema.triggers where trigger_schema = database()",
        "select event_name from information_schema.events where event_schema = database()",
        "select plugin_name from information_schema.plugins order by 1",
        "select server_name from mysql.servers",
        "select variable_name, variable_value from information_schema.global_variables where variable_name not regexp 'gtid|timestamp|lsn|last_' order by 1",
        "select next_not_cached_value from numbers",
        "select is_used_lock('evil')",
      ])),
      evil(),
    ];
  };

  test("sec/sql/54 everything of the corpus that must be refused is refused, before the server hears of it, and nothing has changed", async () => {
    const before = await fingerprint();
    const { ran, broke } = await outcomes(source, "mariadb", statementsOf("refused.mysql.txt"));
    expect({ ran, broke }).toEqual({ ran: [], broke: [] });
    expect(await fingerprint()).toEqual(before);
  });

  test("sec/sql/54 the second line alone, a prepared statement in a session that only reads, refuses what it can, and nothing has changed", async () => {
    const before = await fingerprint();
    expect(await ranUnchecked(await connectMysql(database.settings, here(database)), "refused.mysql.txt")).toEqual([]);
    expect(await fingerprint()).toEqual(before);
  });

  test("everything legitimate runs", async () => {
    const { refused, broke } = await outcomes(source, "mariadb", statementsOf("legitimate.mysql.txt"));
    expect({ refused, broke }).toEqual({ refused: [], broke: [] });
  });
});
