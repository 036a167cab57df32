import type { AccountPrincipal } from "../../access/principal.ts";
import type { CommandCall, CommandResult, StaffCommand } from "../../commands/command.ts";
import { commandsOf } from "../../commands/commandsOf.ts";
import { announceJobs } from "../../platform/jobs/jobs.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { ScheduleTimeView, ScheduleView } from "../../protocol/schedules.ts";
import { patternInWords } from "./patternInWords.ts";
import {
  createSchedule,
  removeSchedule,
  type ScheduleDraft,
  type ScheduleOutside,
  scheduleKind,
  switchSchedule,
  updateSchedule,
} from "./saveSchedules.ts";
import { type ListedSchedule, listSchedules, listTimes, type StoredTime } from "./scheduleStore.ts";
import { timesOf } from "./when.ts";

type Call = CommandCall<AccountPrincipal>;
const shownNext = 3;
const shownTimes = 50;

const schedule: ArgSchema = { type: "string", description: "The schedule's id, as schedule.list tells it.", format: "uuid" };
const shape = {
  name: { type: "string", description: "What it is called.", minLength: 1, maxLength: 100 },
  operation: { type: "string", description: "The published operation that it runs.", maxLength: 100 },
  when: { type: "string", description: 'Like "every weekday at 09:00", "every monday at 8am", or "0 9 * * 1-5".', maxLength: 100 },
  args: { type: "object", description: 'What the operation is given: {"region": "north"}.' },
  timeZone: { type: "string", description: "Like Europe/Lisbon; the workspace's where it is left out.", maxLength: 60 },
  answer: {
    type: "object",
    description:
      'What is done with its answer: {"by": "mail", "to": ["ana@example.com", "team:support"]}, by "notice" or "nothing", or {"by": "note", "conversation": "…"}.',
  },
  onlyRows: { type: "boolean", description: "Whether an answer without rows is told to nobody; true where it is left out." },
} satisfies Record<string, ArgSchema>;

/** `schedule.*`: operations that run at times, as their owners. Everybody has their own; who makes operations sees all. */
export function scheduleCommands(outside: ScheduleOutside): StaffCommand[] {
  const define = commandsOf("schedule", { risk: "write", permission: "commands.run", audited: "itself" });
  const reads: Partial<StaffCommand> = { risk: "read", audited: "never" };
  const idIn = ({ args }: Call) => String(args["schedule"]).toLowerCase();
  const find = async ({ principal }: Call, id: string | null) => {
    const account = principal.permissions.has("operations.manage") ? null : principal.account;
    const found = await listSchedules(outside.database.forTenant(principal.tenant), { account, id });
    return found.map((each) => viewOf(each, new Date(outside.clock.now())));
  };
  const one = async (call: Call, id: string) => {
    const [found] = await find(call, id);
    if (found === undefined) throw new Refusal("not_found", "There is no such schedule.", { path: "schedule" });
    return found;
  };
  const saved = async (call: Call, id: string, text: (view: ScheduleView) => string): Promise<CommandResult> => {
    announceJobs(outside, scheduleKind);
    const view = await one(call, id);
    return { messages: [{ text: text(view) }], data: { schedule: { ...view } } };
  };
  const nextTime = ({ name, next, timeZone }: ScheduleView) => `"${name}" runs next at ${next[0] ?? "no time"} (${timeZone}).`;

  return [
    define(
      "list",
      "Lists the schedules with their last and next times.",
      {},
      [],
      async (call) => {
        const found = await find(call, null);
        const lines = found.map(({ name, operation, when, words, state, next, last }) => {
          const stands = state === "paused" ? "paused" : `next ${next[0] ?? "never"}`;
          return `${name}: ${operation} ${words ?? when}, ${stands}${last === null ? "" : `, last ${last.state} ${last.dueAt}`}`;
        });
        return {
          messages: [{ text: lines.join("\n") || "There are no schedules yet." }],
          data: { schedules: found.map((each) => ({ ...each })) },
        };
      },
      reads,
    ),
    define(
      "show",
      "Shows a schedule and how it went at its times, the newest first.",
      { schedule },
      ["schedule"],
      async (call) => {
        const view = await one(call, idIn(call));
        const times = (await listTimes(outside.database.forTenant(call.principal.tenant), view.id, shownTimes)).map(timeView);
        const lines = times.map(({ dueAt, state, outcome }) => `${dueAt} ${state}: ${outcome ?? ""}`);
        return {
          messages: [{ text: [nextTime(view), ...lines].join("\n") }],
          data: { schedule: { ...view }, times: times.map((each) => ({ ...each })) },
        };
      },
      reads,
    ),
    define("create", "Has a published operation run at times, as you.", shape, ["name", "operation", "when"], async (call) => {
      const id = await createSchedule(outside, call.principal, draftIn(call));
      return await saved(call, id, nextTime);
    }),
    define(
      "update",
      "Changes a schedule; from now on it runs as you.",
      { schedule, ...shape, version: { type: "integer", description: "The version that was changed.", minimum: 1 } },
      ["schedule"],
      async (call) => {
        await updateSchedule(outside, call.principal, idIn(call), draftIn(call));
        return await saved(call, idIn(call), nextTime);
      },
    ),
    define("pause", "Stops a schedule until it is resumed.", { schedule }, ["schedule"], async (call) => {
      await switchSchedule(outside, call.principal, idIn(call), "paused");
      return await saved(call, idIn(call), ({ name }) => `"${name}" is paused.`);
    }),
    define("resume", "Lets a paused schedule go on from its next time, as you.", { schedule }, ["schedule"], async (call) => {
      await switchSchedule(outside, call.principal, idIn(call), "active");
      return await saved(call, idIn(call), nextTime);
    }),
    define(
      "delete",
      "Deletes a schedule with its history; its runs stay.",
      { schedule },
      ["schedule"],
      async (call) => {
        await removeSchedule(outside, call.principal, idIn(call));
        return { messages: [{ text: "The schedule is deleted." }] };
      },
      { risk: "destructive" },
    ),
  ];
}

function draftIn({ args }: Call): ScheduleDraft {
  const text = (field: "name" | "operation" | "when" | "timeZone") => (args[field] === undefined ? {} : { [field]: String(args[field]) });
  return {
    ...text("name"),
    ...text("operation"),
    ...text("when"),
    ...text("timeZone"),
    ...(args["args"] === undefined ? {} : { args: args["args"] }),
    ...(args["answer"] === undefined ? {} : { answer: args["answer"] }),
    ...(typeof args["onlyRows"] === "boolean" ? { onlyRows: args["onlyRows"] } : {}),
    ...(typeof args["version"] === "number" ? { seen: args["version"] } : {}),
  };
}

function viewOf({ account, key: _, owner, spoken, last, changedAt, ...rest }: ListedSchedule, now: Date): ScheduleView {
  const words = spoken.trim().toLowerCase() === rest.pattern ? patternInWords(rest.pattern) : undefined;
  const next = rest.state === "paused" ? [] : timesOf(rest.pattern, rest.timeZone, now, shownNext);
  return {
    ...rest,
    when: spoken,
    ...(words === undefined ? {} : { words }),
    owner: { id: account, name: owner },
    next: next.map((at) => at.toISOString()),
    last: last === null ? null : timeView(last),
    changedAt: changedAt.toISOString(),
  };
}

function timeView({ dueAt, begunAt, endedAt, state, run, outcome }: StoredTime): ScheduleTimeView {
  return { dueAt: dueAt.toISOString(), begunAt: begunAt.toISOString(), endedAt: endedAt?.toISOString() ?? null, state, run, outcome };
}
