import type { Sql } from "../../platform/database/database.ts";

/**
 * When the person of a session last showed all that they can show: by a step-up, or by signing in, with the second factor where they have one.
 * A session by a tenant's single sign-on shows the person to that tenant: for what is the person's own they say their password, unless the tenant
 * made the account. Undefined for a session that ended. Keys of session, account and second_factor.
 */
export async function findFreshness(sql: Sql, session: string, now: Date): Promise<Date | undefined> {
  const [found] = await sql.query<{ said: Date | null }>(
    `select greatest(s.stepped_up_at, case when (f.account_id is null or s.factor_at is not null)
                and (s.sso_tenant_id is null or s.sso_tenant_id = a.sso_tenant_id) then s.created_at end) as said
       from session s join account a on a.id = s.account_id
       left join second_factor f on f.account_id = s.account_id and f.confirmed_at is not null and (f.reset_at is null or f.reset_at > $2)
      where s.id = $1 and s.revoked_at is null`,
    [session, now],
  );
  return found?.said ?? undefined;
}
