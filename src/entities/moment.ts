import { Temporal } from "temporal-polyfill";
import type { AccountPrincipal } from "../access/principal.ts";
import { readTenant } from "../access/tenants/tenantStore.ts";
import type { Platform } from "../platform/platform.ts";
import type { Moment } from "./fields/fieldKind.ts";

/** Now; which day that is depends on where the tenant is, and is only asked for where `needsDay`. */
export async function momentOf(
  { database, clock }: Pick<Platform, "database" | "clock">,
  { tenant, account }: Pick<AccountPrincipal, "tenant" | "account">,
  needsDay: boolean,
): Promise<Moment> {
  const instant = Temporal.Instant.fromEpochMilliseconds(clock.now());
  const { timeZone } = needsDay ? await readTenant(database.acrossTenants, tenant) : { timeZone: "UTC" };
  const today = instant.toZonedDateTimeISO(timeZone).toPlainDate().toString();
  return { now: instant.toString({ fractionalSecondDigits: 3 }), today, me: account };
}
