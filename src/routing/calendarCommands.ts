import type { CommandCall, CommandResult, StaffCommand } from "../commands/command.ts";
import { readKey } from "../commands/readKey.ts";
import { settingsCommand } from "../commands/settingsCommand.ts";
import { sqlState } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import type { CalendarView } from "../protocol/calendar.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import { closesAt, isOpen, nextOpening } from "./calendar.ts";
import * as store from "./calendarStore.ts";
import { readDaySpans, readSpans, writeDaySpans, writeSpans, writeTime } from "./calendarText.ts";
import { readDay, readTimeZone } from "./calendarValues.ts";
import { hoursChanged } from "./hours.ts";
import { lookAtAllAgain } from "./serviceStore.ts";

type Dependencies = Pick<Platform, "database" | "bus" | "clock">;

const calendar: ArgSchema = { type: "string", description: "The calendar's key.", maxLength: 60 };
const key: ArgSchema = { type: "string", description: "Short and unique, like office.", maxLength: 60 };
const name: ArgSchema = { type: "string", description: "How people call it.", maxLength: 100 };
const timeZone: ArgSchema = { type: "string", description: "Like Europe/Lisbon.", maxLength: 60 };
const spans: ArgSchema = {
  type: "string",
  description: 'The week, like "mon-fri 9:00-12:00 13:00-17:00, sat 21:00-02:00".',
  maxLength: 4000,
};

/** The hours of a tenant: `calendar.…`, and who keeps them: `team.hours`. */
export function calendarCommands(deps: Dependencies): StaffCommand[] {
  return [
    settingsCommand(
      "calendar.create",
      "Makes a calendar of working hours.",
      { key, name, timeZone, spans },
      ["key", "name", "timeZone", "spans"],
      (call) => create(deps, call),
    ),
    settingsCommand(
      "calendar.update",
      "Changes a calendar's name, zone or week.",
      { calendar, name, timeZone, spans },
      ["calendar"],
      (call) => update(deps, call),
    ),
    { ...settingsCommand("calendar.list", "Lists the calendars.", {}, [], (call) => list(deps, call), "conversations.read"), risk: "read" },
    {
      ...settingsCommand("calendar.delete", "Deletes a calendar that nobody keeps.", { calendar }, ["calendar"], (call) =>
        remove(deps, call),
      ),
      risk: "destructive",
    },
    settingsCommand(
      "calendar.holiday-add",
      "Adds a holiday of a day or several: closed, or with hours of its own.",
      {
        calendar,
        from: { type: "string", description: "The first day, like 2026-12-24.", maxLength: 10 },
        to: { type: "string", description: "The last day; without it, it is one day.", maxLength: 10 },
        name: { type: "string", description: "Its name.", maxLength: 100 },
        spans: {
          type: "string",
          description: 'Hours of each of these days, like "9:00-12:00"; without them it is closed.',
          maxLength: 400,
        },
      },
      ["calendar", "from", "name"],
      (call) => addHoliday(deps, call),
    ),
    settingsCommand(
      "calendar.holiday-remove",
      "Removes a holiday.",
      { calendar, day: { type: "string", description: "One of its days, like 2026-12-24.", maxLength: 10 } },
      ["calendar", "day"],
      (call) => removeHoliday(deps, call),
    ),
    settingsCommand(
      "team.hours",
      "Sets the hours of a team: those of a calendar, or none.",
      {
        team: { type: "string", description: "The team's key.", maxLength: 60 },
        calendar: { type: "string", description: 'The calendar\'s key, or "none": always open.', maxLength: 60 },
      },
      ["team", "calendar"],
      (call) => setTeamHours(deps, call),
    ),
  ];
}

type Call = CommandCall & Parameters<StaffCommand["run"]>[0];

async function create(deps: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const made = {
    key: readKey(String(args["key"]), "args.key"),
    name: String(args["name"]).trim(),
    timeZone: readTimeZone(String(args["timeZone"]), "args.timeZone"),
    spans: readSpans(String(args["spans"]), "args.spans"),
  };
  if (!(await store.insertCalendar(deps.database.forTenant(principal.tenant), made)))
    throw new Refusal("conflict", `There is a calendar "${made.key}" already; choose another key.`, { path: "args.key" });
  await tellChanged(deps, principal.tenant);
  return {
    messages: [{ text: `Calendar ${made.name}: ${writeSpans(made.spans) || "never open"}, ${made.timeZone}.` }],
    data: { key: made.key },
  };
}

async function update(deps: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const wanted = keyOf(args["calendar"]);
  const changed = await store.updateCalendar(deps.database.forTenant(principal.tenant), wanted, {
    ...(args["name"] === undefined ? {} : { name: String(args["name"]).trim() }),
    ...(args["timeZone"] === undefined ? {} : { timeZone: readTimeZone(String(args["timeZone"]), "args.timeZone") }),
    ...(args["spans"] === undefined ? {} : { spans: readSpans(String(args["spans"]), "args.spans") }),
  });
  if (!changed) throw unknownCalendar(wanted);
  await tellChanged(deps, principal.tenant);
  return { messages: [{ text: `The calendar ${wanted} is changed.` }], data: { key: wanted } };
}

async function list(deps: Dependencies, { principal }: Call): Promise<CommandResult> {
  const calendars = (await store.listCalendars(deps.database.forTenant(principal.tenant))).map((each) => viewOf(each, deps.clock.now()));
  const lines = calendars.map((each) => `${each.key}: ${each.name}, ${each.timeZone}, ${each.open ? "open now" : "closed now"}`);
  return {
    messages: [{ text: lines.length === 0 ? "There is no calendar yet; calendar.create makes one." : lines.join("\n") }],
    data: { calendars: calendars.map((each) => ({ ...each })) },
  };
}

async function remove(deps: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const wanted = keyOf(args["calendar"]);
  const sql = deps.database.forTenant(principal.tenant);
  const deleted = await store.deleteCalendar(sql, wanted).catch(async (error: unknown) => {
    if (sqlState(error) !== "23503") throw error;
    const users = (await store.findCalendar(sql, wanted))?.usedBy.join(", ") ?? "others";
    throw new Refusal("conflict", `The calendar ${wanted} is kept by ${users}; give them another first.`, { path: "args.calendar" });
  });
  if (!deleted) throw unknownCalendar(wanted);
  await tellChanged(deps, principal.tenant);
  return { messages: [{ text: `The calendar ${wanted} is deleted.` }] };
}

async function addHoliday(deps: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const wanted = keyOf(args["calendar"]);
  const sql = deps.database.forTenant(principal.tenant);
  const firstDay = readDay(String(args["from"]), "args.from");
  const lastDay = args["to"] === undefined ? firstDay : readDay(String(args["to"]), "args.to");
  if (lastDay < firstDay) throw new Refusal("invalid_value", `A holiday can't end on ${lastDay}, before it begins.`, { path: "args.to" });
  const holiday = {
    firstDay,
    lastDay,
    name: String(args["name"]).trim(),
    spans: args["spans"] === undefined ? [] : readDaySpans(String(args["spans"]), "args.spans"),
  };
  if ((await store.findCalendar(sql, wanted)) === undefined) throw unknownCalendar(wanted);
  const there = await store.insertHoliday(sql, wanted, holiday);
  if (there !== undefined) throw new Refusal("conflict", `"${there}" is on these days already; remove it first.`, { path: "args.from" });
  await tellChanged(deps, principal.tenant);
  const days = firstDay === lastDay ? firstDay : `${firstDay} to ${lastDay}`;
  return { messages: [{ text: `${holiday.name}, ${days}: ${writeDaySpans(holiday.spans) || "closed"}.` }] };
}

async function removeHoliday(deps: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const wanted = keyOf(args["calendar"]);
  const day = readDay(String(args["day"]), "args.day");
  const gone = await store.deleteHoliday(deps.database.forTenant(principal.tenant), wanted, day);
  if (gone === undefined) throw new Refusal("not_found", `The calendar ${wanted} has no holiday on ${day}.`, { path: "args.day" });
  await tellChanged(deps, principal.tenant);
  return { messages: [{ text: `"${gone}" is removed.` }] };
}

async function setTeamHours(deps: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const team = readKey(String(args["team"]), "args.team");
  const wanted = keyOf(args["calendar"]);
  if (!(await store.hasTeam(deps.database.forTenant(principal.tenant), team)))
    throw new Refusal("not_found", `There is no active team "${team}"; team.list shows yours.`, { path: "args.team" });
  const none = wanted === "none";
  await store.saveTeamCalendar(deps.database.forTenant(principal.tenant), team, none ? null : wanted).catch((error: unknown) => {
    throw sqlState(error) === "23503" ? unknownCalendar(wanted) : error;
  });
  await tellChanged(deps, principal.tenant);
  return { messages: [{ text: none ? `The team ${team} keeps no hours.` : `The team ${team} keeps the hours of ${wanted}.` }] };
}

/** Whoever shows the hours reads them again, and what is promised within them is due at another time. */
async function tellChanged(deps: Dependencies, tenant: string): Promise<void> {
  await lookAtAllAgain(deps.database.forTenant(tenant));
  hoursChanged(deps, tenant);
}

function viewOf(each: store.StoredCalendar, now: number): CalendarView {
  const open = isOpen(each, now);
  const changesAt = open ? closesAt(each, now) : nextOpening(each, now);
  const times = ({ from, to }: { from: number; to: number }) => ({ from: writeTime(from), to: writeTime(to) });
  return {
    key: each.key,
    name: each.name,
    timeZone: each.timeZone,
    spans: each.spans.map((span) => ({ day: span.day, ...times(span) })),
    holidays: each.holidays.map((holiday) => ({
      from: holiday.firstDay,
      to: holiday.lastDay,
      name: holiday.name,
      spans: holiday.spans.map(times),
    })),
    open,
    changesAt: changesAt === undefined ? null : new Date(changesAt).toISOString(),
    usedBy: each.usedBy,
  };
}

function keyOf(value: unknown): string {
  return String(value).trim().toLowerCase();
}

/** Of another tenant's it is said as well: what isn't yours isn't there. */
export function unknownCalendar(key: string, path = "args.calendar"): Refusal {
  return new Refusal("not_found", `There is no calendar "${key.slice(0, 60)}"; calendar.list shows yours.`, { path });
}
