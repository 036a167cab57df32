import type { Platform } from "../platform/platform.ts";
import type { SessionAnswer } from "../protocol/access.ts";
import { Refusal } from "../protocol/refusal.ts";
import { announceAccessChange } from "./accessChanges.ts";
import type { AccountOutside } from "./accountOutside.ts";
import { audit } from "./audit.ts";
import { unauthenticated } from "./authenticate.ts";
import { allTables } from "./catalogueStore.ts";
import { answerOf } from "./grant.ts";
import { membershipsOf } from "./memberships.ts";
import type { AccountPrincipal } from "./principal.ts";
import { provePassword } from "./provePassword.ts";
import { findLiveSessions } from "./sessionStore.ts";
import { requireStepUp } from "./stepUp.ts";
import { deleteTenantRow, deleteTenantRows, releaseSessions } from "./tenantStore.ts";
import { findTenant } from "./tenants.ts";

/**
 * Deletes the tenant in which one is, with everything in it, for good; members keep their accounts, and their sessions go on without a tenant.
 * The audit stays. `slug` is typed once more. Refusals: `forbidden` for whoever isn't its owner, `invalid_value` (`slug`, `password`).
 */
export async function deleteTenant(
  outside: AccountOutside,
  by: AccountPrincipal,
  { slug, password }: { slug: string; password: string },
): Promise<SessionAnswer> {
  if (!by.permissions.has("tenant.manage")) throw new Refusal("forbidden", "Only an owner of the tenant may delete it.");
  const { database, clock } = outside;
  const tenant = await findTenant({ database }, by.tenant);
  if (tenant === undefined) throw unauthenticated();
  if (tenant.slug !== slug) throw new Refusal("invalid_value", `Write "${tenant.slug}" to delete this tenant.`, { path: "slug" });
  await requireStepUp(outside, by);
  await provePassword(outside, by, password);
  await deleteEverything(outside, by, tenant.name);
  const [live] = await findLiveSessions(database.acrossTenants, [by.session], new Date(clock.now()));
  if (live === undefined) throw unauthenticated();
  return answerOf(outside, live, await membershipsOf({ database }, by.account));
}

async function deleteEverything({ database, bus }: Pick<Platform, "database" | "bus">, by: AccountPrincipal, name: string): Promise<void> {
  await database.acrossTenants.transaction(async (tx) => {
    await releaseSessions(tx, by.tenant);
    for (const { name: table, columns } of await allTables(tx)) {
      if (columns.some((column) => column.name === "tenant_id") && table !== "session") await deleteTenantRows(tx, table, by.tenant);
    }
    await deleteTenantRow(tx, by.tenant);
    const actor = { kind: "account", id: by.account, name: by.name, ...by.asked } as const;
    await audit(tx, { tenant: undefined, actor, action: "tenant.delete", object: { kind: "tenant", id: by.tenant, name } });
  });
  announceAccessChange({ bus }, [by.tenant]);
}
