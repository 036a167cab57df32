import { z } from "zod";
import { reachesTeam, reachOf } from "../access/policy.ts";
import { type CommandResult, defineCommand, type StaffCommand, type Undo, type UndoCall } from "../commands/command.ts";
import { newerStands } from "../commands/runs/newerStands.ts";
import type { TenantSql } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import { colleague, emailArgument, type FindAgent } from "./colleague.ts";
import { presenceSubject } from "./presence.ts";
import {
  deleteMember,
  insertMember,
  insertTeam,
  listTeams,
  readTeam,
  type TeamRow,
  type TeamSettings,
  teamNeeds,
  updateTeam,
} from "./teamStore.ts";

interface TeamCommandDependencies extends Pick<Platform, "database" | "bus">, FindAgent {}

type Call = Parameters<StaffCommand["run"]>[0];

const key: ArgSchema = { type: "string", description: "The team's short name: small letters, digits and hyphens.", maxLength: 60 };
const name: ArgSchema = { type: "string", description: "What people read.", maxLength: 100 };
const offerSeconds: ArgSchema = {
  type: "integer",
  description: "How long an agent has to take an offer, in seconds.",
  minimum: 5,
  maximum: 600,
};

/** Teams, and who belongs to them. */
export function teamCommands(deps: TeamCommandDependencies): StaffCommand[] {
  const define = (
    command: string,
    summary: string,
    args: Record<string, ArgSchema>,
    required: string[],
    run: (call: Call) => Promise<CommandResult>,
  ) =>
    defineCommand<StaffCommand>({
      name: command,
      summary,
      risk: command === "team.list" ? "read" : "write",
      audience: "staff",
      source: "built-in",
      permission: command === "team.list" ? "conversations.read" : "teams.manage",
      args: { type: "object", properties: args, required, additionalProperties: false },
      run: async (call) => {
        const result = await run(call);
        // Who routes looks again, and who watches colleagues sees what they can take.
        if (command !== "team.list") deps.bus.publish(presenceSubject(call.principal.tenant), {});
        return result;
      },
    });
  const sqlOf = ({ principal }: Call) => deps.database.forTenant(principal.tenant);

  return [
    define("team.list", "Lists the teams and who belongs to them.", {}, [], async (call) => {
      const teams = await listTeams(sqlOf(call));
      return { messages: [{ text: teams.length === 0 ? "There is no team yet." : teams.map(line).join("\n") }], data: { teams } };
    }),
    define("team.create", "Makes a team with a queue of its own.", { key, name, offerSeconds }, ["key", "name"], async (call) => {
      const team = { key: newKey(call), name: newName(call), offerSeconds: Number(call.args["offerSeconds"] ?? 30) };
      if (!(await insertTeam(sqlOf(call), team)))
        throw new Refusal("invalid_value", `There is a team "${team.key}" already; choose another key.`, { path: "args.key" });
      return { messages: [{ text: `The team ${team.name} is there. "team.add" brings people into it.` }], data: { team: team.key } };
    }),
    {
      ...define(
        "team.update",
        "Changes a team's name, how long its offers stand, or whether it is active.",
        {
          key,
          name,
          offerSeconds,
          active: { type: "boolean", description: "A team that is not is offered nothing; only one that nothing needs is closed." },
        },
        ["key"],
        async (call) => {
          const { active } = call.args;
          const change = {
            name: call.args["name"] === undefined ? undefined : newName(call),
            offerSeconds: call.args["offerSeconds"] === undefined ? undefined : Number(call.args["offerSeconds"]),
            active: typeof active === "boolean" ? active : undefined,
          };
          if (active === false) await refuseNeeded(sqlOf(call), keyOf(call, "key"));
          const team = keyOf(call, "key");
          const before = await readTeam(sqlOf(call), team);
          if (before === undefined || !(await updateTeam(sqlOf(call), team, change))) throw noTeam(call, "key");
          const after = await readTeam(sqlOf(call), team);
          return {
            messages: [{ text: "The team is changed." }],
            data: { team },
            ...(after === undefined ? {} : { undo: { team, before, after } }),
          };
        },
      ),
      undo: undoTeam(deps),
    },
    define("team.add", "Brings a colleague into a team.", { team: key, email: emailArgument }, ["team", "email"], async (call) => {
      // Some see what is their teams': nobody brings themself or others to what they don't see.
      if (!reachesTeam(reachOf(call.principal, "conversations.read"), keyOf(call, "team")))
        throw new Refusal("forbidden", `You don't see all of "${keyOf(call, "team")}"; somebody who does can bring people into it.`, {
          path: "args.team",
        });
      const agent = await colleague(deps, call);
      if (!(await insertMember(sqlOf(call), keyOf(call, "team"), agent.id))) throw noTeam(call, "team");
      return {
        messages: [{ text: `${agent.name} belongs to ${keyOf(call, "team")}.` }],
        data: { team: keyOf(call, "team"), agent: agent.id },
      };
    }),
    define(
      "team.remove",
      "Takes a colleague out of a team; what they answer stays with them.",
      { team: key, email: emailArgument },
      ["team", "email"],
      async (call) => {
        const agent = await colleague(deps, call);
        if (!(await deleteMember(sqlOf(call), keyOf(call, "team"), agent.id)))
          throw new Refusal("invalid_value", `${agent.name} does not belong to "${keyOf(call, "team")}".`, { path: "args.team" });
        return { messages: [{ text: `${agent.name} does not belong to ${keyOf(call, "team")} any more.` }] };
      },
    ),
  ];
}

const settings = z.object({ name: z.string(), offerSeconds: z.number(), active: z.boolean() });
const changedTeam = z.object({ team: z.string(), before: settings, after: settings });

/** The settings as they were, while nobody has changed them since. */
function undoTeam({ database, bus }: Pick<Platform, "database" | "bus">): Undo {
  const standing = async ({ principal, kept }: UndoCall) => {
    const { team, before, after } = changedTeam.parse(kept);
    const sql = database.forTenant(principal.tenant);
    const now = await readTeam(sql, team);
    if (now === undefined) throw newerStands("the team is gone");
    if (now.name !== after.name || now.offerSeconds !== after.offerSeconds || now.active !== after.active)
      throw newerStands(`the team ${now.name} was changed since`);
    return { sql, team, before, now };
  };
  return {
    hours: 24,
    plan: async (call) => {
      const { before, now } = await standing(call);
      return {
        changes: [
          { text: `The team ${now.name} is as it was: ${inWords(before)}.`, kind: "change", before: inWords(now), after: inWords(before) },
        ],
      };
    },
    run: async (call) => {
      const { sql, team, before } = await standing(call);
      if (!before.active) await refuseNeeded(sql, team);
      await updateTeam(sql, team, before);
      bus.publish(presenceSubject(call.principal.tenant), {});
      return { messages: [{ text: "The team is as it was." }], data: { team } };
    },
  };
}

function inWords({ name: called, offerSeconds: seconds, active }: TeamSettings): string {
  return `${called}, offers of ${seconds} s${active ? "" : ", not active"}`;
}

function line({ key: team, name: title, active, members }: TeamRow): string {
  const people = members.length === 0 ? "nobody yet" : members.map((member) => member.name).join(", ");
  return `${title} (${team})${active ? "" : ", not active"}: ${people}`;
}

function newKey(call: Call): string {
  const wanted = keyOf(call, "key");
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(wanted))
    throw new Refusal("invalid_value", `"key" must be small letters, digits and hyphens, like "second-line".`, { path: "args.key" });
  // These are what a transfer calls otherwise.
  if (wanted === "bot" || wanted === "queue")
    throw new Refusal("invalid_value", `"${wanted}" means something else in a transfer; choose another key.`, { path: "args.key" });
  return wanted;
}

function newName(call: Call): string {
  const wanted = String(call.args["name"]).trim();
  if (wanted !== "") return wanted;
  throw new Refusal("invalid_value", "A team needs a name that people can read.", { path: "args.name" });
}

/** Whoever waits in the queue of a closed team would wait for ever. */
async function refuseNeeded(sql: TenantSql, team: string): Promise<void> {
  const { waiting, inboxes, promises } = await teamNeeds(sql, team);
  const needs = [
    ...(waiting === 0 ? [] : [`${waiting} ${waiting === 1 ? "conversation waits" : "conversations wait"} for it`]),
    ...inboxes.map((inbox) => `the inbox ${inbox} brings people to it`),
    ...(promises === 0 ? [] : ["a service level escalates to it"]),
  ];
  if (needs.length === 0) return;
  throw new Refusal("conflict", `The team is not closed yet: ${needs.join(", ")}. Give them another team first.`, { path: "args.active" });
}

function keyOf(call: Call, argument: "key" | "team"): string {
  return String(call.args[argument]).trim().toLowerCase();
}

function noTeam(call: Call, argument: "key" | "team"): Refusal {
  return new Refusal("invalid_value", `There is no team "${keyOf(call, argument)}"; "team.list" shows them.`, { path: `args.${argument}` });
}
