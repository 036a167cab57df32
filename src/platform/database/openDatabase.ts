import { Refusal } from "../../protocol/refusal.ts";
import type { Log } from "../log/log.ts";
import { connectRefusal } from "./connectRefusal.ts";
import type { Database } from "./database.ts";
import { openPrisma } from "./prisma.ts";
import { createSqlPool, type SqlPool } from "./sqlPool.ts";
import { tenantSql } from "./tenantSql.ts";
import type { WallRoles } from "./wall.ts";

const oldestServer = 150000;

// A statement of the ledger touches a handful of rows by key. The planner, misled by a table that was empty when it looked, would now and
// then read the whole of it; a generic plan also saves planning at each run.
const ledgerSession =
  "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set plan_cache_mode = force_generic_plan";

// What a list asks for decides how it is found: a plan for a status that nearly all have is none for one that hardly any has.
const asideSession = "set plan_cache_mode = force_custom_plan";

/** Opens PostgreSQL at `url`. Refusal `unavailable`, one sentence for the operator, where it can't be used. */
export async function openDatabase(
  { url, log }: { url: string; log: Log },
  { poolSize = 10, asidePoolSize = 4, ledgerPoolSize = 4 }: { poolSize?: number; asidePoolSize?: number; ledgerPoolSize?: number } = {},
): Promise<Database> {
  const roles = await checkServer({ log }, url);
  const general = createSqlPool({ log }, { url, size: poolSize, roles });
  // Apart from those that go over all tenants, and from Prisma's, which know nothing of tenants: a connection rarely changes for whom it speaks.
  const tenants = createSqlPool({ log }, { url, size: poolSize, roles });
  const aside = createSqlPool({ log }, { url, size: asidePoolSize, roles, session: asideSession, keepsParsed: true });
  const ledger = createSqlPool({ log }, { url, size: ledgerPoolSize, session: ledgerSession, idleMs: 0, roles });
  const prisma = openPrisma(general.pool);
  const close = async () => {
    await prisma.$disconnect();
    await Promise.all([general, tenants, aside, ledger].map((pool) => pool.close()));
  };
  return {
    ...handles(general, tenants),
    aside: handles(aside, aside),
    ledger: { query: ledger.acrossTenants.query },
    prisma,
    warm: async () => {
      await prisma.tenant.findFirst({ select: { id: true } });
    },
    ping: async () => {
      await general.acrossTenants.query("select 1");
    },
    close,
  };
}

const isTenant = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

function handles(general: SqlPool, tenants: SqlPool): Pick<Database, "forTenant" | "acrossTenants"> {
  return {
    forTenant: (tenant) => {
      // Whoever names no tenant gets none (CVE-2026-45707), and "*", which is every tenant, is nobody's name.
      if (!isTenant.test(tenant)) throw new Error("a statement of a tenant doesn't name one");
      return tenantSql(tenants.behindWall(tenant), tenant, general.acrossTenants);
    },
    acrossTenants: general.acrossTenants,
  };
}

interface Server {
  version: number;
  /** Whether this database has policies for the roles, and its user may take them on. */
  walled: boolean;
}

const serverQuestion = `
  select current_setting('server_version_num')::int as version,
    exists (select from pg_policy p join pg_class t on t.oid = p.polrelid
             where p.polname = 'wall_worker' and t.relnamespace = current_schema()::regnamespace)
      and (select count(*) = 2 from pg_roles where rolname in ('switchboard_app', 'switchboard_worker')
             and pg_has_role(oid, case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end)) as walled`;

async function checkServer({ log }: { log: Log }, url: string): Promise<WallRoles> {
  const probe = createSqlPool({ log }, { url, size: 1, roles: "owner" });
  try {
    const [server] = await probe.acrossTenants.query<Server>(serverQuestion).catch((error: unknown) => {
      throw connectRefusal(url, error);
    });
    if (server === undefined || server.version < oldestServer) {
      throw new Refusal(
        "unavailable",
        `DATABASE_URL is PostgreSQL ${Math.floor((server?.version ?? 0) / 10_000)}; use version 15 or newer.`,
      );
    }
    return server.walled ? "product" : "owner";
  } finally {
    await probe.close();
  }
}
