import type { Database } from "../platform/database/database.ts";

export interface Membership {
  tenantId: string;
  /** The tenant's slug. */
  tenant: string;
  /** The tenant's name. */
  name: string;
  roles: string[];
}

/** Where the account may work now, the oldest membership first. */
export async function membershipsOf({ database }: { database: Pick<Database, "prisma"> }, account: string): Promise<Membership[]> {
  const found = await database.prisma.membership.findMany({
    where: { accountId: account, active: true, tenant: { active: true } },
    select: { tenantId: true, roles: true, tenant: { select: { slug: true, name: true } } },
    orderBy: [{ createdAt: "asc" }, { tenantId: "asc" }],
  });
  return found.map(({ tenantId, roles, tenant }) => ({ tenantId, tenant: tenant.slug, name: tenant.name, roles }));
}

/** Whether the account belongs, or belonged, to any tenant: active there or not. */
export async function hasMemberships({ database }: { database: Pick<Database, "prisma"> }, account: string): Promise<boolean> {
  return (await database.prisma.membership.findFirst({ where: { accountId: account }, select: { tenantId: true } })) !== null;
}
