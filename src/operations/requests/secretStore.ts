import type { Sql, TenantSql } from "../../platform/database/database.ts";

/** Sealed, of an operation for where it is bound to. Primary key. */
export async function findSecret(sql: TenantSql, operation: string, boundTo: string): Promise<string | undefined> {
  const [found] = await sql.query<{ sealed: string }>(
    "select sealed from operation_secret where tenant_id = $1 and operation_id = $2 and bound_to = $3",
    [operation, boundTo],
  );
  return found?.sealed;
}

export interface SealedSecret {
  operation: string;
  boundTo: string;
  sealed: string;
  by: string;
  at: Date;
}

/** Over the one of before. In the transaction of the tenant. */
export async function saveSecret(tx: Sql, { operation, boundTo, sealed, by, at }: SealedSecret): Promise<void> {
  await tx.query(
    `insert into operation_secret (tenant_id, operation_id, bound_to, sealed, changed_by, changed_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (tenant_id, operation_id, bound_to) do update set sealed = $4, changed_by = $5, changed_at = $6`,
    [operation, boundTo, sealed, by, at],
  );
}

export async function deleteSecret(tx: Sql, operation: string, boundTo: string): Promise<void> {
  await tx.query("delete from operation_secret where tenant_id = $1 and operation_id = $2 and bound_to = $3", [operation, boundTo]);
}

/** All but those that are bound so. */
export async function deleteOtherSecrets(tx: Sql, operation: string, bound: readonly string[]): Promise<void> {
  await tx.query("delete from operation_secret where tenant_id = $1 and operation_id = $2 and bound_to <> all($3)", [operation, bound]);
}

/** What the latest and the published version send. */
export async function requestsThatCount(tx: Sql, operation: string): Promise<unknown[]> {
  const rows = await tx.query<{ request: unknown }>(
    `select v.definition->'request' as request from operation o
       join operation_version v on v.tenant_id = o.tenant_id and v.operation_id = o.id and v.number in (o.latest, o.published)
      where o.tenant_id = $1 and o.id = $2`,
    [operation],
  );
  return rows.map(({ request }) => request);
}

interface SealedOtherwise {
  tenant: string;
  operation: string;
  boundTo: string;
  sealed: string;
}

/** Those that are sealed with another key than this one, of all tenants. */
export async function listSecretsSealedOtherwise(sql: Sql, keyId: string): Promise<SealedOtherwise[]> {
  return await sql.query<SealedOtherwise>(
    `select tenant_id as tenant, operation_id as operation, bound_to as "boundTo", sealed from operation_secret
      where not starts_with(sealed, $1) limit 100`,
    [`${keyId}:`],
  );
}

/** Only over what was read. */
export async function saveSecretResealed(sql: Sql, { tenant, operation, boundTo, sealed }: SealedOtherwise, anew: string): Promise<void> {
  await sql.query("update operation_secret set sealed = $5 where tenant_id = $1 and operation_id = $2 and bound_to = $3 and sealed = $4", [
    tenant,
    operation,
    boundTo,
    sealed,
    anew,
  ]);
}
