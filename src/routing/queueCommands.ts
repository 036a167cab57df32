import { reachableAmong, readingReach } from "../access/roles/reachStore.ts";
import { type CommandResult, defineCommand, type StaffCommand } from "../commands/command.ts";
import { conversationArgument, conversationOf } from "../commands/conversationArgument.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import type { Priority } from "../protocol/desk.ts";
import { Refusal } from "../protocol/refusal.ts";
import { decline, type Offering } from "./offers.ts";
import { readWords } from "./profileWords.ts";
import { viewQueue } from "./queue.ts";
import { listWaiting, type Needs, saveNeeds, savePriority } from "./queueStore.ts";
import { listTeams } from "./teamStore.ts";

type Call = Parameters<StaffCommand["run"]>[0];

const priorities: Record<string, Priority> = { urgent: 1, high: 2, normal: 3, low: 4 };
/** Of each queue. */
const mostListed = 100;

/** What is done to a queue and to those who wait in it. */
export function queueCommands(deps: Offering): StaffCommand[] {
  const define = (
    name: string,
    summary: string,
    args: Record<string, ArgSchema>,
    required: string[],
    run: (call: Call) => Promise<CommandResult>,
  ) =>
    defineCommand<StaffCommand>({
      name,
      summary,
      risk: name === "queue.list" ? "read" : "write",
      audience: "staff",
      source: "built-in",
      permission: name === "queue.list" ? "conversations.read" : "conversations.answer",
      args: { type: "object", properties: args, required, additionalProperties: false },
      run,
    });
  const reordered = (call: Call, conversation: string, found: boolean) => {
    if (!found) throw new Refusal("not_found", "There is no such conversation.");
    const { tenant } = call.principal;
    deps.routed(tenant, [conversation]);
    deps.bus.publish(`tenant.${tenant}.queue`, {});
  };

  return [
    define(
      "conversation.priority",
      "Sets how urgent a conversation is: the queue goes by it first.",
      { conversation: conversationArgument, priority: { type: "string", description: "How urgent it is.", enum: Object.keys(priorities) } },
      ["conversation", "priority"],
      async (call) => {
        const conversation = conversationOf(call.args);
        const priority = priorities[String(call.args["priority"])] ?? 3;
        reordered(call, conversation, await savePriority(deps.database.forTenant(call.principal.tenant), conversation, priority));
        return { messages: [{ text: `The conversation is ${String(call.args["priority"])} now.` }], data: { priority } };
      },
    ),
    define(
      "conversation.needs",
      "Sets which language and skills an agent must have to be offered a conversation.",
      {
        conversation: conversationArgument,
        language: { type: "string", description: 'Like "de"; "any" for every language.', maxLength: 10 },
        skills: { type: "string", description: 'Like "billing, returns"; "none" for no skill.', maxLength: 1000 },
      },
      ["conversation"],
      async (call) => {
        const conversation = conversationOf(call.args);
        const needs = needsOf(call);
        reordered(call, conversation, await saveNeeds(deps.database.forTenant(call.principal.tenant), conversation, needs));
        return { messages: [{ text: "What the conversation needs is changed." }], data: needs };
      },
    ),
    define(
      "conversation.decline",
      "Doesn't take a conversation that is offered to you; it goes to the next, or back to who sent it.",
      {
        conversation: conversationArgument,
        reason: { type: "string", description: "What the sender of a transfer should know.", maxLength: 500 },
      },
      ["conversation"],
      async (call) => {
        const { reason } = call.args;
        const ended = await decline(deps, call.principal.tenant, call.principal.account, {
          conversation: conversationOf(call.args),
          reason: reason === undefined ? undefined : String(reason),
        });
        const where = ended.kind === "transfer" ? "It stays with who sent it." : "It is offered to the next; its place is kept.";
        return { messages: [{ text: where }] };
      },
    ),
    define(
      "queue.list",
      "Lists who waits, for each team in the order in which they are taken.",
      { team: { type: "string", description: "One team's key; without it all.", maxLength: 60 } },
      [],
      async (call) => await listQueues(deps, call),
    ),
  ];
}

function needsOf({ args }: Call): Needs {
  const { language, skills } = args;
  const languages = language === undefined ? undefined : readWords("languages", String(language));
  if (languages !== undefined && languages.length > 1)
    throw new Refusal("invalid_value", '"language" takes one language, like "de", or "any".', { path: "args.language" });
  return {
    ...(languages === undefined ? {} : { language: languages[0] ?? null }),
    ...(skills === undefined ? {} : { skills: readWords("skills", String(skills)) }),
  };
}

async function listQueues({ database }: Offering, call: Call): Promise<CommandResult> {
  const { tenant } = call.principal;
  const sql = database.forTenant(tenant);
  const reach = readingReach(call.principal);
  const wanted = call.args["team"] === undefined ? undefined : String(call.args["team"]).trim().toLowerCase();
  const teams = (await listTeams(sql)).filter(({ key, active }) => (wanted === undefined ? active : key === wanted));
  if (teams.length === 0 && wanted !== undefined)
    throw new Refusal("invalid_value", `There is no team "${wanted}"; "team.list" shows them.`, { path: "args.team" });
  const queues = await Promise.all(
    teams.map(async ({ key, name }) => {
      const [waiting, view] = await Promise.all([listWaiting(sql, key, mostListed), viewQueue({ database }, tenant, key)]);
      const seen = await reachableAmong(
        sql,
        reach,
        waiting.map(({ conversation }) => conversation),
      );
      const entries = waiting.map((entry, index) => ({
        position: index + 1,
        ...entry,
        waitSeconds: view.waitSeconds(index + 1) ?? null,
      }));
      const shown = entries.filter(({ conversation }) => seen.has(conversation));
      // How many wait is told of a whole queue only to whoever sees all of it.
      return { team: key, name, length: reach === "all" ? view.conversations.length : shown.length, waiting: shown };
    }),
  );
  const lines = queues.flatMap(({ name, length, waiting }) => [
    `${name}: ${length === 0 ? "nobody waits" : `${length} ${length === 1 ? "waits" : "wait"}`}`,
    ...waiting.map(({ position, contact, queuedAt, offeredTo }) => {
      const offered = offeredTo === null ? "" : `, offered to ${offeredTo}`;
      return `${position}. ${contact}, since ${queuedAt}${offered}`;
    }),
  ]);
  return { messages: [{ text: lines.length === 0 ? "There is no team yet." : lines.join("\n") }], data: { queues } };
}
