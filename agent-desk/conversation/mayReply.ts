import type { ConversationHead } from "../../src/protocol/desk.ts";

/** Whether I may write to the customer, and if not why, and what would help. */
export type ReplyRight = { may: true } | { may: false; reason: string; remedy: "take" | "reopen"; label: string };

export function mayReply(head: ConversationHead, me: string): ReplyRight {
  if (!head.open) return { may: false, reason: "This conversation is closed.", remedy: "reopen", label: "Reopen" };
  if (head.controller === "agent" && head.agent?.id === me) return { may: true };
  if (head.controller === "agent") {
    return { may: false, reason: `${head.agent?.name ?? "A colleague"} answers this conversation.`, remedy: "take", label: "Take over" };
  }
  if (head.controller === "queue") {
    return { may: false, reason: `${head.contact.name} waits for a person.`, remedy: "take", label: "Take" };
  }
  return { may: false, reason: "The assistant answers. Take the conversation to reply yourself.", remedy: "take", label: "Take" };
}
