import type { Command, HandedBack } from "../../commands/command.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Control, ConversationRef } from "../conversation.ts";
import { findSummary } from "../notes/noteStore.ts";

/** What a command is told of the people who had the conversation before. */
export type HandedBackTo = (
  conversation: ConversationRef,
  control: Pick<Control, "generation">,
  command: Pick<Command, "source">,
) => Promise<{ handedBack?: HandedBack }>;

/**
 * The last summary with which somebody handed a conversation back, for automations. Looked up only where control has changed at all, so that
 * whoever speaks with the assistant alone pays nothing.
 */
export function findHandedBack({ database }: Pick<Platform, "database">): HandedBackTo {
  return async ({ tenant, id }, { generation }, { source }) => {
    if (generation <= 1 || source !== "automation") return {};
    const note = await findSummary(database.forTenant(tenant), id);
    const block = note?.blocks?.find((one) => one.type === "summary");
    return note === undefined || block === undefined ? {} : { handedBack: { by: block.by, summary: block.text, at: note.at } };
  };
}
