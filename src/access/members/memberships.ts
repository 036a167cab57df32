import type { Database } from "../../platform/database/database.ts";

export interface Membership {
  tenantId: string;
  /** The tenant's slug. */
  tenant: string;
  /** The tenant's name. */
  name: string;
  roles: string[];
  /** Whether the tenant wants its single sign-on of everybody but its owners. */
  ssoEnforced: boolean;
}

/** Where the account may work now, the oldest membership first. */
export async function membershipsOf({ database }: { database: Pick<Database, "prisma"> }, account: string): Promise<Membership[]> {
  const found = await database.prisma.membership.findMany({
    where: { accountId: account, active: true, tenant: { active: true } },
    select: { tenantId: true, roles: true, tenant: { select: { slug: true, name: true, sso: { select: { enforced: true } } } } },
    orderBy: [{ createdAt: "asc" }, { tenantId: "asc" }],
  });
  return found.map(({ tenantId, roles, tenant: { slug, name, sso } }) => ({
    tenantId,
    tenant: slug,
    name,
    roles,
    ssoEnforced: sso?.enforced === true,
  }));
}

/**
 * Those in which a session that began so may work: by a tenant's single sign-on in that tenant alone, for its provider says who somebody is to it
 * and to nobody else; by their own password or provider wherever that is enough. Owners always get in: who sets up the provider must be able to mend it.
 */
export function openTo(memberships: readonly Membership[], sso: string | null): Membership[] {
  return memberships.filter(({ tenantId, roles, ssoEnforced }) =>
    sso === null ? !ssoEnforced || roles.includes("owner") : tenantId === sso,
  );
}

/** The same, looked up: what a session is told of where it may go on. */
export async function placesOfSession(
  { database }: { database: Pick<Database, "prisma"> },
  { account, sso }: { account: string; sso: string | null },
): Promise<Membership[]> {
  return openTo(await membershipsOf({ database }, account), sso);
}

/** Whether the account belongs, or belonged, to any tenant: active there or not. */
export async function hasMemberships({ database }: { database: Pick<Database, "prisma"> }, account: string): Promise<boolean> {
  return (await database.prisma.membership.findFirst({ where: { accountId: account }, select: { tenantId: true } })) !== null;
}

/** How the tenants of the account are called: no password consists of it. */
export async function tenantWords({ database }: { database: Pick<Database, "prisma"> }, account: string | null): Promise<string[]> {
  return account === null ? [] : (await membershipsOf({ database }, account)).flatMap(({ tenant, name }) => [tenant, name]);
}
