import { ownGrantsOfMember, teamsOfMember } from "../../access/roles/roleStore.ts";
import type { OwnGrants } from "../../access/roles/roles.ts";
import type { TenantSql } from "../../platform/database/database.ts";

interface Colleague {
  id: string;
  name: string;
  email: string;
  roles: string[];
  own: OwnGrants;
  teams: string[];
}

/** Who may work in the tenant now, of these ids, of these mail addresses and in these teams. Index: the primary key of `membership`. */
export async function findColleagues(
  sql: TenantSql,
  { ids, emails, teams }: { ids: readonly string[]; emails: readonly string[]; teams: readonly string[] },
): Promise<Colleague[]> {
  return await sql.query<Colleague & Record<string, unknown>>(
    `select a.id, a.name, a.email, m.roles, ${ownGrantsOfMember} as own, ${teamsOfMember} as teams from membership m join account a on a.id = m.account_id
      where m.tenant_id = $1 and m.active and a.active and (a.id = any($2::uuid[]) or a.email = any($3::text[])
        or exists (select from team_member t where t.tenant_id = $1 and t.account_id = a.id and t.team = any($4::text[])))`,
    [ids, emails, teams],
  );
}

/** Active teams with the accounts of their members. Index: the primary keys. */
export async function findTeamsWithMembers(
  sql: TenantSql,
  keys: readonly string[],
): Promise<{ key: string; name: string; members: string[] }[]> {
  if (keys.length === 0) return [];
  return await sql.query<{ key: string; name: string; members: string[] }>(
    `select t.key, t.name, array(select m.account_id from team_member m where m.tenant_id = t.tenant_id and m.team = t.key) as members
       from team t where t.tenant_id = $1 and t.active and t.key = any($2::text[])`,
    [keys],
  );
}
