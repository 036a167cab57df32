import type { Database } from "../platform/database/database.ts";

export interface TenantName {
  id: string;
  slug: string;
  name: string;
}

/** How a tenant is called; undefined where there is none. */
export async function findTenant({ database }: { database: Pick<Database, "prisma"> }, id: string): Promise<TenantName | undefined> {
  const found = await database.prisma.tenant.findUnique({ where: { id }, select: { id: true, slug: true, name: true } });
  return found ?? undefined;
}
