import type { Sql } from "../../platform/database/database.ts";

export interface TenantRow {
  id: string;
  name: string;
  slug: string;
  timeZone: string;
  language: string;
}

/** With its owner, who answers in its first team, and an inbox without a site. False where the slug is taken. */
export async function insertTenant(tx: Sql, tenant: TenantRow, owner: string, inbox: { id: string; key: string }): Promise<boolean> {
  const made = await tx.query(
    "insert into tenant (id, slug, name, time_zone, language) values ($1, $2, $3, $4, $5) on conflict (slug) do nothing returning id",
    [tenant.id, tenant.slug, tenant.name, tenant.timeZone, tenant.language],
  );
  if (made.length === 0) return false;
  await tx.query("insert into membership (tenant_id, account_id, roles) values ($1, $2, '{owner}')", [tenant.id, owner]);
  await tx.query("insert into team (tenant_id, key, name) values ($1, 'support', 'Support')", [tenant.id]);
  await tx.query("insert into agent_profile (tenant_id, account_id) values ($1, $2)", [tenant.id, owner]);
  await tx.query("insert into team_member (tenant_id, team, account_id) values ($1, 'support', $2)", [tenant.id, owner]);
  await tx.query("insert into inbox (tenant_id, id, public_key, name) values ($1, $2, $3, 'Website')", [tenant.id, inbox.id, inbox.key]);
  return true;
}

/** The session is in this tenant from now on; a ticket for the one before opens nothing. */
export async function saveSessionTenant(tx: Sql, session: string, tenant: string): Promise<void> {
  await tx.query(
    `with tickets as (delete from socket_ticket where session_id = $1)
     update session set tenant_id = $2 where id = $1 and revoked_at is null`,
    [session, tenant],
  );
}

export async function readTenant(sql: Sql, tenant: string): Promise<Omit<TenantRow, "id">> {
  const [row] = await sql.query<Omit<TenantRow, "id">>(`select name, slug, time_zone as "timeZone", language from tenant where id = $1`, [
    tenant,
  ]);
  return row ?? { name: "", slug: "", timeZone: "UTC", language: "en" };
}

/** Changes what is given; undefined where the slug is taken. */
export async function updateTenant(
  sql: Sql,
  tenant: string,
  { name, slug, timeZone, language }: { [Key in keyof Omit<TenantRow, "id">]: string | undefined },
): Promise<Omit<TenantRow, "id"> | undefined> {
  const [row] = await sql.query<Omit<TenantRow, "id">>(
    `update tenant set name = coalesce($2, name), slug = coalesce($3, slug), time_zone = coalesce($4, time_zone), language = coalesce($5, language)
      where id = $1 and not exists (select 1 from tenant other where other.slug = $3 and other.id <> $1)
     returning name, slug, time_zone as "timeZone", language`,
    [tenant, name ?? null, slug ?? null, timeZone ?? null, language ?? null],
  );
  return row;
}
