import { validate as isId } from "uuid";
import { defineCommand, type StaffCommand } from "../commands/command.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import { announceNotices } from "./deliverNotices.ts";
import { listMentions, markMentionsRead } from "./mentionStore.ts";

/** `mention.*`: the notes in which colleagues name whoever runs them. */
export function mentionCommands({ database, bus }: Pick<Platform, "database" | "bus">): StaffCommand[] {
  const base = { audience: "staff", source: "built-in", permission: "conversations.read" } as const;
  return [
    defineCommand<StaffCommand>({
      ...base,
      name: "mention.list",
      summary: "Lists the notes in which you are mentioned, those that you have not read first.",
      risk: "read",
      args: { type: "object", properties: {}, additionalProperties: false },
      run: async ({ principal }) => {
        const mentions = await listMentions(database.forTenant(principal.tenant), principal);
        const lines = mentions.map(({ read, at, author, contact, text }) => `${read ? " " : "•"} ${at} ${author} on ${contact}: ${text}`);
        return { messages: [{ text: lines.length === 0 ? "Nobody has mentioned you." : lines.join("\n") }], data: { mentions } };
      },
    }),
    defineCommand<StaffCommand>({
      ...base,
      name: "mention.read",
      summary: "Marks what mentions you in a conversation as read, or all of it.",
      risk: "write",
      args: {
        type: "object",
        properties: { conversation: { type: "string", description: "The conversation's id; all where it is left out.", format: "uuid" } },
        additionalProperties: false,
      },
      run: async ({ principal, args }) => {
        const conversation = args["conversation"] === undefined ? null : String(args["conversation"]);
        if (conversation !== null && !isId(conversation))
          throw new Refusal("not_found", "There is no such conversation.", { path: "args.conversation" });
        const count = await markMentionsRead(database.forTenant(principal.tenant), principal.account, conversation);
        if (count > 0) announceNotices({ bus }, principal);
        return { messages: [{ text: count === 1 ? "One mention is read now." : `${count} mentions are read now.` }], data: { count } };
      },
    }),
  ];
}
