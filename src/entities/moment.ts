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
  return momentIn(clock, account, needsDay ? await timeZoneOf({ database }, tenant) : "UTC");
}

/** Where the tenant is. */
export async function timeZoneOf({ database }: Pick<Platform, "database">, tenant: string): Promise<string> {
  return (await readTenant(database.acrossTenants, tenant)).timeZone;
}

/** Now, where clocks show that zone's time. */
export function momentIn(clock: Platform["clock"], account: string, timeZone: string): Moment {
  const instant = Temporal.Instant.fromEpochMilliseconds(clock.now());
  const today = instant.toZonedDateTimeISO(timeZone).toPlainDate().toString();
  return { now: instant.toString({ fractionalSecondDigits: 3 }), today, me: account };
}
