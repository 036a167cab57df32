import type { SessionAnswer } from "../../protocol/access.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { AccountOutside } from "../accounts/accountOutside.ts";
import { provePassword } from "../accounts/provePassword.ts";
import { actorOf } from "../audit/audit.ts";
import { unauthenticated } from "../authenticate.ts";
import { requireStepUp } from "../factors/stepUp.ts";
import { placesOfSession } from "../members/memberships.ts";
import type { AccountPrincipal } from "../principal.ts";
import { answerOf } from "../sessions/grant.ts";
import { findLiveSessions } from "../sessions/sessionStore.ts";
import { eraseTenant } from "./eraseTenant.ts";
import { findTenant } from "./tenants.ts";

/**
 * Deletes the tenant in which one is for good (`eraseTenant`); the session goes on without a tenant. `slug` is typed once more. Refusals: `forbidden` for whoever isn't its owner, `invalid_value` (`slug`, `password`).
 */
export async function deleteTenant(
  outside: AccountOutside,
  by: AccountPrincipal,
  { slug, password }: { slug: string; password?: string | undefined },
): Promise<SessionAnswer> {
  if (!by.permissions.has("tenant.manage")) throw new Refusal("forbidden", "Only an owner of the tenant may delete it.");
  const { database, clock } = outside;
  const tenant = await findTenant({ database }, by.tenant);
  if (tenant === undefined) throw unauthenticated();
  if (tenant.slug !== slug) throw new Refusal("invalid_value", `Write "${tenant.slug}" to delete this tenant.`, { path: "slug" });
  await requireStepUp(outside, by);
  await provePassword(outside, by, password);
  await eraseTenant(outside, tenant, actorOf(by));
  const [live] = await findLiveSessions(database.acrossTenants, [by.session], new Date(clock.now()));
  if (live === undefined) throw unauthenticated();
  return answerOf(outside, live, await placesOfSession({ database }, live.signedIn));
}
