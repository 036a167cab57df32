import type { ConversationHead } from "../../src/protocol/desk.ts";

import { takesPart } from "./actionsOn.ts";

/** Whether I may write to the customer, and if not why, and what would help. */
export type ReplyRight = { may: true } | { may: false; reason: string; remedy: Remedy | null };
export type Remedy = "take" | "take-over" | "reopen";

/** `supervises`: whether I may take a conversation from a colleague. */
export function mayReply(head: ConversationHead, me: string, supervises = false): ReplyRight {
  if (!head.open) return { may: false, reason: "This conversation is closed.", remedy: "reopen" };
  if (head.controller === "agent" && (head.agent?.id === me || takesPart(head, me))) return { may: true };
  if (head.controller === "agent") {
    const who = head.agent?.name ?? "A colleague";
    const way = supervises ? "Take it over" : "Ask them for a transfer";
    return { may: false, reason: `${who} answers this conversation. ${way}, or leave a note.`, remedy: supervises ? "take-over" : null };
  }
  if (head.controller === "queue") {
    return { may: false, reason: `${head.contact.name} waits for a person.`, remedy: "take" };
  }
  return { may: false, reason: "The assistant answers. Take the conversation to reply yourself.", remedy: "take" };
}
