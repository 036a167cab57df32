import type { ConversationRef } from "../../conversations/conversation.ts";
import { findMessage } from "../../conversations/conversationStore.ts";
import type { Platform } from "../../platform/platform.ts";
import type { VisitorHello } from "../../protocol/visitor.ts";

/**
 * Whether what the page has isn't what the ledger has: it was restored from a backup that is older than the page (faults.md, row 27).
 * Where others have written again since, only the instant of the page's last message tells. Index: the primary key of message.
 */
export async function knowsAnother(
  { database }: Pick<Platform, "database">,
  { tenant, id }: ConversationRef,
  newest: number,
  { after = 0, afterAt }: Pick<VisitorHello, "after" | "afterAt">,
): Promise<boolean> {
  if (after > newest) return true;
  if (after === 0 || afterAt === undefined) return false;
  return (await findMessage(database.forTenant(tenant), id, after))?.at !== afterAt;
}
