import { permissionsOf } from "../access/roles/roles.ts";
import type { StaffCommand } from "../commands/command.ts";
import { settingsCommand } from "../commands/settingsCommand.ts";
import type { Platform } from "../platform/platform.ts";
import { colleague, emailArgument, type FindAgent } from "./colleague.ts";
import { presenceSubject } from "./presence.ts";
import { readChannels, readWords } from "./profileWords.ts";
import { listProfiles, type Profile, saveProfile } from "./teamStore.ts";

interface AgentCommandDependencies extends Pick<Platform, "database" | "bus">, FindAgent {}

type Call = Parameters<StaffCommand["run"]>[0];

/** What each agent can take. */
export function agentCommands(deps: AgentCommandDependencies): StaffCommand[] {
  const { database, bus } = deps;
  return [
    {
      ...settingsCommand("agent.list", "Lists the agents, their teams, and what each can take.", {}, [], async ({ principal }) => {
        const everybody = await listProfiles(database.forTenant(principal.tenant));
        const agents = everybody.flatMap(({ roles, own, ...agent }) =>
          permissionsOf(roles, own).has("conversations.answer") ? [agent] : [],
        );
        const lines = agents.map(
          (agent) => `${agent.name} (${agent.email}): ${sentence(agent)}; teams ${agent.teams.join(", ") || "none"}`,
        );
        return { messages: [{ text: lines.join("\n") }], data: { agents } };
      }),
      risk: "read",
      permission: "conversations.read",
    },
    settingsCommand(
      "agent.profile",
      "Shows or changes what a colleague can take: how many at once, in which languages, with which skills.",
      {
        email: emailArgument,
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
        const { tenant } = call.principal;
        const agent = await colleague(deps, call);
        const profile = await saveProfile(database.forTenant(tenant), agent.id, profileOf(call));
        // Who routes looks again, and who watches colleagues sees what they can take.
        bus.publish(presenceSubject(tenant), {});
        return { messages: [{ text: `${agent.name}: ${sentence(profile)}.` }], data: { agent: agent.id, ...profile } };
      },
      "teams.manage",
    ),
  ];
}

function profileOf({ args }: Call): Partial<Profile> {
  const { capacity, languages, skills, channels } = args;
  return {
    ...(typeof capacity === "number" ? { capacity } : {}),
    ...(languages === undefined ? {} : { languages: readWords("languages", String(languages)) }),
    ...(skills === undefined ? {} : { skills: readWords("skills", String(skills)) }),
    ...(channels === undefined ? {} : { channels: readChannels(String(channels)) }),
  };
}

function sentence({ capacity, channels, languages, skills }: Profile): string {
  const limits = Object.entries(channels).map(([channel, most]) => `${most} in ${channel}`);
  return [
    `${capacity} at once${limits.length === 0 ? "" : ` (${limits.join(", ")})`}`,
    languages.length === 0 ? "any language" : `languages ${languages.join(", ")}`,
    skills.length === 0 ? "no skills" : `skills ${skills.join(", ")}`,
  ].join("; ");
}
