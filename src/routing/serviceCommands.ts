import type { CommandResult, StaffCommand } from "../commands/command.ts";
import { readKey } from "../commands/readKey.ts";
import { settingsCommand } from "../commands/settingsCommand.ts";
import { sqlState } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import { unknownCalendar } from "./calendarCommands.ts";
import { hasTeam } from "./calendarStore.ts";
import { priorityNames } from "./serviceLevels.ts";
import * as store from "./serviceStore.ts";

type Dependencies = Pick<Platform, "database">;
type Call = Parameters<StaffCommand["run"]>[0];

const names = Object.values(priorityNames);
const priority: ArgSchema = { type: "string", description: "Of which conversations.", enum: names };
const time = (what: string): ArgSchema => ({ type: "string", description: `${what}, like "30 min" or "4 h" of open time.`, maxLength: 20 });

/** What a tenant promises to those who wait for a person: `service-level.…`. */
export function serviceCommands(deps: Dependencies): StaffCommand[] {
  return [
    settingsCommand(
      "service-level.set",
      "Sets what is promised to conversations of a priority.",
      {
        priority,
        calendar: { type: "string", description: "The key of the calendar whose open time counts.", maxLength: 60 },
        firstAnswer: time("Until a person answers first"),
        nextAnswer: time("Until each next answer"),
        resolution: time("Until the end of the matter"),
        warnAt: {
          type: "integer",
          description: "After how many percent of the time it is warned; 80 where nothing is said.",
          minimum: 1,
          maximum: 99,
        },
        raiseTo: { type: "string", description: "The priority after a breach.", enum: names },
        moveTo: { type: "string", description: "The key of the team in whose queue it waits after a breach.", maxLength: 60 },
      },
      ["priority", "calendar"],
      (call) => setLevel(deps, call),
    ),
    {
      ...settingsCommand("service-level.list", "Lists what is promised.", {}, [], (call) => list(deps, call)),
      risk: "read",
      permission: "conversations.read",
    },
    {
      ...settingsCommand("service-level.delete", "Promises nothing to conversations of a priority.", { priority }, ["priority"], (call) =>
        remove(deps, call),
      ),
      risk: "destructive",
    },
  ];
}

async function setLevel({ database }: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const level: store.ServiceLevel = {
    priority: numberOf(args["priority"]),
    calendar: String(args["calendar"]).trim().toLowerCase(),
    firstMinutes: minutes(args["firstAnswer"], "args.firstAnswer"),
    nextMinutes: minutes(args["nextAnswer"], "args.nextAnswer"),
    resolutionMinutes: minutes(args["resolution"], "args.resolution"),
    warnPercent: Number(args["warnAt"] ?? 80),
    raiseTo: args["raiseTo"] === undefined ? null : numberOf(args["raiseTo"]),
    moveTo: args["moveTo"] === undefined ? null : readKey(String(args["moveTo"]), "args.moveTo"),
  };
  if (level.firstMinutes === null && level.nextMinutes === null && level.resolutionMinutes === null)
    throw new Refusal("invalid_value", "Nothing is promised yet; give a time for the first answer, the next answer or the resolution.", {
      path: "args.firstAnswer",
    });
  if (level.raiseTo !== null && level.raiseTo >= level.priority)
    throw new Refusal("invalid_value", `After a breach it must become more urgent than ${priorityNames[level.priority] ?? ""}.`, {
      path: "args.raiseTo",
    });
  const sql = database.forTenant(principal.tenant);
  if (level.moveTo !== null && !(await hasTeam(sql, level.moveTo)))
    throw new Refusal("not_found", `There is no team "${level.moveTo}"; team.list shows yours.`, { path: "args.moveTo" });
  await store.saveServiceLevel(sql, level).catch((error: unknown) => {
    throw sqlState(error) === "23503" ? unknownCalendar(level.calendar) : error;
  });
  await store.lookAtAllAgain(sql);
  return { messages: [{ text: sentence(level) }], data: { level } };
}

async function list({ database }: Dependencies, { principal }: Call): Promise<CommandResult> {
  const levels = await store.listServiceLevels(database.forTenant(principal.tenant));
  const text = levels.length === 0 ? "Nothing is promised yet; service-level.set does." : levels.map(sentence).join("\n");
  return { messages: [{ text }], data: { levels } };
}

async function remove({ database }: Dependencies, { principal, args }: Call): Promise<CommandResult> {
  const sql = database.forTenant(principal.tenant);
  const name = String(args["priority"]);
  if (!(await store.deleteServiceLevel(sql, numberOf(name))))
    throw new Refusal("not_found", `Nothing is promised to conversations of priority ${name}.`, { path: "args.priority" });
  await store.lookAtAllAgain(sql);
  return { messages: [{ text: `Nothing is promised to conversations of priority ${name} any more.` }] };
}

/** Whole minutes of at most a year. Refusal `invalid_value`. */
function minutes(value: unknown, path: string): number | null {
  if (value === undefined) return null;
  const [, amount, unit] = /^\s*(-?\d{1,6}(?:\.\d{1,2})?)\s*(m|min|minutes?|h|hours?)?\s*$/i.exec(String(value)) ?? [];
  const found = Math.round(Number(amount) * (unit?.toLowerCase().startsWith("h") === true ? 60 : 1) * 100) / 100;
  if (amount !== undefined && Number.isInteger(found) && found > 0 && found <= 525_600) return found;
  throw new Refusal(
    "invalid_value",
    `"${String(value).slice(0, 20)}" is no time to promise; write whole minutes above 0, like "30 min" or "4 h".`,
    { path },
  );
}

function numberOf(name: unknown): number {
  return names.indexOf(String(name)) + 1;
}

function sentence(level: store.ServiceLevel): string {
  const promises = [
    ...(level.firstMinutes === null ? [] : [`first answer within ${duration(level.firstMinutes)}`]),
    ...(level.nextMinutes === null ? [] : [`each next within ${duration(level.nextMinutes)}`]),
    ...(level.resolutionMinutes === null ? [] : [`resolved within ${duration(level.resolutionMinutes)}`]),
  ];
  const then = [
    ...(level.raiseTo === null ? [] : [`${priorityNames[level.raiseTo] ?? ""} priority`]),
    ...(level.moveTo === null ? [] : [`team ${level.moveTo}`]),
  ];
  const after = then.length === 0 ? "" : `; then ${then.join(" and ")}`;
  return `${priorityNames[level.priority] ?? ""}: ${promises.join(", ")} of ${level.calendar}, warned at ${level.warnPercent} %${after}.`;
}

function duration(count: number): string {
  return count % 60 === 0 ? `${count / 60} h` : `${count} min`;
}
