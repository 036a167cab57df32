import { Refusal } from "../../protocol/refusal.ts";
import type { AccountOutside } from "../accounts/accountOutside.ts";
import type { Asked } from "../principal.ts";
import { type BegunFlow, beginFlow } from "../providers/beginFlow.ts";
import type { Back } from "../providers/flow.ts";
import { foldEmail } from "../sessions/signIn.ts";
import { findSsoTenant, findSsoTenantsOf } from "./ssoStore.ts";
import { providerOfTenant } from "./tenantSso.ts";

/**
 * Begins to sign in by a tenant's single sign-on, named by its short name or by one's mail address. A tenant without it answers as none, and nothing
 * is told of who belongs where. Refusals: `not_found` (`workspace`), `rate_limited`, `unavailable`.
 */
export async function beginSso(
  outside: AccountOutside,
  { workspace, back, browser, again }: { workspace: string; back: Back; browser: string | undefined; again: boolean },
  asked: Asked,
): Promise<BegunFlow> {
  const id = await tenantOf(outside, foldEmail(workspace));
  const found = id === undefined ? undefined : await providerOfTenant(outside, id);
  if (found === undefined)
    throw new Refusal(
      "not_found",
      "There is no single sign-on for that. Write your workspace's short name, or sign in with your password.",
      {
        path: "workspace",
      },
    );
  const flow = { provider: found.provider, purpose: "signIn", back, tenant: found.tenant.id, browser, again } as const;
  return await beginFlow(outside, flow, asked);
}

async function tenantOf({ database }: Pick<AccountOutside, "database">, written: string): Promise<string | undefined> {
  const sql = database.acrossTenants;
  const domain = written.split("@")[1];
  if (domain === undefined) return (await findSsoTenant(sql, { slug: written }))?.id;
  const [tenant, ...others] = await findSsoTenantsOf(sql, domain);
  return others.length === 0 ? tenant?.id : undefined;
}
