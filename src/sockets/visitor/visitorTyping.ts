import { publishConversationEvent } from "../../conversations/events.ts";
import type { Gateway } from "../gateway.ts";
import type { VisitorSession } from "./visitorState.ts";

/** Tells who looks that the visitor writes, or no longer does; not more often than anybody could see. */
export function tellTyping(gateway: Gateway, session: VisitorSession, on: boolean): void {
  if (gateway.limits.typing(session.visitor.contact, on, (later) => tell(gateway, session, later))) tell(gateway, session, on);
}

function tell(gateway: Gateway, { visitor, visit }: VisitorSession, on: boolean): void {
  const author = { kind: "visitor", name: visit.contactName } as const;
  publishConversationEvent(gateway, visitor.tenant, {
    kind: "typing",
    conversation: visitor.conversation,
    author,
    authorId: visitor.contact,
    on,
  });
}
