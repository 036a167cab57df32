import type { AccountPrincipal } from "../access/principal.ts";
import { type CommandResult, defineCommand, type StaffCommand } from "../commands/command.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import * as rule from "./changeControl.ts";
import { type Controlling, type ControlRule, changeControl } from "./changeControl.ts";
import { controlHistory } from "./controlStore.ts";
import type { AgentRef, Control, ConversationRef } from "./conversation.ts";
import { addSystemNote } from "./notes.ts";

export interface ConversationCommandDependencies extends Controlling {
  /** The colleague with this mail address who may answer conversations, or none. */
  findAgent: (tenant: string, email: string) => Promise<AgentRef | undefined>;
}

export const conversation: ArgSchema = { type: "string", description: "The conversation's id.", format: "uuid" };

/** What an agent does with a conversation, besides writing in it. */
export function conversationCommands(deps: ConversationCommandDependencies): StaffCommand[] {
  const define = (name: string, summary: string, extra: Record<string, ArgSchema>, run: StaffCommand["run"], required: string[] = []) =>
    defineCommand<StaffCommand>({
      name,
      summary,
      risk: name === "conversation.why" ? "read" : "write",
      audience: "staff",
      source: "built-in",
      permission: name === "conversation.why" ? "conversations.read" : "conversations.answer",
      args: {
        type: "object",
        properties: { conversation, ...extra },
        required: ["conversation", ...required],
        additionalProperties: false,
      },
      run,
    });
  const change = async (call: Parameters<StaffCommand["run"]>[0], make: ControlRule): Promise<Control> =>
    await changeControl(deps, refOf(call), make);

  return [
    define("conversation.take", "Takes a conversation, so that you answer it.", {}, async (call) =>
      told(await change(call, rule.take(rule.agentRef(call.principal))), "You answer this conversation now."),
    ),
    define(
      "conversation.hand-back",
      "Hands a conversation back to the assistant.",
      { summary: { type: "string", description: "What was found out, as a note.", maxLength: 2000 } },
      async (call) => {
        const control = await change(call, rule.handBack(rule.agentRef(call.principal)));
        await noteFor(deps, call, "summary", `Handed back by ${call.principal.name}: `);
        return told(control, "The assistant answers again.");
      },
    ),
    define(
      "conversation.transfer",
      "Hands a conversation to a colleague, the queue or the assistant.",
      {
        to: { type: "string", description: 'A colleague\'s mail address, "queue" or "bot".', maxLength: 254 },
        note: { type: "string", description: "What they should know; the customer never sees it.", maxLength: 2000 },
      },
      async (call) => {
        const control = await change(call, await transferRule(deps, call.principal, String(call.args["to"])));
        await noteFor(deps, call, "note", `Transferred by ${call.principal.name}: `);
        return told(control, "The conversation was transferred.");
      },
      ["to"],
    ),
    define("conversation.close", "Closes a conversation.", {}, async (call) =>
      told(await change(call, rule.close(rule.agentRef(call.principal))), "The conversation is closed."),
    ),
    define("conversation.reopen", "Opens a closed conversation again; you answer it.", {}, async (call) =>
      told(await change(call, rule.reopen(rule.agentRef(call.principal))), "The conversation is open; you answer it."),
    ),
    define("conversation.why", "Tells who controlled a conversation, since when and why.", {}, async (call) => {
      const ref = refOf(call);
      const changes = await controlHistory(deps.database.forTenant(ref.tenant), ref.id);
      if (changes === undefined) throw new Refusal("not_found", "There is no such conversation.");
      const lines = changes.map(
        (entry) => `${entry.at} ${entry.from} → ${entry.to}: ${entry.reason}${entry.by === null ? "" : ` (${entry.by})`}`,
      );
      return {
        messages: [{ text: lines.length === 0 ? "The assistant has had it from the beginning." : lines.join("\n") }],
        data: { changes },
      };
    }),
  ];
}

async function transferRule(deps: ConversationCommandDependencies, principal: AccountPrincipal, to: string): Promise<ControlRule> {
  const me = rule.agentRef(principal);
  if (to === "bot") return rule.handBack(me);
  if (to === "queue") return rule.transfer(me, "queue");
  const colleague = await deps.findAgent(principal.tenant, to.trim().toLowerCase());
  if (colleague === undefined)
    throw new Refusal("invalid_value", `There is no active colleague "${to}"; give a mail address, "queue" or "bot".`, { path: "args.to" });
  return rule.transfer(me, colleague);
}

/** The note that goes with a change, kept under the run's id: repeated, it is there once. */
async function noteFor(deps: Controlling, call: Parameters<StaffCommand["run"]>[0], argument: string, before: string): Promise<void> {
  const text = call.args[argument];
  if (typeof text === "string") await addSystemNote(deps, refOf(call), `r:${call.run}`, `${before}${text}`);
}

/** Which conversation a command names. Refusal `not_found`. */
export function refOf(call: Parameters<StaffCommand["run"]>[0]): ConversationRef {
  const id = String(call.args["conversation"]);
  // An id that can't be one answers as one that isn't there; PostgreSQL would refuse to compare it.
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw new Refusal("not_found", "There is no such conversation.");
  return { tenant: call.principal.tenant, id: id.toLowerCase() };
}

function told(control: Control, text: string): CommandResult {
  return {
    messages: [{ text }],
    data: { controller: control.controller, generation: control.generation, agent: control.agent, open: control.open },
  };
}
