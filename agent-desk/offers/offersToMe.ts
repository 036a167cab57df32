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

/** No offer stands longer; a note that is older went with an earlier one. */
const longestOfferMs = 600_000;

/** What the colleague who offers it left for me: the note that the transfer writes, without who it names. Undefined where they left none. */
export function noteWith({ offer }: Pick<OfferedItem, "offer">, notes: readonly NoteItem[]): { by: string; text: string } | undefined {
  const begins = `Offered to ${offer.to.name} by `;
  const earliest = Date.parse(offer.until) - longestOfferMs;
  const note = notes.findLast(
    ({ author, text, at }) => author.name === "Switchboard" && text.startsWith(begins) && Date.parse(at) >= earliest,
  );
  const [by, ...words] = note?.text.slice(begins.length).split(": ") ?? [];
  return by === undefined || words.length === 0 ? undefined : { by, text: words.join(": ") };
}
