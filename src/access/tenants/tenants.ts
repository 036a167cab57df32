import type { Database } from "../../platform/database/database.ts";

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

/** The tenants that are not active, and those of `open` that are not there any more. */
export async function findClosedTenants(
  { database }: { database: Pick<Database, "acrossTenants"> },
  open: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const rows = await database.acrossTenants.query<{ id: string }>(
    `select id from tenant where not active
     union all select open from unnest($1::uuid[]) open where not exists (select 1 from tenant where id = open)`,
    [[...open]],
  );
  return new Set(rows.map(({ id }) => id));
}
