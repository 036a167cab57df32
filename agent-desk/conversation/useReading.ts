import { useEffect } from "preact/hooks";
import { useDesk } from "../shell/deskContext.ts";
import type { OpenConversation } from "./openConversation.ts";

/** Tells what was read: only what was on a visible page, at its end, and only by whoever answers; the others look. */
export function useReading(conversation: OpenConversation, atEnd: boolean): void {
  const desk = useDesk();
  const { head, messages } = conversation.facts.value;
  const connected = desk.connected.value;
  const mine = head !== null && head.agent?.id === desk.account.id;
  const theirs = messages.findLast(({ author }) => author.kind === "visitor")?.seq ?? 0;
  const news = mine && theirs > head.agentReadSeq ? theirs : 0;

  useEffect(() => {
    if (!atEnd || news === 0 || !connected) return;
    const tell = () => {
      if (document.visibilityState === "visible") desk.read(conversation.id, news);
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [desk, conversation, atEnd, news, connected]);
}
