import { hasSuperAdmins } from "../access/super/superAdminStore.ts";
import type { Config } from "../config.ts";
import type { Database } from "../platform/database/database.ts";
import { hasEmbedded, runningEmbeddedUrl, startEmbedded } from "../platform/database/embedded.ts";
import { openDatabase } from "../platform/database/openDatabase.ts";
import { lockDataDir } from "../platform/dataDir/lockDataDir.ts";
import type { Log } from "../platform/log/log.ts";
import { Refusal } from "../protocol/refusal.ts";

export interface SuDatabase {
  database: Database;
  /** For whoever must see that it is the right one; without the password. */
  where: string;
  close(): Promise<void>;
  /** Leaves in the middle, without waiting for a statement: what isn't committed is rolled back by PostgreSQL. */
  abandon(): Promise<void>;
}

type Settings = Pick<Config, "databaseUrl" | "dataDir">;

/**
 * The product's database, whether the product runs or not: a server's, or the embedded one, which is started for so long where it isn't there.
 * Refusal `unavailable`, one sentence.
 */
export async function openSuDatabase(settings: Settings, log: Log): Promise<SuDatabase> {
  const { url, where, stop } = await findDatabase(settings, log);
  try {
    const database = await openDatabase({ url, log }, { poolSize: 2, asidePoolSize: 1, ledgerPoolSize: 1 });
    const close = async () => {
      await database.close();
      await stop();
    };
    if (await hasSuperAdmins(database.acrossTenants)) return { database, where, close, abandon: stop };
    await database.close();
    throw new Refusal(
      "unavailable",
      `This is not Switchboard's database, or an older version's: ${where}. Start the product on it once, or correct DATABASE_URL.`,
    );
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Found {
  url: string;
  where: string;
  stop(): Promise<void>;
}

async function findDatabase({ databaseUrl, dataDir }: Settings, log: Log): Promise<Found> {
  if (databaseUrl !== undefined) return { url: databaseUrl, where: whereIs(databaseUrl), stop: async () => {} };
  const where = `the embedded PostgreSQL of DATA_DIR ${dataDir}`;
  if (!(await hasEmbedded(dataDir)))
    throw new Refusal("unavailable", `There is no database in DATA_DIR ${dataDir} yet; start the product once, or set DATABASE_URL.`);
  const lock = await lockDataDir(dataDir).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === "conflict") return undefined;
    throw error;
  });
  if (lock === undefined) return { url: await runningEmbeddedUrl(dataDir), where, stop: async () => {} };
  const embedded = await startEmbedded({ dataDir, log }).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  return {
    url: embedded.url,
    where,
    stop: async () => {
      await embedded.stop();
      await lock.release();
    },
  };
}

function whereIs(databaseUrl: string): string {
  const { hostname, port, pathname } = new URL(databaseUrl);
  return `"${decodeURIComponent(pathname.slice(1))}" at ${hostname}:${port === "" ? "5432" : port} (DATABASE_URL)`;
}
