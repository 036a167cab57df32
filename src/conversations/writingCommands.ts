import { type ArgValue, defineCommand, type StaffCommand } from "../commands/command.ts";
import type { Platform } from "../platform/platform.ts";
import type { ArgSchema, ArgsSchema } from "../protocol/commands.ts";
import { refOf } from "./conversationCommands.ts";
import { receiveAgentMessage } from "./ledger/receiveMessage.ts";
import type { Recording } from "./ledger/record.ts";
import { addNote } from "./notes/notes.ts";

const conversation: ArgSchema = { type: "string", description: "The conversation's id.", format: "uuid" };

/** What an agent writes in a conversation, as commands: for macros, scripts and whoever is not at the desk. Repeated by the same run, it is there once. */
export function writingCommands(deps: Recording & Pick<Platform, "database">): StaffCommand[] {
  return [
    defineCommand({
      ...base,
      name: "conversation.reply",
      summary: "Writes to the customer of a conversation that you answer.",
      args: writing("What the customer reads."),
      run: async (call) => {
        const { seq } = await receiveAgentMessage(deps, call.principal, refOf(call).id, written(call));
        return { messages: [{ text: "Sent." }], data: { seq } };
      },
    }),
    defineCommand({
      ...base,
      name: "conversation.note",
      summary: "Adds an internal note, which no customer sees.",
      args: writing("What colleagues read.", { mentions }),
      run: async (call) => {
        const note = { ...written(call), mentions: namesIn(call.args["mentions"]), mentionPath };
        const { id } = await addNote(deps, call.principal, refOf(call).id, note);
        return { messages: [{ text: "The note is added." }], data: { note: id } };
      },
    }),
  ];
}

const base = { risk: "write", audience: "staff", source: "built-in", permission: "conversations.answer", audited: "never" } as const;

const mentions: ArgSchema = {
  type: "array",
  description: 'Who is told of it, by mail address or team: ["ana@example.com","team:support"].',
};

const mentionPath = (index: number) => `args.mentions.${index}`;

/** What is no text names nobody, and is told as such. */
function namesIn(given: ArgValue | undefined): string[] {
  return Array.isArray(given) ? given.map((each) => (typeof each === "string" ? each : JSON.stringify(each))) : [];
}

function writing(description: string, extra: Record<string, ArgSchema> = {}): ArgsSchema {
  return {
    type: "object",
    properties: { conversation, text: { type: "string", description, maxLength: 4000 }, ...extra },
    required: ["conversation", "text"],
    additionalProperties: false,
  };
}

function written(call: Parameters<StaffCommand["run"]>[0]): { clientId: string; text: string } {
  return { clientId: `run-${call.run}`, text: String(call.args["text"]) };
}
