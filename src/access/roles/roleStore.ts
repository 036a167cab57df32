import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { Grant, OwnGrants } from "./roles.ts";

/** Of the membership `m`: what its roles of the tenant's own hold, by their keys. Primary key of role. */
export const ownGrantsOfMember =
  "coalesce((select jsonb_object_agg(r.key, r.grants) from role r where r.tenant_id = m.tenant_id and r.key = any(m.roles)), '{}')";

/** Of the membership `m`: the keys of its active teams. Index team_member_account. */
export const teamsOfMember = `array(select tm.team from team_member tm join team t on t.tenant_id = tm.tenant_id and t.key = tm.team and t.active
  where tm.tenant_id = m.tenant_id and tm.account_id = m.account_id order by tm.team)`;

export interface StoredRole {
  key: string;
  name: string;
  grants: Grant[];
  version: number;
  /** Who changed it last. */
  changedBy: string;
  changedAt: Date;
}

const columns = 'key, name, grants, version, changed_by as "changedBy", changed_at as "changedAt"';

/** The tenant's own roles, by name. */
export async function listRoles(sql: TenantSql): Promise<StoredRole[]> {
  return await sql.query<StoredRole>(`select ${columns} from role where tenant_id = $1 order by name, key`);
}

/** The role of this key, held until the transaction ends. */
export async function lockRole(tx: Sql, tenant: string, key: string): Promise<StoredRole | undefined> {
  const [role] = await tx.query<StoredRole>(`select ${columns} from role where tenant_id = $1 and key = $2 for update`, [tenant, key]);
  return role;
}

export interface NewRole {
  key: string;
  name: string;
  grants: readonly Grant[];
  by: string;
}

/** False where there is one of this key. */
export async function insertRole(tx: Sql, tenant: string, { key, name, grants, by }: NewRole): Promise<boolean> {
  const rows = await tx.query(
    "insert into role (tenant_id, key, name, grants, changed_by) values ($1, $2, $3, $4, $5) on conflict do nothing returning key",
    [tenant, key, name, JSON.stringify(grants), by],
  );
  return rows.length > 0;
}

export async function saveRole(tx: Sql, tenant: string, { key, name, grants, by }: NewRole): Promise<void> {
  await tx.query(
    "update role set name = $3, grants = $4, version = version + 1, changed_by = $5, changed_at = now() where tenant_id = $1 and key = $2",
    [tenant, key, name, JSON.stringify(grants), by],
  );
}

export async function deleteRole(tx: Sql, tenant: string, key: string): Promise<void> {
  await tx.query("delete from role where tenant_id = $1 and key = $2", [tenant, key]);
}

/** How many hold each role, active or not. Primary key of membership. */
export async function countHolders(sql: Sql, tenant: string): Promise<Record<string, number>> {
  const rows = await sql.query<{ role: string; people: number }>(
    "select unnest(roles) as role, count(*)::int as people from membership where tenant_id = $1 group by 1",
    [tenant],
  );
  return Object.fromEntries(rows.map(({ role, people }) => [role, people]));
}

/** The names of the tenant's own roles that are for this operation. In the transaction of a tenant. */
export async function rolesForOperation(tx: Sql, operation: string): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    `select name from role where tenant_id = $1 and grants @> jsonb_build_array(jsonb_build_object('on', jsonb_build_object('operation', jsonb_build_array($2::text))))
      order by name`,
    [operation],
  );
  return rows.map(({ name }) => name);
}

/** What the tenant's own roles hold, by their keys. */
export async function ownGrants(sql: Sql, tenant: string): Promise<OwnGrants> {
  const rows = await sql.query<{ key: string; grants: Grant[] }>("select key, grants from role where tenant_id = $1", [tenant]);
  return Object.fromEntries(rows.map(({ key, grants }) => [key, grants]));
}

/** Inboxes by id or name, teams by key or name, however they are cased: what an admin writes. */
export async function findPlaces(
  sql: TenantSql,
  wanted: { inboxes: readonly string[]; teams: readonly string[]; operations: readonly string[]; blueprints: readonly string[] },
): Promise<{
  inboxes: { id: string; name: string }[];
  teams: { key: string; name: string }[];
  operations: string[];
  blueprints: string[];
}> {
  const inboxes = await sql.query<{ id: string; name: string }>(
    "select id, name from inbox where tenant_id = $1 and (id::text = any($2) or lower(name) = any($2))",
    [wanted.inboxes],
  );
  const teams = await sql.query<{ key: string; name: string }>(
    "select key, name from team where tenant_id = $1 and (key = any($2) or lower(name) = any($2))",
    [wanted.teams],
  );
  const operations = await sql.query<{ name: string }>("select name from operation where tenant_id = $1 and name = any($2)", [
    wanted.operations,
  ]);
  const blueprints = await sql.query<{ key: string }>("select key from blueprint where tenant_id = $1 and key = any($2)", [
    wanted.blueprints,
  ]);
  return { inboxes, teams, operations: operations.map(({ name }) => name), blueprints: blueprints.map(({ key }) => key) };
}
