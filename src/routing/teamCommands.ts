import { type CommandResult, defineCommand, type StaffCommand } from "../commands/command.ts";
import type { Platform } from "../platform/platform.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import { presenceSubject } from "./presence.ts";
import { readChannels, readWords } from "./profileWords.ts";
import { deleteMember, insertMember, insertTeam, listTeams, type Profile, saveProfile, type TeamRow, updateTeam } from "./teamStore.ts";

export interface TeamCommandDependencies extends Pick<Platform, "database" | "bus"> {
  /** The colleague with this mail address who may answer conversations, or none. */
  findAgent: (tenant: string, email: string) => Promise<{ id: string; name: string; email: string } | undefined>;
}

type Call = Parameters<StaffCommand["run"]>[0];

const key: ArgSchema = { type: "string", description: "The team's short name: small letters, digits and hyphens.", maxLength: 60 };
const name: ArgSchema = { type: "string", description: "What people read.", maxLength: 100 };
const offerSeconds: ArgSchema = {
  type: "integer",
  description: "How long an agent has to take an offer, in seconds.",
  minimum: 5,
  maximum: 600,
};
const email: ArgSchema = { type: "string", description: "The colleague's mail address.", maxLength: 254 };

/** Teams, who belongs to them, and what each agent can take. */
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
      const team = { key: newKey(call), name: String(call.args["name"]).trim(), offerSeconds: Number(call.args["offerSeconds"] ?? 30) };
      if (!(await insertTeam(sqlOf(call), team)))
        throw new Refusal("invalid_value", `There is a team "${team.key}" already; choose another key.`, { path: "args.key" });
      return { messages: [{ text: `The team ${team.name} is there. "team.add" brings people into it.` }], data: { team: team.key } };
    }),
    define(
      "team.update",
      "Changes a team's name, how long its offers stand, or whether it is active.",
      { key, name, offerSeconds, active: { type: "boolean", description: "An inactive team is offered nothing new." } },
      ["key"],
      async (call) => {
        const { active } = call.args;
        const change = {
          name: text(call, "name")?.trim(),
          offerSeconds: call.args["offerSeconds"] === undefined ? undefined : Number(call.args["offerSeconds"]),
          active: typeof active === "boolean" ? active : undefined,
        };
        if (!(await updateTeam(sqlOf(call), keyOf(call, "key"), change))) throw noTeam(call, "key");
        return { messages: [{ text: "The team is changed." }], data: { team: keyOf(call, "key") } };
      },
    ),
    define("team.add", "Brings a colleague into a team.", { team: key, email }, ["team", "email"], async (call) => {
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
      { team: key, email },
      ["team", "email"],
      async (call) => {
        const agent = await colleague(deps, call);
        if (!(await deleteMember(sqlOf(call), keyOf(call, "team"), agent.id)))
          throw new Refusal("invalid_value", `${agent.name} does not belong to "${keyOf(call, "team")}".`, { path: "args.team" });
        return { messages: [{ text: `${agent.name} does not belong to ${keyOf(call, "team")} any more.` }] };
      },
    ),
    define(
      "agent.profile",
      "Shows or changes what a colleague can take: how many at once, in which languages, with which skills.",
      {
        email,
        capacity: { type: "integer", description: "Conversations at once, in all channels.", minimum: 0, maximum: 1000 },
        languages: { type: "string", description: 'Like "de, en"; "any" for every language.', maxLength: 200 },
        skills: { type: "string", description: 'Like "billing, returns"; "none" for no skill.', maxLength: 1000 },
        channels: {
          type: "string",
          description: 'At once per channel, like "website:3, mail:10"; "any" for no limits of their own.',
          maxLength: 500,
        },
      },
      ["email"],
      async (call) => {
        const agent = await colleague(deps, call);
        const profile = await saveProfile(sqlOf(call), agent.id, profileOf(call));
        return { messages: [{ text: `${agent.name}: ${profileLine(profile)}.` }], data: { agent: agent.id, ...profile } };
      },
    ),
  ];
}

function line({ key: team, name: title, active, members }: TeamRow): string {
  const people = members.length === 0 ? "nobody yet" : members.map((member) => member.name).join(", ");
  return `${title} (${team})${active ? "" : ", not active"}: ${people}`;
}

function profileLine({ capacity, channels, languages, skills }: Profile): string {
  const limits = Object.entries(channels).map(([channel, most]) => `${most} in ${channel}`);
  return [
    `${capacity} at once${limits.length === 0 ? "" : ` (${limits.join(", ")})`}`,
    languages.length === 0 ? "any language" : `languages ${languages.join(", ")}`,
    skills.length === 0 ? "no skills" : `skills ${skills.join(", ")}`,
  ].join("; ");
}

function profileOf(call: Call): Partial<Profile> {
  const { capacity } = call.args;
  const [languages, skills, channels] = [text(call, "languages"), text(call, "skills"), text(call, "channels")];
  return {
    ...(typeof capacity === "number" ? { capacity } : {}),
    ...(languages === undefined ? {} : { languages: readWords("languages", languages) }),
    ...(skills === undefined ? {} : { skills: readWords("skills", skills) }),
    ...(channels === undefined ? {} : { channels: readChannels(channels) }),
  };
}

async function colleague(deps: TeamCommandDependencies, call: Call): Promise<{ id: string; name: string }> {
  const wanted = String(call.args["email"]).trim().toLowerCase();
  const found = await deps.findAgent(call.principal.tenant, wanted);
  if (found === undefined)
    throw new Refusal("invalid_value", `There is no active colleague "${wanted}" who answers conversations.`, { path: "args.email" });
  return found;
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

function keyOf(call: Call, argument: "key" | "team"): string {
  return String(call.args[argument]).trim().toLowerCase();
}

function text(call: Call, argument: string): string | undefined {
  const value = call.args[argument];
  return value === undefined ? undefined : String(value);
}

function noTeam(call: Call, argument: "key" | "team"): Refusal {
  return new Refusal("invalid_value", `There is no team "${keyOf(call, argument)}"; "team.list" shows them.`, { path: `args.${argument}` });
}
