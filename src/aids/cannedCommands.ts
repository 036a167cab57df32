import { defineCommand, type StaffCommand } from "../commands/command.ts";
import { refOf } from "../conversations/conversationCommands.ts";
import { findHead } from "../conversations/conversationStore.ts";
import { receiveAgentMessage } from "../conversations/ledger/receiveMessage.ts";
import type { Recording } from "../conversations/ledger/record.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import { fillSlots, slotValues, versionFor } from "../protocol/slots.ts";
import { type AidDefinition, type Aiding, aidCommands, findMine } from "./aidCommands.ts";
import { checkLanguage, checkText, checkTexts } from "./bodies.ts";

export const canned: Pick<AidDefinition<"canned">, "kind" | "group" | "noun" | "plural"> = {
  kind: "canned",
  group: "canned",
  noun: "canned answer",
  plural: "canned answers",
};

/** Texts that agents send again and again, in each language that customers write. */
export function cannedCommands(deps: Aiding & Recording & Pick<Platform, "database">): StaffCommand[] {
  return [
    ...aidCommands<"canned">(deps, {
      ...canned,
      args: {
        text: { type: "string", description: "The text, with {{contact.name}} and the like where a value belongs.", maxLength: 4000 },
        language: { type: "string", description: "The language of the text, like en or pt-BR; en where it is left out.", maxLength: 35 },
        texts: { type: "object", description: "All versions at once, by language." },
      },
      required: [],
      bodyOf: async ({ args }, before) => {
        if (isTexts(args["texts"])) return { texts: checkTexts(args["texts"]) };
        if (args["text"] === undefined) {
          if (before !== undefined) return { texts: before.texts };
          throw new Refusal("invalid_value", '"text" is missing: what the answer says.', { path: "args.text" });
        }
        const language = checkLanguage(String(args["language"] ?? Object.keys(before?.texts ?? {})[0] ?? "en"));
        return { texts: { ...before?.texts, [language]: checkText(args["text"], "text") } };
      },
    }),
    defineCommand({
      name: "canned.send",
      summary: "Sends a canned answer to the customer of a conversation that you answer.",
      risk: "write",
      audience: "staff",
      source: "built-in",
      permission: "conversations.answer",
      args: {
        type: "object",
        properties: {
          conversation: { type: "string", description: "The conversation's id.", format: "uuid" },
          canned: { type: "string", description: "The canned answer: its name or its id.", maxLength: 200 },
        },
        required: ["conversation", "canned"],
        additionalProperties: false,
      },
      run: async (call) => {
        const { tenant, id } = refOf(call);
        const answer = await findMine(deps, call.principal, canned, String(call.args["canned"]));
        const head = await findHead(deps.database.forTenant(tenant), id);
        if (head === undefined) throw new Refusal("not_found", "There is no such conversation.");
        const { text, missing } = fillSlots(
          versionFor(answer.texts, [head.language, head.contact.locale]),
          slotValues(head, call.principal),
        );
        if (missing.length > 0) {
          throw new Refusal("invalid_value", `“${answer.name}” was not sent: ${missing.join(" and ")} of this conversation is not known.`, {
            path: "args.canned",
          });
        }
        const { seq } = await receiveAgentMessage(deps, call.principal, id, { clientId: `run-${call.run}`, text });
        return { messages: [{ text: `Sent “${answer.name}”.` }], data: { seq, text } };
      },
    }),
  ];
}

function isTexts(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
