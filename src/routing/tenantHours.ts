import type { Platform } from "../platform/platform.ts";
import type { Away } from "../protocol/inbox.ts";
import { isOpen, nextOpening } from "./calendar.ts";
import { findKeepers, listCalendars, type StoredCalendar } from "./calendarStore.ts";
import { tenantsWithPeople } from "./presenceStore.ts";

/** Why no person answers, and when the hours begin again. */
export type Absence = Pick<Away, "reason" | "until">;

/** All that it takes to say whether people of a tenant answer. */
export interface TenantHours {
  calendars: ReadonlyMap<string, StoredCalendar>;
  /** By inbox the key of its calendar: its own, or else its team's. */
  keepers: ReadonlyMap<string, string>;
  /** Whether somebody is at the desk; undefined where nobody ever was: there it is the assistant alone who answers. */
  people: boolean | undefined;
}

export async function readTenantHours({ database }: Pick<Platform, "database">, tenant: string): Promise<TenantHours> {
  const sql = database.forTenant(tenant);
  const [calendars, keepers, people] = await Promise.all([
    listCalendars(sql),
    findKeepers(sql),
    tenantsWithPeople(database.acrossTenants, [tenant]),
  ]);
  return { calendars: new Map(calendars.map((each) => [each.key, each])), keepers, people: people.get(tenant) };
}

/** Why nobody of this inbox answers at `now` (milliseconds since 1970); undefined where somebody can. */
export function absenceAt({ calendars, keepers, people }: TenantHours, inbox: string, now: number): Absence | undefined {
  const calendar = calendars.get(keepers.get(inbox) ?? "");
  if (calendar !== undefined && !isOpen(calendar, now)) {
    const opening = nextOpening(calendar, now);
    return { reason: "closed", ...(opening === undefined ? {} : { until: new Date(opening).toISOString() }) };
  }
  return people === false ? { reason: "nobody" } : undefined;
}
