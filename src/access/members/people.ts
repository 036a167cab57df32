import type { Database } from "../../platform/database/database.ts";
import type { Permission } from "../permissions.ts";
import { ownGrantsOfMember } from "../roles/roleStore.ts";
import { type OwnGrants, permissionsOf } from "../roles/roles.ts";
import { foldEmail } from "../sessions/signIn.ts";

interface Found {
  id: string;
  name: string;
  email: string;
  roles: string[];
  own: OwnGrants;
}

/** The colleague with this e-mail who may work in the tenant now and holds the permission; or none. Unique index of account's e-mail. */
export async function findColleague(
  { database }: { database: Pick<Database, "forTenant"> },
  tenant: string,
  email: string,
  permission: Permission,
): Promise<{ id: string; name: string; email: string } | undefined> {
  const [found] = await database.forTenant(tenant).query<Found>(
    `select a.id, a.name, a.email, m.roles, ${ownGrantsOfMember} as own
       from membership m join account a on a.id = m.account_id and a.active join tenant t on t.id = m.tenant_id and t.active
      where m.tenant_id = $1 and m.active and a.email = $2`,
    [foldEmail(email)],
  );
  if (found === undefined || !permissionsOf(found.roles, found.own).has(permission)) return undefined;
  return { id: found.id, name: found.name, email: found.email };
}
