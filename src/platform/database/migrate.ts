import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { Refusal } from "../../protocol/refusal.ts";
import type { Log } from "../log/log.ts";
import { connectRefusal } from "./connectRefusal.ts";
import { sqlState } from "./database.ts";

interface Migration {
  name: string;
  text: string;
  checksum: string;
  /** Whether the version before it can live with it. */
  expands: boolean;
}

/**
 * The first line of a migration that only adds what the version before doesn't touch. Old processes run on, and start again, beside new ones;
 * one without it takes something away (contract), and stops older versions from starting.
 */
const expandMark = /^-- expand\b/;

const connectDeadlineMs = 3000;
/** A migration that waits for a lock stops everybody who comes after it: give up soon, let them pass, try again. */
const lockTimeoutMs = 2000;
const lockAttempts = 15;
// Any number, the same in every version of the product.
const advisoryLock = 7216440;

/**
 * Brings the database at `url` to the newest of the files NNNN_name.sql in `folder`: in order, each in a transaction of its own, one process
 * at a time. Refusal, one sentence for the operator, if a landed file was edited or the database has newer ones than the files that don't only expand.
 */
export async function migrate(url: string, { folder, log }: { folder: string; log: Log }): Promise<void> {
  const migrations = await readMigrations(folder);
  const client = new pg.Client({
    connectionString: url,
    application_name: "switchboard migrate",
    connectionTimeoutMillis: connectDeadlineMs,
    keepAlive: true,
  });
  client.on("error", () => {}); // the running statement tells it
  await client.connect().catch((error: unknown) => {
    throw connectRefusal(url, error);
  });
  try {
    await client.query("set app.tenant = '*'"); // behind the second wall the owner too sees only what it names
    await holdingLock(client, async () => {
      for (const migration of await pending(client, migrations, log)) {
        await apply(client, migration, log);
      }
      await wallOff(client, log);
    });
  } catch (error) {
    throw error instanceof Refusal || sqlState(error) !== "42501" ? error : connectRefusal(url, error);
  } finally {
    await client.end();
  }
}

/** Every table behind the second wall, the new ones too (migration 0022). */
async function wallOff(client: pg.Client, log: Log): Promise<void> {
  const { rows: known } = await client.query<{ known: boolean }>("select to_regproc('switchboard_wall') is not null as known");
  if (known[0]?.known !== true) return;
  const { rows } = await client.query<{ roles: boolean }>("select switchboard_wall() as roles");
  if (rows[0]?.roles === true) return;
  log.warn(
    {},
    "the user of DATABASE_URL may not make roles, so the product works as the owner of its tables: tenants are kept apart by forced row-level security all the same, but a statement could switch it off; for the second wall, create switchboard_app and switchboard_worker as a superuser and grant both to this user",
  );
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort();
  const twin = names.find((name, index) => names[index + 1]?.startsWith(name.slice(0, 5)));
  if (twin !== undefined) throw new Refusal("conflict", `Two migrations have the number ${twin.slice(0, 4)}; give the later one the next.`);
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), "utf8");
      return { name, text, checksum: createHash("sha256").update(text).digest("hex"), expands: expandMark.test(text) };
    }),
  );
}

async function holdingLock(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query("select pg_advisory_lock($1)", [advisoryLock]);
  await work(); // the lock ends with the connection
}

async function pending(client: pg.Client, migrations: Migration[], log: Log): Promise<Migration[]> {
  await client.query(
    `create table if not exists schema_migration (name text primary key, checksum text not null, applied_at timestamptz not null default now());
     alter table schema_migration add column if not exists expands boolean not null default false`,
  );
  const { rows } = await client.query<{ name: string; checksum: string; expands: boolean }>(
    "select name, checksum, expands from schema_migration order by name",
  );
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  const known = new Set(migrations.map((migration) => migration.name));
  const newer = rows.filter((row) => !known.has(row.name));
  const breaking = newer.find(({ expands }) => !expands);
  if (breaking !== undefined) {
    throw new Refusal(
      "conflict",
      `The database has the migration ${breaking.name}, which this version doesn't know: it is newer; start the newer version.`,
    );
  }
  if (newer.length > 0) log.warn({ migrations: newer.map(({ name }) => name) }, "the database is newer, and this version can live with it");
  const edited = migrations.find((migration) => applied.has(migration.name) && applied.get(migration.name) !== migration.checksum);
  if (edited !== undefined) {
    throw new Refusal(
      "conflict",
      `The migration ${edited.name} was edited after it was applied; restore the file, and put the change into a new one.`,
    );
  }
  return migrations.filter((migration) => !applied.has(migration.name));
}

async function apply(client: pg.Client, migration: Migration, log: Log): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`begin; set local lock_timeout = ${lockTimeoutMs}; set local statement_timeout = 0`);
      await client.query(migration.text);
      await client.query("insert into schema_migration (name, checksum, expands) values ($1, $2, $3)", [
        migration.name,
        migration.checksum,
        migration.expands,
      ]);
      await client.query("commit");
      log.info({ migration: migration.name }, "migration applied");
      return;
    } catch (error) {
      await client.query("rollback").catch(() => {}); // a lost connection has rolled back already
      if (sqlState(error) !== "55P03" || attempt === lockAttempts) throw failed(migration, error);
      log.warn({ migration: migration.name, attempt }, "migration waits for a lock");
      await new Promise((resolve) => setTimeout(resolve, 200 * attempt));
    }
  }
}

function failed(migration: Migration, error: unknown): Refusal {
  const reason = error instanceof Error ? error.message : String(error);
  return new Refusal("conflict", `The migration ${migration.name} failed and was undone: ${reason}.`, { cause: error });
}
