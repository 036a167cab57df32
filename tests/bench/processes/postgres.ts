import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { startEmbedded } from "../../../src/platform/database/embedded.ts";
import { silentLog } from "../../fixtures/silentLog.ts";

/** The PostgreSQL that everything is measured on. */
export interface Postgres {
  /** What it calls itself. */
  version: string;
  /** A new, empty database; it goes with `stop`. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** The server at `url`, or the embedded one with its files in `folder`: the bench starts it itself, so that several processes may use it. */
export async function openPostgres(url: string | undefined, folder: string): Promise<Postgres> {
  const embedded = url === undefined ? await startEmbedded({ dataDir: join(folder, "database"), log: silentLog }) : undefined;
  const serverUrl = url ?? embedded?.url ?? "";
  const names: string[] = [];
  const run = async (statement: string) => {
    const client = new pg.Client(serverUrl);
    await client.connect();
    try {
      return await client.query<{ server_version: string }>(statement);
    } finally {
      await client.end();
    }
  };
  const { rows } = await run("show server_version");
  return {
    version: `PostgreSQL ${rows[0]?.server_version} (${embedded === undefined ? "DATABASE_URL" : "embedded"})`,
    createDatabase: async () => {
      const name = `bench_${randomBytes(6).toString("hex")}`;
      await run(`create database ${name}`);
      names.push(name);
      const address = new URL(serverUrl);
      address.pathname = `/${name}`;
      return address.href;
    },
    stop: async () => {
      if (embedded !== undefined) return await embedded.stop();
      for (const name of names) await run(`drop database ${name} with (force)`);
    },
  };
}

/** Processor time in µs that the product's connections to this database have used so far; none where PostgreSQL isn't a process of this Linux. */
export async function backendUsage(databaseUrl: string): Promise<number | undefined> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(
    "select pid from pg_stat_activity where datname = current_database() and application_name = 'switchboard'",
  );
  await client.end();
  const used = await Promise.all(rows.map(({ pid }) => processorTime(pid)));
  return used.includes(undefined) ? undefined : used.reduce<number>((sum, one) => sum + (one ?? 0), 0);
}

/** `utime` and `stime` of proc(5), in ticks of 10 ms. */
async function processorTime(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields?.[0] === undefined || !stat?.includes("postgres") ? undefined : (Number(fields[11]) + Number(fields[12])) * 10_000;
}
