import type { ConversationItem, MessageItem, NoteItem } from "../../src/protocol/desk.ts";

/** A conversation that somebody is asked to take. */
export type OfferedItem = ConversationItem & { offer: NonNullable<ConversationItem["offer"]> };

/** What I am offered, the one that ends first at the top. */
export function offersToMe(items: Iterable<ConversationItem>, me: string): OfferedItem[] {
  const mine: OfferedItem[] = [];
  for (const item of items) if (item.open && item.offer !== null && item.offer.to.id === me) mine.push({ ...item, offer: item.offer });
  return mine.sort((a, b) => (a.offer.until === b.offer.until ? (a.id < b.id ? -1 : 1) : a.offer.until < b.offer.until ? -1 : 1));
}

/** Whole seconds until the offer goes to the next; never below 0. */
export function secondsLeft(until: string, nowMs: number): number {
  return Math.max(0, Math.ceil((Date.parse(until) - nowMs) / 1000));
}

/** Why it is offered, in a few words. */
export function offeredBecause({ offer, agent, team, priority }: OfferedItem): string {
  if (offer.kind === "transfer") return `${agent?.name ?? "A colleague"} would like you to take over`;
  return priority === 1 ? `Urgent, waits for ${team}` : `Waits for ${team}`;
}

/** What the visitor wrote last. */
export function lastWords(messages: readonly MessageItem[]): string | undefined {
  return messages.findLast(({ author, text }) => author.kind === "visitor" && text !== "")?.text;
}

/** What the colleague who offers it left for me; undefined where they left nothing with this offer. */
export function noteWith({ offer }: Pick<OfferedItem, "offer">, notes: readonly NoteItem[]): { by: string; text: string } | undefined {
  for (const { blocks = [] } of notes.toReversed()) {
    const left = blocks.find((block) => block.type === "offer");
    if (left?.to === offer.to.id && left.until === offer.until) return { by: left.by, text: left.text };
  }
  return undefined;
}
