import type { Sql } from "../../platform/database/database.ts";
import { teamsOfMember } from "../roles/roleStore.ts";

export interface ActiveColleague {
  account: string;
  name: string;
  /** Folded, as it is kept. */
  email: string;
  roles: string[];
  /** The keys of their active teams. */
  teams: string[];
}

/** Which of these accounts work here and may sign in. */
export async function activeColleagues(sql: Sql, accounts: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ account: string }>(
    `select m.account_id as account from membership m join account a on a.id = m.account_id and a.active
      where m.tenant_id = $1 and m.active and m.account_id = any($2::uuid[])`,
    [accounts],
  );
  return rows.map(({ account }) => account);
}

/** Those who may work in the tenant now and have one of these addresses, teams or roles, by name. Index: membership's primary key. */
export async function listColleagues(
  sql: Sql,
  { emails, teams, roles }: { emails: readonly string[]; teams: readonly string[]; roles: readonly string[] },
): Promise<ActiveColleague[]> {
  return await sql.query<ActiveColleague & Record<string, unknown>>(
    `select * from (
       select m.account_id as account, a.name, a.email, m.roles, ${teamsOfMember} as teams
         from membership m join account a on a.id = m.account_id and a.active where m.tenant_id = $1 and m.active) colleague
      where email = any($2::text[]) or teams && $3::text[] or roles && $4::text[] order by name, account`,
    [emails, teams, roles],
  );
}
