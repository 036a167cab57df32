import { defineCommand, type StaffCommand } from "../commands/command.ts";
import { refOf } from "../conversations/conversationCommands.ts";
import { publishConversationEvent } from "../conversations/events.ts";
import type { Platform } from "../platform/platform.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import { changeContact, fieldPaths } from "./changeContact.ts";
import { lockConversationDetails, saveConversationFields } from "./contactStore.ts";
import { listFields } from "./fieldStore.ts";
import { applyFields, checkFields } from "./fields.ts";
import { refuseStale } from "./stale.ts";

const version: ArgSchema = {
  type: "integer",
  description:
    "The version that was changed; where it is another one by now, nothing is overwritten and the error tells what stands there.",
  minimum: 0,
};
const fields: ArgSchema = { type: "object", description: 'Values of your own fields, by key: {"plan": "gold"}; null takes one away.' };
const base = { risk: "write", audience: "staff", source: "built-in", permission: "conversations.answer" } as const;

/** What is known of a contact and of a conversation, changed by hand. */
export function detailCommands(deps: Pick<Platform, "database" | "bus">): StaffCommand[] {
  return [
    defineCommand({
      ...base,
      name: "contact.update",
      summary: "Changes what is known of a contact; what is not named stays.",
      args: {
        type: "object",
        properties: {
          contact: { type: "string", description: "The contact's id.", format: "uuid" },
          name: { type: "string", description: "What they are called.", maxLength: 200 },
          email: { type: "string", description: "Their e-mail address; empty takes it away.", maxLength: 254, clearable: true },
          phone: { type: "string", description: "Their telephone number; empty takes it away.", maxLength: 40, clearable: true },
          notes: { type: "string", description: "What colleagues should know of them.", maxLength: 10_000, clearable: true },
          fields,
          version,
        },
        required: ["contact"],
        additionalProperties: false,
      },
      run: async ({ principal, args }) => {
        const changed = await changeContact(deps, principal.tenant, args);
        return { messages: [{ text: "The contact is changed." }], data: changed };
      },
    }),
    defineCommand({
      ...base,
      name: "conversation.update",
      summary: "Changes the values of your own fields of a conversation; what is not named stays.",
      args: {
        type: "object",
        properties: { conversation: { type: "string", description: "The conversation's id.", format: "uuid" }, fields, version },
        required: ["conversation", "fields"],
        additionalProperties: false,
      },
      run: async (call) => {
        const { tenant, id } = refOf(call);
        const sql = deps.database.forTenant(tenant);
        const definitions = await listFields(sql);
        const given = call.args["fields"];
        const changed = await sql.transaction(async (tx) => {
          const current = await lockConversationDetails(tx, id);
          if (current === undefined) throw new Refusal("not_found", "There is no such conversation.");
          const changes = checkFields(definitions, "conversation", typeof given === "object" ? { ...given } : {});
          refuseStale(call.args["version"], { ...current, ...fieldPaths(current.fields) }, fieldPaths(changes));
          const next = applyFields(current.fields, changes);
          return { fields: next, version: await saveConversationFields(tx, id, next) };
        });
        publishConversationEvent(deps, tenant, { kind: "described", conversation: id });
        return { messages: [{ text: "The conversation is changed." }], data: changed };
      },
    }),
  ];
}
