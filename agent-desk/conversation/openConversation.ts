import { type ReadonlySignal, signal } from "@preact/signals";
import { withChanges } from "../../src/client/withChanges.ts";
import type { Block } from "../../src/protocol/blocks.ts";
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
  readonly #soon: (tell: () => void) => void;
  #head: ConversationHead | null = null;
  #told = true;
  #typingEnds: ReturnType<typeof setTimeout> | undefined;

  /** `soon` gathers drawings: a long conversation comes in dozens of deltas. */
  constructor(id: string, soon: (tell: () => void) => void) {
    this.#soon = soon;
    this.id = id;
    this.topic = `conversation:${id}`;
    this.facts = this.#facts;
  }

  /** What was said is never unsaid: a snapshot adds, so that a long conversation that comes again in pages doesn't shrink first. */
  snapshot({ items }: { items: TopicItem[] }): void {
    this.missing.value = null;
    this.#take(items);
    this.#tell();
  }

  delta({ changed, removed }: { changed: TopicItem[]; removed: string[] }): void {
    for (const id of removed) this.#items.delete(id);
    this.#take(changed);
    if (!this.#told) return;
    this.#told = false;
    this.#soon(() => this.#tell());
  }

  /** It is no longer followed: where it was merged to is forgotten, as that may be undone unseen. True where there was something to forget. */
  left(): boolean {
    if (this.#head?.mergedInto === undefined) return false;
    const { mergedInto: _, ...head } = this.#head;
    this.#head = head;
    this.#tell();
    return true;
  }

  refused(message: string): void {
    this.missing.value = message;
  }

  /** The ack stands for the message on the socket that sent it: the line needs no second telling. */
  confirm(ack: DeskAck, { text, author, blocks = [] }: { text: string; author: Author; blocks?: Block[] }): void {
    const { clientId, at } = ack;
    if ("seq" in ack) this.#take([{ kind: "message", id: `m${ack.seq}`, seq: ack.seq, author, text, blocks, at, clientId }]);
    else if (![...this.#items.values()].some((item) => item.kind === "note" && item.clientId === clientId)) {
      this.#take([{ kind: "note", id: ownNote(clientId), afterSeq: ack.afterSeq, author, text, blocks, at, clientId }]);
    }
    this.#tell();
  }

  hearTyping(on: boolean, author: Author): void {
    clearTimeout(this.#typingEnds);
    this.typing.value = on ? author : null;
    if (on) this.#typingEnds = setTimeout(() => this.hearTyping(false, author), typingForMs);
  }

  hearRead(seq: number, author: Author): void {
    const head = this.#head;
    if (head === null || author.kind !== "visitor" || head.visitorReadSeq >= seq) return;
    this.#head = { ...head, visitorReadSeq: seq };
    this.#tell();
  }

  hearDelivered(seq: number): void {
    const head = this.#head;
    if (head === null || head.visitorShownSeq >= seq) return;
    this.#head = { ...head, visitorShownSeq: seq };
    this.#tell();
  }

  /** What the outbox still holds although it is drawn already is not drawn twice; what is not yet drawn stays. */
  unconfirmed(pending: PendingItem[]): PendingItem[] {
    const { messages, notes } = this.#facts.value;
    const known = new Set([...messages, ...notes].map(({ clientId }) => clientId));
    return pending.filter(({ clientId }) => !known.has(clientId));
  }

  #take(items: TopicItem[]): void {
    for (const item of items) {
      if (item.kind === "head") this.#head = item;
      if (item.kind === "message" || item.kind === "note") this.#put(item);
    }
  }

  #tell(): void {
    this.#told = true;
    const all = [...this.#items.values()];
    this.#facts.value = {
      head: this.#head,
      messages: withChanges(all.filter((item) => item.kind === "message").sort((a, b) => a.seq - b.seq)),
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
