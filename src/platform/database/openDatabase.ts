import { Refusal } from "../../protocol/refusal.ts";
import type { Log } from "../log/log.ts";
import { connectRefusal } from "./connectRefusal.ts";
import type { Database } from "./database.ts";
import { openPrisma } from "./prisma.ts";
import { createSqlPool, type SqlPool } from "./sqlPool.ts";
import { tenantSql } from "./tenantSql.ts";

const oldestServer = 150000;

// A statement of the ledger touches a handful of rows by key. The planner, misled by a table that was empty when it looked, would now and
// then read the whole of it; a generic plan also saves planning at each run.
const ledgerSession =
  "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set plan_cache_mode = force_generic_plan";

/** Opens PostgreSQL at `url`. Refusal `unavailable`, one sentence for the operator, where it can't be used. */
export async function openDatabase(
  { url, log }: { url: string; log: Log },
  { poolSize = 10, asidePoolSize = 4, ledgerPoolSize = 4 }: { poolSize?: number; asidePoolSize?: number; ledgerPoolSize?: number } = {},
): Promise<Database> {
  const general = createSqlPool({ log }, { url, size: poolSize });
  const aside = createSqlPool({ log }, { url, size: asidePoolSize });
  const ledger = createSqlPool({ log }, { url, size: ledgerPoolSize, session: ledgerSession, idleMs: 0 });
  const prisma = openPrisma(general.pool);
  const close = async () => {
    await prisma.$disconnect();
    await Promise.all([general, aside, ledger].map((pool) => pool.close()));
  };
  try {
    await checkServer(general, url);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...handles(general),
    aside: handles(aside),
    ledger: { query: ledger.query },
    prisma,
    ping: async () => {
      await general.query("select 1");
    },
    close,
  };
}

function handles(pool: SqlPool): Pick<Database, "forTenant" | "acrossTenants"> {
  return {
    forTenant: (tenant) => tenantSql(pool, tenant),
    acrossTenants: { query: pool.query, transaction: pool.transaction },
  };
}

async function checkServer(sql: SqlPool, url: string): Promise<void> {
  const [server] = await sql
    .query<{ version: number }>("select current_setting('server_version_num')::int as version")
    .catch((error: unknown) => {
      throw connectRefusal(url, error);
    });
  if (server === undefined || server.version < oldestServer) {
    throw new Refusal("unavailable", `DATABASE_URL is PostgreSQL ${Math.floor((server?.version ?? 0) / 10_000)}; use version 15 or newer.`);
  }
}
