import { validate as isId } from "uuid";
import { defineCommand, type StaffCommand } from "../../commands/command.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { answeringCommand } from "../answeringCommand.ts";
import type { AgentRef } from "../conversation.ts";
import { refOf } from "../conversationCommands.ts";
import { publishConversationEvent } from "../events.ts";
import { saveUnread } from "./asideStore.ts";
import { blockContact, markSpam, unmarkSpam } from "./mute.ts";
import { type Snoozing, snooze, wake } from "./snooze.ts";
import { invite, stepOut } from "./takePart.ts";

const until: ArgSchema = {
  type: "string",
  description: 'When it comes back: "tomorrow 9:00", "in 2 hours", or 2026-12-01T09:00:00Z.',
  maxLength: 100,
};

const email: ArgSchema = { type: "string", description: "The colleague's mail address.", maxLength: 254 };
const contact: ArgSchema = { type: "string", description: "The contact's id.", format: "uuid" };

export interface AsideDependencies extends Snoozing {
  /** The colleague with this mail address who may answer conversations, or none. */
  findAgent: (tenant: string, email: string) => Promise<AgentRef | undefined>;
}

/** What takes a conversation out of the lists, or brings it back. */
export function asideCommands(deps: AsideDependencies): StaffCommand[] {
  return [
    answeringCommand(
      "conversation.snooze",
      "Takes a conversation out of your list until a time, or until the customer writes.",
      { until },
      async (call) => {
        const at = await snooze(deps, call.principal, refOf(call), String(call.args["until"]), call.run);
        return { messages: [{ text: "The conversation is snoozed; it comes back by itself." }], data: { until: at.toISOString() } };
      },
    ),
    answeringCommand("conversation.wake", "Brings a snoozed conversation back at once.", {}, async (call) => {
      await wake(deps, refOf(call));
      return { messages: [{ text: "The conversation is back." }] };
    }),
    answeringCommand("conversation.unread", "Marks a conversation as unread again.", {}, async (call) => {
      const ref = refOf(call);
      if (!(await saveUnread(deps.database.forTenant(ref.tenant), ref.id)))
        throw new Refusal("not_found", "There is no such conversation, or its customer has written nothing.");
      publishConversationEvent(deps, ref.tenant, { kind: "setAside", conversation: ref.id });
      return { messages: [{ text: "The conversation is unread." }] };
    }),
    answeringCommand(
      "conversation.invite",
      "Lets a colleague take part: they may answer too, and you keep it.",
      { email },
      async (call) => {
        const written = String(call.args["email"]);
        const colleague = await deps.findAgent(call.principal.tenant, written.trim().toLowerCase());
        if (colleague === undefined)
          throw new Refusal("invalid_value", `There is no active colleague "${written}" who may answer; give a mail address.`, {
            path: "args.email",
          });
        await invite(deps, call.principal, refOf(call), colleague, call.run);
        return { messages: [{ text: `${colleague.name} takes part now.` }] };
      },
    ),
    answeringCommand("conversation.step-out", "Ends your part in a conversation to which you were invited.", {}, async (call) => {
      await stepOut(deps, call.principal, refOf(call), call.run);
      return { messages: [{ text: "You take no part any more." }] };
    }),
    answeringCommand(
      "conversation.spam",
      "Closes a conversation as spam; what its visitor writes calls nobody any more.",
      {},
      async (call) => {
        await markSpam(deps, call.principal, refOf(call), call.run);
        return { messages: [{ text: "It is closed as spam." }] };
      },
    ),
    answeringCommand("conversation.not-spam", "Takes the mark as spam away.", {}, async (call) => {
      await unmarkSpam(deps, call.principal, refOf(call), call.run);
      return { messages: [{ text: "It is no spam any more. It stays closed until it is reopened or its visitor writes." }] };
    }),
    ...(["block", "unblock"] as const).map((verb) =>
      defineCommand<StaffCommand>({
        name: `contact.${verb}`,
        summary:
          verb === "block"
            ? "Closes all conversations of a contact, and lets them call nobody any more."
            : "Lets a blocked contact write again.",
        risk: "write",
        audience: "staff",
        source: "built-in",
        permission: "conversations.answer",
        args: { type: "object", properties: { contact }, required: ["contact"], additionalProperties: false },
        run: async (call) => {
          const id = String(call.args["contact"]);
          if (!isId(id)) throw new Refusal("not_found", "There is no such contact.");
          const conversations = await blockContact(deps, call.principal, id, verb === "block", call.run);
          return {
            messages: [{ text: verb === "block" ? "The contact is blocked." : "The contact may write again." }],
            data: { conversations },
          };
        },
      }),
    ),
  ];
}
