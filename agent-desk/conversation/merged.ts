import type { ConversationHead, MergedConversation } from "../../src/protocol/desk.ts";
import type { OpenConversation } from "./openConversation.ts";
import type { MergedFacts } from "./timelineRows.ts";

/** What the timeline draws of the merged ones, from an instant on. */
export function mergedFacts(head: ConversationHead | null, parts: readonly OpenConversation[], since: string): MergedFacts[] {
  return (head?.merged ?? []).flatMap((merge) => {
    const facts = parts.find(({ id }) => id === merge.id)?.facts.value;
    if (facts === undefined) return [];
    return {
      merge,
      place: placeOf(merge),
      messages: facts.messages.filter(({ at }) => at >= since),
      notes: facts.notes.filter(({ at }) => at >= since),
      visitorReadSeq: facts.head?.visitorReadSeq ?? 0,
      visitorShownSeq: facts.head?.visitorShownSeq ?? 0,
    };
  });
}

export function placeOf({ contact, inbox }: Pick<MergedConversation, "contact" | "inbox">): string {
  return `${contact.name}, ${inbox.name}`;
}
