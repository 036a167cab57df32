import type { Bus } from "../platform/bus/bus.ts";
import type { Author, Message } from "../protocol/conversation.ts";
import type { NoteItem } from "../protocol/desk.ts";
import type { Control, ConversationRef } from "./conversation.ts";

/** A message with what only the server knows: which account wrote it. */
export interface StoredMessage extends Message {
  authorId?: string;
}

/** What happened to a conversation, told to every process that has a viewer of it. */
export type ConversationEvent =
  | { kind: "committed"; conversation: string; messages: StoredMessage[]; control: Control; unread: number; at: string }
  | { kind: "noted"; conversation: string; note: NoteItem }
  | { kind: "typing"; conversation: string; author: Author; authorId: string; on: boolean }
  | { kind: "read"; conversation: string; author: Author; authorId: string; seq: number }
  /** Up to which message a page of the visitor, and a desk, was shown. */
  | { kind: "shown"; conversation: string; visitorSeq: number; agentSeq: number }
  | { kind: "visitorConnected"; conversation: string; connected: boolean }
  | { kind: "contactChanged"; conversation: string }
  | { kind: "rated"; conversation: string }
  /** Snoozed or woken, muted, with another participant or unread again: whoever shows that reads it. */
  | { kind: "setAside"; conversation: string }
  /** To whom it is offered, its priority or what it needs is another: whoever shows that reads it again. */
  | { kind: "routed"; conversation: string }
  /** Its tags, its fields or its person changed: whoever shows them reads them again. */
  | { kind: "described"; conversation: string }
  /** It was deleted with everything of its person. */
  | { kind: "erased"; conversation: string };

export function conversationSubject(conversation: ConversationRef): string {
  return `conversation.${conversation.tenant}.${conversation.id}`;
}

/** Everything that happens in a tenant's conversations. */
export function tenantConversationsSubject(tenant: string): string {
  return `conversation.${tenant}.*`;
}

export function publishConversationEvent({ bus }: { bus: Bus }, tenant: string, event: ConversationEvent): void {
  bus.publish(conversationSubject({ tenant, id: event.conversation }), event);
}

const kinds = new Set([
  "committed",
  "noted",
  "typing",
  "read",
  "shown",
  "visitorConnected",
  "contactChanged",
  "rated",
  "setAside",
  "routed",
  "described",
  "erased",
]);

/** What comes over the bus was written by a process of ours, perhaps a newer one: kinds that this one doesn't know are passed over. */
export function isConversationEvent(data: unknown): data is ConversationEvent {
  return (
    typeof data === "object" &&
    data !== null &&
    "kind" in data &&
    typeof data.kind === "string" &&
    kinds.has(data.kind) &&
    "conversation" in data
  );
}
