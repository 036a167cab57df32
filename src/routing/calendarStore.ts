import type { Sql, TenantSql } from "../platform/database/database.ts";
import type { Calendar, DaySpan, Holiday, Span } from "./calendar.ts";

export interface StoredCalendar extends Calendar {
  key: string;
  name: string;
  /** The inboxes and teams that keep these hours, by name. */
  usedBy: string[];
}

/** Every calendar of the tenant, by name. A tenant has a handful. Index: the primary keys. */
export async function listCalendars(sql: TenantSql): Promise<StoredCalendar[]> {
  const rows = await sql.query<CalendarRow>(`${selectCalendar} where c.tenant_id = $1 order by c.name, c.key`, [], "listCalendars");
  return rows.map(toCalendar);
}

export async function findCalendar(sql: TenantSql, key: string): Promise<StoredCalendar | undefined> {
  const rows = await sql.query<CalendarRow>(`${selectCalendar} where c.tenant_id = $1 and c.key = $2`, [key], "findCalendar");
  return rows[0] && toCalendar(rows[0]);
}

/** False where the tenant has one of this key. */
export async function insertCalendar(
  sql: TenantSql,
  calendar: { key: string; name: string; timeZone: string; spans: readonly Span[] },
): Promise<boolean> {
  const rows = await sql.query(
    `insert into calendar (tenant_id, key, name, time_zone, spans) values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, key) do nothing returning key`,
    [calendar.key, calendar.name, calendar.timeZone, JSON.stringify(calendar.spans)],
  );
  return rows.length > 0;
}

/** What is undefined stays as it is. False where there is no such calendar. */
export async function updateCalendar(
  sql: TenantSql,
  key: string,
  change: { name?: string; timeZone?: string; spans?: readonly Span[] },
): Promise<boolean> {
  const rows = await sql.query(
    `update calendar set name = coalesce($3, name), time_zone = coalesce($4, time_zone), spans = coalesce($5::jsonb, spans), updated_at = now()
     where tenant_id = $1 and key = $2 returning key`,
    [key, change.name ?? null, change.timeZone ?? null, change.spans === undefined ? null : JSON.stringify(change.spans)],
  );
  return rows.length > 0;
}

/** False where there is no such calendar; one that is used violates a foreign key (23503). */
export async function deleteCalendar(sql: TenantSql, key: string): Promise<boolean> {
  return (await sql.query("delete from calendar where tenant_id = $1 and key = $2 returning key", [key])).length > 0;
}

/** Adds a holiday, unless one is there on any of its days: that one's name; or undefined where it was added. */
export async function insertHoliday(sql: TenantSql, calendar: string, holiday: Holiday): Promise<string | undefined> {
  return await sql.transaction(async (tx: Sql) => {
    // Two that are added at once see each other.
    await tx.query("select from calendar where tenant_id = $1 and key = $2 for update", [calendar]);
    const [there] = await tx.query<{ name: string }>(
      "select name from calendar_holiday where tenant_id = $1 and calendar = $2 and first_day <= $4 and last_day >= $3 limit 1",
      [calendar, holiday.firstDay, holiday.lastDay],
    );
    if (there !== undefined) return there.name;
    await tx.query("insert into calendar_holiday (tenant_id, calendar, first_day, last_day, name, spans) values ($1, $2, $3, $4, $5, $6)", [
      calendar,
      holiday.firstDay,
      holiday.lastDay,
      holiday.name,
      JSON.stringify(holiday.spans),
    ]);
    return undefined;
  });
}

/** The name of the holiday of this day, which is gone now; or undefined. */
export async function deleteHoliday(sql: TenantSql, calendar: string, day: string): Promise<string | undefined> {
  const rows = await sql.query<{ name: string }>(
    "delete from calendar_holiday where tenant_id = $1 and calendar = $2 and $3 between first_day and last_day returning name",
    [calendar, day],
  );
  return rows[0]?.name;
}

export async function hasTeam(sql: TenantSql, team: string): Promise<boolean> {
  return (await sql.query("select from team where tenant_id = $1 and key = $2 and active", [team])).length > 0;
}

/** Null: the team keeps no hours of its own. A calendar that isn't there violates a foreign key (23503). */
export async function saveTeamCalendar(sql: TenantSql, team: string, calendar: string | null): Promise<void> {
  if (calendar === null) await sql.query("delete from team_calendar where tenant_id = $1 and team = $2", [team]);
  else {
    await sql.query(
      "insert into team_calendar (tenant_id, team, calendar) values ($1, $2, $3) on conflict (tenant_id, team) do update set calendar = excluded.calendar",
      [team, calendar],
    );
  }
}

/** Whose hours an inbox keeps: its own, or else its team's; and who answers there. */
export interface Keeper {
  calendar: string | null;
  team: string;
}

/** By inbox. */
export async function findKeepers(sql: TenantSql): Promise<Map<string, Keeper>> {
  const rows = await sql.query<Keeper & { id: string }>(
    `select i.id, coalesce(i.calendar, t.calendar) as calendar, i.team
     from inbox i left join team_calendar t on t.tenant_id = i.tenant_id and t.team = i.team
     where i.tenant_id = $1 and i.active`,
    [],
    "findKeepers",
  );
  return new Map(rows.map(({ id, calendar, team }) => [id, { calendar, team }]));
}

const selectCalendar = `select c.key, c.name, c.time_zone, c.spans,
  coalesce((select json_agg(json_build_object('firstDay', h.first_day, 'lastDay', h.last_day, 'name', h.name, 'spans', h.spans) order by h.first_day)
    from calendar_holiday h where h.tenant_id = c.tenant_id and h.calendar = c.key), '[]') as holidays,
  array(select i.name from inbox i where i.tenant_id = c.tenant_id and i.calendar = c.key
    union all select t.team from team_calendar t where t.tenant_id = c.tenant_id and t.calendar = c.key
    union all select 'service level ' || (array['urgent', 'high', 'normal', 'low'])[l.priority] from service_level l where l.tenant_id = c.tenant_id and l.calendar = c.key
    order by 1) as used_by
  from calendar c`;

interface CalendarRow {
  key: string;
  name: string;
  time_zone: string;
  spans: Span[];
  holidays: { firstDay: string; lastDay: string; name: string; spans: DaySpan[] }[];
  used_by: string[];
}

function toCalendar(row: CalendarRow): StoredCalendar {
  return { key: row.key, name: row.name, timeZone: row.time_zone, spans: row.spans, holidays: row.holidays, usedBy: row.used_by };
}
