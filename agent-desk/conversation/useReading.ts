import { useEffect } from "preact/hooks";
import { useDesk } from "../shell/deskContext.ts";
import type { OpenConversation } from "./openConversation.ts";

/** Tells what was read: only what was on a visible page, at its end, and never on behalf of the colleague who answers. */
export function useReading(conversation: OpenConversation, atEnd: boolean): void {
  const desk = useDesk();
  const { head } = conversation.facts.value;
  const connected = desk.connected.value;
  const theirs = head?.controller === "agent" && head.agent?.id !== desk.account.id;
  const unread = head !== null && head.lastSeq > head.agentReadSeq && head.unread > 0 ? head.lastSeq : 0;

  useEffect(() => {
    if (!atEnd || theirs || unread === 0 || !connected) return;
    const tell = () => {
      if (document.visibilityState === "visible") desk.read(conversation.id, unread);
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [desk, conversation, atEnd, theirs, unread, connected]);
}
