import type { Control, ConversationRef } from "../conversations/conversation.ts";
import { messagesAfter, type Touched } from "../conversations/conversationStore.ts";
import { type ConversationEvent, conversationSubject, isConversationEvent, type StoredMessage } from "../conversations/events.ts";
import type { Platform } from "../platform/platform.ts";
import { createTurnstile, type Turnstile } from "../platform/process/turnstile.ts";

/** One socket's look at one conversation. */
export interface Viewer {
  /** Sends one message. Called in the order of `seq`, each once. */
  show(message: StoredMessage): void;
  /** Who controls it now. */
  control(control: Control): void;
  /** Everything that has no `seq`: notes, typing, read marks. */
  hear(event: ConversationEvent): void;
  /** Resolves when it may be sent more. */
  room(): Promise<void>;
  readonly open: boolean;
}

/** A viewer's place in a conversation. */
export interface Place {
  /** The newest seq that its socket has. */
  readonly seen: number;
  /** The socket was told of this message by an ack: it isn't shown to it again. */
  own(seq: number, at: string): void;
  /** Shows whatever is newer than this, which is of that instant. */
  resume(after: number, at?: string): Promise<void>;
  leave(): void;
}

/** Of two messages of one conversation the later may have begun so much earlier: it waited for the row. */
const mostAheadMs = 6000;

const pageSize = 200;
/** Pages that are read at once. */
const readsAtOnce = 16;

/**
 * The conversations that sockets of this process look at. What the bus brings is passed on at once if it is the next in order;
 * a gap, or a whisper that was missed, is filled from the ledger, so that each viewer sees every `seq` once and in order.
 */
export class Viewers {
  readonly #bus: Platform["bus"];
  readonly #platform: PlaceDependencies;
  readonly #conversations = new Map<string, { ref: ConversationRef; places: Set<ViewerPlace>; unsubscribe: () => void }>();

  /** `wentBack` is called when the ledger has begun anew behind what a viewer was shown: an older backup was restored (faults.md, row 27). */
  constructor({ database, bus, log }: Pick<Platform, "database" | "bus" | "log">, wentBack: () => void) {
    this.#bus = bus;
    this.#platform = { database, log, wentBack, reads: createTurnstile(readsAtOnce) };
  }

  /** From now on the viewer hears of the conversation; it is shown nothing until `resume`. */
  join(ref: ConversationRef, viewer: Viewer): Place {
    const subject = conversationSubject(ref);
    let entry = this.#conversations.get(subject);
    if (entry === undefined) {
      const places = new Set<ViewerPlace>();
      entry = { ref, places, unsubscribe: this.#bus.subscribe(subject, ({ data }) => hear(places, data)) };
      this.#conversations.set(subject, entry);
    }
    const { places, unsubscribe } = entry;
    const place = new ViewerPlace(this.#platform, ref, viewer, () => {
      places.delete(place);
      if (places.size > 0 || this.#conversations.get(subject)?.places !== places) return;
      unsubscribe();
      this.#conversations.delete(subject);
    });
    places.add(place);
    return place;
  }

  /** Compares with what the ledger says, for what the bus may not have brought. */
  reconcile(touched: readonly Touched[]): void {
    for (const { tenant, conversation, lastSeq, control, changes } of touched) {
      const entry = this.#conversations.get(conversationSubject({ tenant, id: conversation }));
      for (const place of entry?.places ?? []) place.reconcile(lastSeq, control, changes);
    }
  }
}

function hear(places: ReadonlySet<ViewerPlace>, data: unknown): void {
  if (!isConversationEvent(data)) return;
  for (const place of places) place.hear(data);
}

interface PlaceDependencies extends Pick<Platform, "database" | "log"> {
  reads: Turnstile;
  wentBack: () => void;
}

class ViewerPlace implements Place {
  seen = Number.POSITIVE_INFINITY;
  /** The database's instant of the newest that it has, where that is known. */
  #seenAt = Number.POSITIVE_INFINITY;
  readonly #platform: PlaceDependencies;
  readonly #ref: ConversationRef;
  readonly #viewer: Viewer;
  readonly leave: () => void;
  /** Acked before those in front of them were shown. */
  #own: Set<number> | undefined;
  #generation = 0;
  #changes = 0;
  #newest = 0;
  #catchingUp: Promise<void> | undefined;

  constructor(platform: PlaceDependencies, ref: ConversationRef, viewer: Viewer, leave: () => void) {
    this.#platform = platform;
    this.#ref = ref;
    this.#viewer = viewer;
    this.leave = leave;
  }

  own(seq: number, at: string): void {
    if (seq <= this.seen) return;
    if (seq === this.seen + 1) {
      this.seen = seq;
      this.#seenAt = Date.parse(at);
      return;
    }
    this.#own ??= new Set();
    this.#own.add(seq);
  }

  hear(event: ConversationEvent): void {
    if (event.kind !== "committed") {
      this.#viewer.hear(event);
      return;
    }
    for (const message of event.messages) this.#offer(message);
    this.#control(event.control);
  }

  resume(after: number, at?: string): Promise<void> {
    this.seen = after;
    this.#seenAt = at === undefined ? Number.POSITIVE_INFINITY : Date.parse(at);
    this.#newest = Math.max(this.#newest, after + 1);
    return this.#catchUp();
  }

  reconcile(lastSeq: number, control: Control, changes: number): void {
    this.#control(control);
    if (changes > this.#changes) this.#viewer.hear({ kind: "setAside", conversation: this.#ref.id });
    this.#changes = changes;
    if (lastSeq <= this.seen) return;
    this.#newest = Math.max(this.#newest, lastSeq);
    void this.#catchUp();
  }

  #control(control: Control): void {
    if (control.generation < this.#generation) return;
    this.#generation = control.generation;
    this.#viewer.control(control);
  }

  #offer(message: StoredMessage): void {
    if (message.seq <= this.seen) {
      // Told twice or late, it is no newer than what was shown.
      if (Date.parse(message.at) > this.#seenAt + mostAheadMs) this.#platform.wentBack();
      return;
    }
    this.#newest = Math.max(this.#newest, message.seq);
    if (message.seq === this.seen + 1 && this.#catchingUp === undefined) this.#show(message);
    else void this.#catchUp();
  }

  #show(message: StoredMessage): void {
    this.seen = message.seq;
    this.#seenAt = Date.parse(message.at);
    if (this.#own?.delete(message.seq) !== true) this.#viewer.show(message);
  }

  #catchUp(): Promise<void> {
    this.#catchingUp ??= this.#fetch().finally(() => {
      this.#catchingUp = undefined;
    });
    return this.#catchingUp;
  }

  /** A failure leaves the gap to the next message or the next comparison with the ledger. */
  async #fetch(): Promise<void> {
    const sql = this.#platform.database.forTenant(this.#ref.tenant);
    try {
      while (this.#viewer.open && this.seen < this.#newest) {
        const expected = this.#newest;
        const messages = await this.#platform.reads(() => messagesAfter(sql, this.#ref.id, this.seen, pageSize));
        for (const message of messages) if (message.seq === this.seen + 1) this.#show(message);
        // After a full page there may be more, although nobody told of it; after any other the ledger has no more, unless it was told meanwhile.
        if (messages.length === pageSize) this.#newest = Math.max(this.#newest, this.seen + 1);
        else if (this.#newest === expected) this.#newest = this.seen;
        await this.#viewer.room();
      }
    } catch (error) {
      this.#platform.log.warn(
        { conversation: this.#ref.id, error: error instanceof Error ? error.message : "unknown" },
        "could not read what was missed",
      );
    }
  }
}
