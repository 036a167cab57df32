import type { Sql } from "../../platform/database/database.ts";
import { quoted } from "../accounts/catalogueStore.ts";

export interface TenantRow {
  id: string;
  slug: string;
  name: string;
  active: boolean;
  createdAt: Date;
}

export interface ListedTenant extends TenantRow {
  members: number;
}

export const tenantsOfPage = 50;

/** By slug; `after` is the last slug of the page before. One more than a page shows that there is a next one. */
export async function listTenants(sql: Sql, { search, after }: { search: string; after: string }): Promise<ListedTenant[]> {
  return await sql.query<ListedTenant>(
    `select t.id, t.slug, t.name, t.active, t.created_at as "createdAt",
            (select count(*)::int from membership m where m.tenant_id = t.id) as members
       from tenant t where t.slug > $1 and (strpos(lower(t.name), lower($2)) > 0 or strpos(t.slug, lower($2)) > 0)
      order by t.slug limit ${tenantsOfPage + 1}`,
    [after, search],
  );
}

export async function findTenantRow(sql: Sql, id: string): Promise<TenantRow | undefined> {
  const [found] = await sql.query<TenantRow>(`select id, slug, name, active, created_at as "createdAt" from tenant where id::text = $1`, [
    id,
  ]);
  return found;
}

/** Whether the slug was free. */
export async function insertTenant(tx: Sql, { id, slug, name }: { id: string; slug: string; name: string }): Promise<boolean> {
  const made = await tx.query("insert into tenant (id, slug, name) values ($1, $2, $3) on conflict (slug) do nothing returning id", [
    id,
    slug,
    name,
  ]);
  return made.length > 0;
}

export async function renameTenantRow(tx: Sql, id: string, name: string): Promise<void> {
  await tx.query("update tenant set name = $2 where id = $1", [id, name]);
}

/** Of everybody, or of one account; their tickets open nothing either. */
export async function endSessionsOf(tx: Sql, tenant: string, now: Date, account: string | null = null): Promise<void> {
  await tx.query(
    `with ended as (
       update session set revoked_at = $2, revoked_reason = 'deactivated'
        where tenant_id = $1 and revoked_at is null and ($3::uuid is null or account_id = $3) returning id
     )
     delete from socket_ticket using ended where session_id = ended.id`,
    [tenant, now, account],
  );
}

export interface MemberRow {
  account: string;
  name: string;
  email: string;
  roles: string[];
  active: boolean;
  /** Of the account itself, in all tenants. */
  accountActive: boolean;
}

export async function listMembersOf(sql: Sql, tenant: string): Promise<MemberRow[]> {
  return await sql.query<MemberRow>(
    `select a.id as account, a.name, a.email, m.roles, m.active, a.active as "accountActive"
       from membership m join account a on a.id = m.account_id where m.tenant_id = $1
      order by 'admin' = any(m.roles) desc, a.name, a.id limit 500`,
    [tenant],
  );
}

/** The active account with this mail, whose owner proved that it is theirs. */
export async function findProvenAccount(tx: Sql, email: string): Promise<string | undefined> {
  const [account] = await tx.query<{ id: string }>("select id from account where email = $1 and active and verified_at is not null", [
    email,
  ]);
  return account?.id;
}

export async function giveAdmin(tx: Sql, tenant: string, account: string): Promise<void> {
  await tx.query(
    `insert into membership (tenant_id, account_id, roles) values ($1, $2, '{admin}')
     on conflict (tenant_id, account_id) do update set active = true,
       roles = case when 'admin' = any(membership.roles) then membership.roles else membership.roles || '{admin}'::text[] end`,
    [tenant, account],
  );
}

export async function saveMemberActive(tx: Sql, tenant: string, account: string, active: boolean): Promise<boolean> {
  const saved = await tx.query("update membership set active = $3 where tenant_id = $1 and account_id::text = $2 returning account_id", [
    tenant,
    account,
    active,
  ]);
  return saved.length > 0;
}

export const countedAtMost = 100_000;

/** One more than is counted at most shows that there are more. */
export async function countRowsOf(sql: Sql, table: string, tenant: string): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    `select count(*)::int as n from (select from ${quoted(table)} where tenant_id = $1 limit ${countedAtMost + 1}) counted`,
    [tenant],
  );
  return row?.n ?? 0;
}
