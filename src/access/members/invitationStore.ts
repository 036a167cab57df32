import type { Sql } from "../../platform/database/database.ts";

export interface Invitation {
  email: string;
  role: string;
  team: string | null;
  by: string;
  createdAt: Date;
  expiresAt: Date;
}

/** The open invitations of a tenant, the newest first; never their tokens. Index account_link_tenant. */
export async function listInvitations(sql: Sql, tenant: string, now: Date): Promise<Invitation[]> {
  return await sql.query<Invitation & Record<string, unknown>>(
    `select l.email, l.detail->>'role' as role, l.detail->>'team' as team, coalesce(a.name, l.detail->>'byName', '') as by,
       l.created_at as "createdAt", l.expires_at as "expiresAt"
     from account_link l left join account a on a.id = (l.detail->>'by')::uuid
     where l.purpose = 'invitation' and l.detail->>'tenant' = $1 and l.expires_at > $2 order by l.created_at desc`,
    [tenant, now],
  );
}

/** The open invitation of an address. Index account_link_email. */
export async function findInvitation(
  sql: Sql,
  tenant: string,
  email: string,
  now: Date,
): Promise<Pick<Invitation, "role" | "team"> | undefined> {
  const [found] = await sql.query<Pick<Invitation, "role" | "team">>(
    `select detail->>'role' as role, detail->>'team' as team from account_link
     where email = $2 and purpose = 'invitation' and detail->>'tenant' = $1 and expires_at > $3`,
    [tenant, email, now],
  );
  return found;
}

/** Answers how many went. Index account_link_email. */
export async function deleteInvitations(tx: Sql, tenant: string, email: string): Promise<number> {
  const gone = await tx.query(
    "delete from account_link where email = $2 and purpose = 'invitation' and detail->>'tenant' = $1 returning email",
    [tenant, email],
  );
  return gone.length;
}

/** Index account_link_email. */
export async function hasInvitation(tx: Sql, tenant: string, email: string, now: Date): Promise<boolean> {
  const found = await tx.query(
    "select 1 from account_link where email = $2 and purpose = 'invitation' and detail->>'tenant' = $1 and expires_at > $3",
    [tenant, email, now],
  );
  return found.length > 0;
}

/** Uses the open invitation of an address up; answers what it gives. Index account_link_email. */
export async function takeInvitation(tx: Sql, tenant: string, email: string, now: Date): Promise<unknown> {
  const [taken] = await tx.query<{ detail: unknown }>(
    "delete from account_link where email = $2 and purpose = 'invitation' and detail->>'tenant' = $1 and expires_at > $3 returning detail",
    [tenant, email, now],
  );
  return taken?.detail;
}

export async function hasTeam(tx: Sql, tenant: string, team: string): Promise<boolean> {
  return (await tx.query("select 1 from team where tenant_id = $1 and key = $2 and active", [tenant, team])).length > 0;
}

export async function tenantName(tx: Sql, tenant: string): Promise<string | undefined> {
  const [found] = await tx.query<{ name: string }>("select name from tenant where id = $1 and active", [tenant]);
  return found?.name;
}

/** False where they have a place already. With a team they can be offered its conversations at once. */
export async function insertMembership(
  tx: Sql,
  { tenant, account, role, team, by }: { tenant: string; account: string; role: string; team: string | null; by: string },
): Promise<boolean> {
  const made = await tx.query(
    `insert into membership (tenant_id, account_id, roles, changed_by, changed_at) values ($1, $2, array[$3::text], $4, clock_timestamp())
     on conflict do nothing returning account_id`,
    [tenant, account, role, by],
  );
  if (made.length === 0) return false;
  if (team !== null && (await hasTeam(tx, tenant, team))) {
    await tx.query("insert into agent_profile (tenant_id, account_id) values ($1, $2) on conflict do nothing", [tenant, account]);
    await tx.query("insert into team_member (tenant_id, team, account_id) values ($1, $2, $3) on conflict do nothing", [
      tenant,
      team,
      account,
    ]);
  }
  return true;
}
