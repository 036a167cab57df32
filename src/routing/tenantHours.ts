import type { Platform } from "../platform/platform.ts";
import type { Away } from "../protocol/inbox.ts";
import { isOpen, nextOpening } from "./calendar.ts";
import { findKeepers, type Keeper, listCalendars, type StoredCalendar } from "./calendarStore.ts";
import { teamsWithPeople } from "./presenceStore.ts";

/** Why no person answers, and when the hours begin again. */
export type Absence = Pick<Away, "reason" | "until">;

/** All that it takes to say whether people of a tenant answer. */
export interface TenantHours {
  calendars: ReadonlyMap<string, StoredCalendar>;
  keepers: ReadonlyMap<string, Keeper>;
  /** By team whether somebody is at the desk; a team where nobody ever was is left out: there it is the assistant alone who answers. */
  people: ReadonlyMap<string, boolean>;
}

export async function readTenantHours({ database }: Pick<Platform, "database">, tenant: string): Promise<TenantHours> {
  const sql = database.forTenant(tenant);
  const [calendars, keepers, people] = await Promise.all([
    listCalendars(sql),
    findKeepers(sql),
    teamsWithPeople(database.acrossTenants, [tenant]),
  ]);
  return { calendars: new Map(calendars.map((each) => [each.key, each])), keepers, people: people.get(tenant) ?? new Map() };
}

/** Why nobody of this inbox answers at `now` (milliseconds since 1970); undefined where somebody can. */
export function absenceAt({ calendars, keepers, people }: TenantHours, inbox: string, now: number): Absence | undefined {
  const keeper = keepers.get(inbox);
  const calendar = calendars.get(keeper?.calendar ?? "");
  if (calendar !== undefined && !isOpen(calendar, now)) {
    const opening = nextOpening(calendar, now);
    return { reason: "closed", ...(opening === undefined ? {} : { until: new Date(opening).toISOString() }) };
  }
  return people.get(keeper?.team ?? "") === false ? { reason: "nobody" } : undefined;
}
