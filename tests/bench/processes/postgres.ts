import { randomBytes } from "node:crypto";
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
