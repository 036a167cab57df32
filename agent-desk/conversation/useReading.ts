import { useEffect } from "preact/hooks";
import { useDesk } from "../shell/deskContext.ts";
import type { OpenConversation } from "./openConversation.ts";

/** Tells what was read: only what was on a visible page, at its end, and only by whoever answers; the others look. */
export function useReading(conversation: OpenConversation, parts: readonly OpenConversation[], atEnd: boolean): void {
  const desk = useDesk();
  const { head } = conversation.facts.value;
  const connected = desk.connected.value;
  const mine = head !== null && head.agent?.id === desk.account.id;
  const news = [conversation, ...parts]
    .map((part) => ({ id: part.id, seq: mine ? newsOf(part) : 0 }))
    .filter(({ seq }) => seq > 0)
    .map(({ id, seq }) => `${id} ${seq}`)
    .join(",");

  useEffect(() => {
    if (!atEnd || news === "" || !connected) return;
    const tell = () => {
      if (document.visibilityState !== "visible") return;
      for (const [id = "", seq] of news.split(",").map((each) => each.split(" "))) desk.read(id, Number(seq));
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [desk, atEnd, news, connected]);
}

/** The newest that its visitor wrote, or 0 where it is read. */
function newsOf({ facts }: OpenConversation): number {
  const { head, messages } = facts.value;
  const theirs = messages.findLast(({ author }) => author.kind === "visitor")?.seq ?? 0;
  return head !== null && theirs > head.agentReadSeq ? theirs : 0;
}
