import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { MemberView } from "../../protocol/people.ts";
import { ownGrantsOfMember } from "../roles/roleStore.ts";
import type { OwnGrants } from "../roles/roles.ts";

export interface Colleague {
  account: string;
  name: string;
  active: boolean;
  roles: string[];
  /** Of those roles, what the tenant's own ones hold. */
  own: OwnGrants;
  /** Who changed them within the last second, if somebody did. */
  justChangedBy: { account: string; name: string } | null;
}

/** Until the transaction ends nobody else changes who may do what in the tenant: what is decided by all members is decided one after another. */
export async function lockMembers(tx: Sql, tenant: string): Promise<void> {
  await tx.query("select id from tenant where id = $1 for no key update", [tenant]);
}

/** Whoever asks, if they may still work in the tenant, and the colleague with this e-mail, if there is one. */
export async function findColleagues(
  tx: Sql,
  { tenant, email, by }: { tenant: string; email: string; by: string },
): Promise<{ asking: Colleague | undefined; meant: Colleague | undefined }> {
  const rows = await tx.query<Colleague & { email: string }>(
    `select m.account_id as account, a.name, a.email, m.active and a.active as active, m.roles, ${ownGrantsOfMember} as own,
       case when m.changed_at > clock_timestamp() - interval '1 second' and c.id is not null then json_build_object('account', c.id, 'name', c.name) end
         as "justChangedBy"
       from membership m join account a on a.id = m.account_id left join account c on c.id = m.changed_by
      where m.tenant_id = $1 and (a.email = $2 or m.account_id = $3)`,
    [tenant, email, by],
  );
  return {
    asking: rows.find(({ account, active }) => account === by && active),
    meant: rows.find((row) => row.email === email),
  };
}

export async function saveMembership(
  tx: Sql,
  { tenant, account, active, roles, by }: { tenant: string; account: string; active: boolean; roles: readonly string[]; by: string },
): Promise<void> {
  await tx.query(
    `update membership set active = $3, roles = $4, changed_by = $5, changed_at = clock_timestamp() where tenant_id = $1 and account_id = $2`,
    [tenant, account, active, roles, by],
  );
}

/** Everybody with a place in the tenant, active or not, by name. Primary key of membership. */
export async function listMembers(sql: TenantSql): Promise<(MemberView & { own: OwnGrants })[]> {
  return await sql.query<MemberView & { own: OwnGrants }>(
    `select a.id, a.name, a.email, m.active and a.active as active, m.roles, ${ownGrantsOfMember} as own,
       array(select tm.team from team_member tm where tm.tenant_id = m.tenant_id and tm.account_id = m.account_id order by tm.team) as teams
     from membership m join account a on a.id = m.account_id where m.tenant_id = $1 order by a.name, a.id`,
  );
}

/** What those who may work in the tenant hold, each combination of roles once. */
export async function listHeldRoles(tx: Sql, tenant: string): Promise<{ roles: string[]; own: OwnGrants }[]> {
  return await tx.query<{ roles: string[]; own: OwnGrants }>(
    `select m.roles, ${ownGrantsOfMember} as own
       from (select distinct m.tenant_id, m.roles from membership m join account a on a.id = m.account_id and a.active
              where m.tenant_id = $1 and m.active) m`,
    [tenant],
  );
}
