import { defineCommand, type StaffCommand } from "../commands/command.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import { saveUnread } from "./asideStore.ts";
import { conversation, refOf } from "./conversationCommands.ts";
import { publishConversationEvent } from "./events.ts";
import { type Snoozing, snooze, wake } from "./snooze.ts";

const until: ArgSchema = {
  type: "string",
  description: 'When it comes back: "tomorrow 9:00", "in 2 hours", or 2026-12-01T09:00:00Z.',
  maxLength: 100,
};

/** What takes a conversation out of the lists, or brings it back. */
export function asideCommands(deps: Snoozing): StaffCommand[] {
  const define = (name: string, summary: string, extra: Record<string, ArgSchema>, run: StaffCommand["run"]) =>
    defineCommand<StaffCommand>({
      name,
      summary,
      risk: "write",
      audience: "staff",
      source: "built-in",
      permission: "conversations.answer",
      args: {
        type: "object",
        properties: { conversation, ...extra },
        required: ["conversation", ...Object.keys(extra)],
        additionalProperties: false,
      },
      run,
    });
  return [
    define(
      "conversation.snooze",
      "Takes a conversation out of your list until a time, or until the customer writes.",
      { until },
      async (call) => {
        const at = await snooze(deps, call.principal, refOf(call), String(call.args["until"]), call.run);
        return { messages: [{ text: "The conversation is snoozed; it comes back by itself." }], data: { until: at.toISOString() } };
      },
    ),
    define("conversation.wake", "Brings a snoozed conversation back at once.", {}, async (call) => {
      await wake(deps, refOf(call));
      return { messages: [{ text: "The conversation is back." }] };
    }),
    define("conversation.unread", "Marks a conversation as unread again.", {}, async (call) => {
      const ref = refOf(call);
      if (!(await saveUnread(deps.database.forTenant(ref.tenant), ref.id)))
        throw new Refusal("not_found", "There is no such conversation, or its customer has written nothing.");
      publishConversationEvent(deps, ref.tenant, { kind: "setAside", conversation: ref.id });
      return { messages: [{ text: "The conversation is unread." }] };
    }),
  ];
}
