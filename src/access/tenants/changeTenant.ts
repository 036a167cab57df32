import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { checkedName } from "../accounts/registerAccount.ts";
import type { AccountPrincipal } from "../principal.ts";
import { type TenantRow, updateTenant } from "./tenantStore.ts";
import { checkedSlug, checkedTimeZone } from "./tenantValues.ts";

export type TenantChange = Partial<Pick<TenantRow, "name" | "slug" | "timeZone" | "language">>;

/** Changes how a tenant is called and where it lives. Refusals: `invalid_value`, `conflict` (`slug`) where the short name is taken. */
export async function changeTenant(
  { database }: Pick<Platform, "database">,
  by: AccountPrincipal,
  { name, slug, timeZone, language }: TenantChange,
): Promise<Omit<TenantRow, "id">> {
  const changed = await updateTenant(database.acrossTenants, by.tenant, {
    name: name === undefined ? undefined : checkedName(name),
    slug: slug === undefined ? undefined : checkedSlug(slug),
    timeZone: timeZone === undefined ? undefined : checkedTimeZone(timeZone),
    language,
  });
  if (changed === undefined)
    throw new Refusal("conflict", `The short name "${slug ?? ""}" is taken; choose another one.`, { path: "slug" });
  return changed;
}
