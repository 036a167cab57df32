import type { TenantSql } from "../../platform/database/database.ts";
import { ownGrantsOfMember, teamsOfMember } from "../roles/roleStore.ts";
import type { OwnGrants } from "../roles/roles.ts";

export interface Member {
  name: string;
  email: string;
  roles: string[];
  own: OwnGrants;
  teams: string[];
  /** Whether they have a second factor, or need none. */
  factorOn: boolean;
}

/** Whoever may work in the tenant now, as they are now. Primary keys of membership, account, tenant, second_factor. */
export async function findActiveMember(sql: Pick<TenantSql, "unwalled">, account: string, now: Date): Promise<Member | undefined> {
  const [found] = await sql.unwalled.query<Member>(
    `select a.name, a.email, m.roles, ${ownGrantsOfMember} as own, ${teamsOfMember} as teams, a.factor_exempt or f.account_id is not null as "factorOn"
       from membership m join account a on a.id = m.account_id and a.active join tenant t on t.id = m.tenant_id and t.active
       left join second_factor f on f.account_id = a.id and f.confirmed_at is not null and (f.reset_at is null or f.reset_at > $3)
      where m.tenant_id = $1 and m.account_id = $2 and m.active`,
    [account, now],
  );
  return found;
}

/** What the key may still do; undefined where it counts no more. Primary key. */
export async function findKeyScopes(
  sql: Pick<TenantSql, "query">,
  key: string,
  now: Date,
): Promise<{ name: string; scopes: string[] } | undefined> {
  const [found] = await sql.query<{ name: string; scopes: string[] }>(
    "select name, scopes from api_key where tenant_id = $1 and id = $2 and revoked_at is null and expires_at > $3",
    [key, now],
  );
  return found;
}
