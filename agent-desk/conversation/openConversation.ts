import { type ReadonlySignal, signal } from "@preact/signals";
import type { Author } from "../../src/protocol/conversation.ts";
import type { ConversationHead, DeskAck, MessageItem, NoteItem, TopicItem } from "../../src/protocol/desk.ts";
import type { TopicReader } from "../live/topics.ts";
import type { PendingItem } from "./timelineRows.ts";

export interface ConversationFacts {
  head: ConversationHead | null;
  /** By `seq`. */
  messages: readonly MessageItem[];
  notes: readonly NoteItem[];
}

/** Somebody who said "I am typing" is believed for so long. */
const typingForMs = 6000;

/** One conversation as the topic `conversation:<id>` tells it. It is kept after it was left, so that coming back shows it at once. */
export class OpenConversation implements TopicReader {
  readonly id: string;
  readonly topic: string;
  readonly facts: ReadonlySignal<ConversationFacts>;
  /** Why it can't be shown, or null. */
  readonly missing = signal<string | null>(null);
  readonly typing = signal<Author | null>(null);
  readonly #facts = signal<ConversationFacts>({ head: null, messages: [], notes: [] });
  readonly #items = new Map<string, MessageItem | NoteItem>();
  #typingEnds: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string) {
    this.id = id;
    this.topic = `conversation:${id}`;
    this.facts = this.#facts;
  }

  /** What was said is never unsaid: a snapshot adds, so that a long conversation that comes again in pages doesn't shrink first. */
  snapshot({ items }: { items: TopicItem[] }): void {
    this.missing.value = null;
    this.#take(items);
  }

  delta({ changed, removed }: { changed: TopicItem[]; removed: string[] }): void {
    for (const id of removed) this.#items.delete(id);
    this.#take(changed);
  }

  refused(message: string): void {
    this.missing.value = message;
  }

  /** The ack stands for the message on the socket that sent it: the line needs no second telling. */
  confirm(ack: DeskAck, { text, author }: { text: string; author: Author }): void {
    const { clientId, at } = ack;
    if ("seq" in ack) this.#take([{ kind: "message", id: `m${ack.seq}`, seq: ack.seq, author, text, at, clientId }]);
    else if (!this.#facts.peek().notes.some((note) => note.clientId === clientId)) {
      this.#take([{ kind: "note", id: ownNote(clientId), afterSeq: ack.afterSeq, author, text, at, clientId }]);
    }
  }

  hearTyping(on: boolean, author: Author): void {
    clearTimeout(this.#typingEnds);
    this.typing.value = on ? author : null;
    if (on) this.#typingEnds = setTimeout(() => this.hearTyping(false, author), typingForMs);
  }

  hearRead(seq: number, author: Author): void {
    const { head } = this.#facts.peek();
    if (head === null || author.kind !== "visitor" || head.visitorReadSeq >= seq) return;
    this.#facts.value = { ...this.#facts.peek(), head: { ...head, visitorReadSeq: seq } };
  }

  /** What the outbox still holds although the timeline has it already is not shown twice. */
  unconfirmed(pending: PendingItem[]): PendingItem[] {
    const known = new Set([...this.#items.values()].map(({ clientId }) => clientId));
    return pending.filter(({ clientId }) => !known.has(clientId));
  }

  #take(items: TopicItem[]): void {
    let { head } = this.#facts.peek();
    for (const item of items) {
      if (item.kind === "head") head = item;
      if (item.kind === "message" || item.kind === "note") this.#put(item);
    }
    const all = [...this.#items.values()];
    this.#facts.value = {
      head,
      messages: all.filter((item) => item.kind === "message").sort((a, b) => a.seq - b.seq),
      notes: all.filter((item) => item.kind === "note"),
    };
  }

  #put(item: MessageItem | NoteItem): void {
    const known = this.#items.get(item.id);
    // The topic may tell a message without the `clientId` that the ack brought; the line must keep its key.
    const clientId = item.clientId ?? known?.clientId;
    if (item.kind === "note" && clientId !== undefined) this.#items.delete(ownNote(clientId));
    this.#items.set(item.id, clientId === undefined ? item : { ...item, clientId });
    if (item.author.name === this.typing.peek()?.name && item.author.kind === this.typing.peek()?.kind) this.hearTyping(false, item.author);
  }
}

/** A note's id is the server's; until it tells it, the note stands under the id of its sender's page. */
function ownNote(clientId: string): string {
  return `own ${clientId}`;
}
