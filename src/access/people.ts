import type { Database } from "../platform/database/database.ts";
import { type Permission, permissionsOf } from "./principal.ts";
import { foldEmail } from "./signIn.ts";

/** The colleague with this e-mail who may work in the tenant now and holds the permission; or none. */
export async function findColleague(
  { database }: { database: Pick<Database, "prisma"> },
  tenant: string,
  email: string,
  permission: Permission,
): Promise<{ id: string; name: string; email: string } | undefined> {
  const found = await database.prisma.membership.findFirst({
    where: { tenantId: tenant, active: true, tenant: { active: true }, account: { email: foldEmail(email), active: true } },
    select: { roles: true, account: { select: { id: true, name: true, email: true } } },
  });
  return found !== null && permissionsOf(found.roles).has(permission) ? found.account : undefined;
}
