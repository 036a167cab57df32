import type { Sql, TenantSql } from "../../platform/database/database.ts";
import { installationChain } from "./auditStore.ts";

/** The chains whose oldest entry is a day older than they are kept, so that each is looked through once a day. Index audit_entry_at. */
export async function listOverdueChains(sql: Sql, now: Date, usualDays: number): Promise<{ chain: string; days: number }[]> {
  return await sql.query<{ chain: string; days: number }>(
    `select kept.chain, kept.days from (
       select id as chain, audit_days as days from tenant union all select $2::uuid, $3::int
     ) kept
     where exists (select from audit_entry e where e.tenant_id = kept.chain and e.at < $1::timestamptz - make_interval(days => kept.days + 1))`,
    [now, installationChain, usualDays],
  );
}

/** For how many days the tenant keeps its audit, and since when there is one. */
export async function findRetention(sql: Pick<TenantSql, "query">): Promise<{ days: number; since: Date | null }> {
  const [found] = await sql.query<{ days: number; since: Date | null }>(
    `select audit_days as days, (select at from audit_entry where tenant_id = $1 order by seq limit 1) as since from tenant where id = $1`,
    [],
  );
  return found ?? { days: 0, since: null };
}

/** Answers for how many days it was before. */
export async function saveRetention(tx: Sql, tenant: string, days: number): Promise<number> {
  const [found] = await tx.query<{ before: number }>(
    `with now as (select id, audit_days as before from tenant where id = $1 for update)
     update tenant set audit_days = $2 from now where tenant.id = now.id returning now.before`,
    [tenant, days],
  );
  return found?.before ?? days;
}
