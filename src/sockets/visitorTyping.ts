import { publishConversationEvent } from "../conversations/events.ts";
import type { Gateway } from "./gateway.ts";
import type { VisitorSession } from "./visitorState.ts";

/** Tells who looks that the visitor writes, or no longer does; not more often than anybody could see. */
export function tellTyping(gateway: Gateway, { visitor, visit }: VisitorSession, on: boolean): void {
  if (!gateway.limits.typing(`${visitor.contact}.${on}`)) return;
  const author = { kind: "visitor", name: visit.contactName } as const;
  publishConversationEvent(gateway, visitor.tenant, {
    kind: "typing",
    conversation: visitor.conversation,
    author,
    authorId: visitor.contact,
    on,
  });
}
