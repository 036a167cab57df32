import { defineCommand, type StaffCommand } from "../commands/command.ts";
import type { Database } from "../platform/database/database.ts";
import { search } from "./search.ts";

/** `search`, for whoever has no desk at hand. */
export function searchCommands(outside: { database: Pick<Database, "forTenant"> }): StaffCommand[] {
  return [
    defineCommand({
      name: "search",
      summary: 'Looks through messages, notes, people and conversations; "in quotes" stands together.',
      risk: "read",
      audience: "staff",
      source: "built-in",
      permission: "conversations.read",
      args: {
        type: "object",
        properties: {
          text: { type: "string", description: "What to look for; of the last word the beginning is enough.", maxLength: 200 },
        },
        required: ["text"],
        additionalProperties: false,
      },
      run: async ({ principal, args }) => {
        const found = await search(outside, principal, { text: String(args["text"]), limit: 10 });
        const lines = [
          ...found.contacts.map(({ name, email }) => `${name}${email === null ? "" : ` <${email}>`}`),
          ...found.messages.map(
            ({ contact, author, note, excerpt, at }) => `${at} ${contact.name}: ${author.name}${note === null ? "" : ", note"}: ${excerpt}`,
          ),
        ];
        return { messages: [{ text: lines.length === 0 ? "Nothing was found." : lines.join("\n") }], data: found };
      },
    }),
  ];
}
