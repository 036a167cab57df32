import type { Sql } from "../../platform/database/database.ts";
import { allTables, quoted } from "../accounts/catalogueStore.ts";

export async function saveTenantActive(tx: Sql, id: string, active: boolean): Promise<void> {
  await tx.query("update tenant set active = $2 where id = $1", [id, active]);
}

/** Its sessions go on without a tenant, and no ticket opens anything in it. */
export async function releaseSessions(tx: Sql, tenant: string): Promise<void> {
  await tx.query(
    `with tickets as (delete from socket_ticket using session s where s.id = session_id and s.tenant_id = $1)
     update session set tenant_id = null where tenant_id = $1`,
    [tenant],
  );
}

/** Every table that says of its rows whose they are but the audit's, read from the catalogue, so that none can be forgotten; children first. */
export async function tablesOfTenants(sql: Sql): Promise<string[]> {
  const tables = await allTables(sql);
  return tables.filter(({ columns }) => columns.some(({ name }) => name === "tenant_id")).map(({ name }) => name);
}

const atOnce = 5000;

/** Answers how many rows went. A place (`ctid`) is of one partition, so that other tenants have rows at the same. */
export async function deleteSomeOf(sql: Sql, table: string, tenant: string): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    `with gone as (
       delete from ${quoted(table)} where tenant_id = $1 and ctid = any(array(select ctid from ${quoted(table)} where tenant_id = $1 limit ${atOnce})) returning 1
     ) select count(*)::int as n from gone`,
    [tenant],
  );
  return row?.n ?? 0;
}

/** Its audit, which retention's own function takes away whole. */
export async function forgetChainOf(tx: Sql, tenant: string): Promise<void> {
  await tx.query("select audit_forget(tenant_id, seq) from audit_chain where tenant_id = $1", [tenant]);
  await tx.query("delete from audit_chain where tenant_id = $1", [tenant]);
}

export async function deleteTenantRow(tx: Sql, tenant: string): Promise<void> {
  await tx.query("delete from tenant where id = $1", [tenant]);
}
