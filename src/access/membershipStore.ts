import type { Sql } from "../platform/database/database.ts";

export interface Colleague {
  account: string;
  name: string;
  active: boolean;
}

/**
 * Whoever asks, if they may still work in the tenant, and the colleague with this e-mail, if there is one, with their memberships held until
 * the transaction ends: always in one order, so that two admins who deactivate each other don't wait for each other.
 */
export async function lockColleague(
  tx: Sql,
  { tenant, email, by }: { tenant: string; email: string; by: string },
): Promise<{ asking: Colleague | undefined; meant: Colleague | undefined }> {
  const rows = await tx.query<Colleague & { email: string }>(
    `select m.account_id as account, a.name, a.email, m.active and a.active as active
       from membership m join account a on a.id = m.account_id
      where m.tenant_id = $1 and (a.email = $2 or m.account_id = $3) order by m.account_id for update of m`,
    [tenant, email, by],
  );
  return {
    asking: rows.find(({ account, active }) => account === by && active),
    meant: rows.find((row) => row.email === email),
  };
}

export async function saveMembershipActive(tx: Sql, tenant: string, account: string, active: boolean): Promise<void> {
  await tx.query("update membership set active = $3 where tenant_id = $1 and account_id = $2", [tenant, account, active]);
}
