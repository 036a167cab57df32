import pg from "pg";
import { translateDatabaseError } from "./unavailable.ts";

/** The indexes that a table shall have, of those whose names begin with `prefix`: what each is on, by its name. Words of ours, never of a request. */
export interface WantedIndexes {
  table: string;
  prefix: string;
  on: ReadonlyMap<string, string>;
}

const connectDeadlineMs = 3000;

/**
 * Makes what is missing, drops what isn't wanted or was left half-made, and has the planner look at the table; nobody who reads or writes waits for it.
 * Only the owner of a table may: a connection of its own, which never takes on a role of the product. False where another does it at this moment. Ended by
 * `signal`, it leaves a half-made index, which the next makes anew.
 */
export async function keepIndexes(url: string, { table, prefix, on }: WantedIndexes, signal: AbortSignal): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "switchboard indexes",
    connectionTimeoutMillis: connectDeadlineMs,
    keepAlive: true,
  });
  client.on("error", () => {}); // the running statement tells it
  const leave = () => client.connection.stream.destroy();
  signal.addEventListener("abort", leave, { once: true });
  try {
    await client.connect();
    // The server ends what runs for somebody who is gone: nobody else could go on. A trial lock, since who waits for one holds up every index that is made.
    await client.query("set client_connection_check_interval = '2s'; set app.tenant = '*'");
    const { rows: locks } = await client.query<{ free: boolean }>(
      "select pg_try_advisory_lock(hashtext('indexes'), hashtext($1)) as free",
      [table],
    );
    if (locks[0]?.free !== true) return false;
    const { rows: there } = await client.query<{ name: string; valid: boolean }>(
      `select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
       where i.indrelid = to_regclass($1) and starts_with(c.relname, $2)`,
      [table, prefix],
    );
    const kept = new Set(there.filter(({ name, valid }) => valid && on.has(name)).map(({ name }) => name));
    for (const { name } of there) if (!kept.has(name)) await client.query(`drop index concurrently if exists ${pg.escapeIdentifier(name)}`);
    const missing = [...on].filter(([name]) => !kept.has(name));
    for (const [name, columns] of missing)
      await client.query(`create index concurrently ${pg.escapeIdentifier(name)} on ${pg.escapeIdentifier(table)} (${columns})`);
    if (missing.length > 0) await client.query(`analyze ${pg.escapeIdentifier(table)}`);
    return true;
  } catch (error) {
    throw translateDatabaseError(error);
  } finally {
    signal.removeEventListener("abort", leave);
    await client.end().catch(() => {});
  }
}
