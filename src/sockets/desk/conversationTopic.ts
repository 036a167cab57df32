import type { Reach } from "../../access/policy.ts";
import { reachableAmong } from "../../access/roles/reachStore.ts";
import type { Control, ConversationRef } from "../../conversations/conversation.ts";
import { findHead } from "../../conversations/conversationStore.ts";
import type { ConversationEvent, StoredMessage } from "../../conversations/events.ts";
import type { ShownMarks } from "../../conversations/marks/shownMarks.ts";
import { listNotes } from "../../conversations/notes/noteStore.ts";
import type { FileAddresses } from "../../files/fileAddresses.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Block } from "../../protocol/blocks.ts";
import type { ConversationHead, MessageItem, TopicItem } from "../../protocol/desk.ts";
import { errorBody, Refusal } from "../../protocol/refusal.ts";
import { toldToColleague } from "../toldTo.ts";
import type { Place, Viewer, Viewers } from "../viewers.ts";
import { sees } from "./seeing.ts";
import { deltaFrame, snapshotFrame, type Watcher } from "./topic.ts";

export interface ConversationWatchDependencies extends Pick<Platform, "database" | "log"> {
  viewers: Viewers;
  /** Whether the visitor has a socket with this process. */
  visitorConnected: (conversation: string) => boolean;
  fileAddresses: Pick<FileAddresses, "sign">;
  shownMarks: Pick<ShownMarks, "shown">;
}

const changesHead = new Set<ConversationEvent["kind"]>(["visitorConnected", "contactChanged", "rated", "setAside", "routed", "described"]);
/** The head is read again at most so often. */
const headEveryMs = 100;

/**
 * The topic `conversation:<id>` of one socket: its head, its messages and its notes. The snapshot holds all of a short conversation;
 * a long one is completed by deltas, as there is room. The cursor is the newest `seq` that was sent.
 */
export class ConversationWatch implements Viewer {
  readonly #deps: ConversationWatchDependencies;
  readonly #topic: string;
  readonly #ref: ConversationRef;
  readonly #watcher: Watcher;
  readonly #account: string;
  readonly #reach: Reach;
  readonly #place: Place;
  /** Gathered until the snapshot is sent, and then for one turn of the event loop. */
  #items: TopicItem[] = [];
  #snapshotSent = false;
  #ended = false;
  #sending = false;
  #headDue = false;
  /** At the head, under way. */
  #looks = 0;
  #control: Control | undefined;
  /** Into which it is merged, where that decides whether it is seen. */
  #lead: { id: string; place: Place } | undefined;

  constructor(
    deps: ConversationWatchDependencies,
    { account, reach }: { account: string; reach: Reach },
    ref: ConversationRef,
    watcher: Watcher,
  ) {
    this.#deps = deps;
    this.#account = account;
    this.#reach = reach;
    this.#ref = ref;
    this.#topic = `conversation:${ref.id}`;
    this.#watcher = watcher;
    this.#place = deps.viewers.join(ref, this);
  }

  get open(): boolean {
    return !this.#ended && this.#watcher.open;
  }

  /** Sends the snapshot; false where the tenant has no such conversation, or none that they may see. */
  async begin(): Promise<boolean> {
    const sql = this.#deps.database.forTenant(this.#ref.tenant);
    const [head, notes] = await Promise.all([findHead(sql, this.#ref.id), listNotes(sql, this.#ref.id)]);
    const shown = head && (await this.#asSeen(head));
    if (shown === undefined) return false;
    this.#items = [this.#withConnection(shown), ...notes.map((note) => this.#withAddresses(note))];
    await this.#place.resume(0);
    this.#sendGathered();
    return true;
  }

  end(): void {
    this.#ended = true;
    this.#place.leave();
    this.#lead?.place.leave();
  }

  show(message: StoredMessage): void {
    if (message.author.kind === "visitor") this.#deps.shownMarks.shown(this.#ref, "agent", message.seq);
    this.#add(this.#withAddresses(toItem(message, this.#account)));
  }

  control(control: Control): void {
    if (this.#control?.generation === control.generation && this.#control.open === control.open) return;
    this.#control = control;
    this.#readHead();
  }

  hear(event: ConversationEvent): void {
    if (event.kind === "erased") this.#gone("This conversation was deleted with everything of its person.");
    if (event.kind === "noted") this.#add(this.#withAddresses(event.note));
    if (event.kind === "typing" && event.authorId !== this.#account) {
      this.#watcher.send(JSON.stringify({ type: "typing", conversation: this.#ref.id, on: event.on, author: event.author }));
    }
    if (event.kind === "read") {
      this.#watcher.send(JSON.stringify({ type: "read", conversation: this.#ref.id, seq: event.seq, author: event.author }));
      this.#readHead();
    }
    if (event.kind === "shown" && event.visitorSeq > 0)
      this.#watcher.send(JSON.stringify({ type: "delivered", conversation: this.#ref.id, seq: event.visitorSeq }));
    if (changesHead.has(event.kind)) this.#readHead();
  }

  /** Where a replay waits for room, what was gathered goes out: a page of a long conversation at a time. */
  async room(): Promise<void> {
    this.#sendGathered();
    await this.#watcher.room();
  }

  #add(item: TopicItem): void {
    this.#items.push(item);
    if (!this.#snapshotSent || this.#sending) return;
    this.#sending = true;
    setImmediate(() => {
      this.#sending = false;
      this.#sendUnlessDue();
    });
  }

  /** Whoever doesn't see all may not see it any more: what came with a change waits for the look at the head. */
  #sendUnlessDue(): void {
    if (this.#reach === "all" || (!this.#headDue && this.#looks === 0)) this.#sendGathered();
  }

  #sendGathered(): void {
    if (!this.open || this.#items.length === 0) return;
    const items = this.#items;
    this.#items = [];
    const cursor = `${this.#place.seen}`;
    this.#watcher.send(this.#snapshotSent ? deltaFrame(this.#topic, cursor, items) : snapshotFrame(this.#topic, cursor, items));
    this.#snapshotSent = true;
  }

  /** Whoever looks at it learns that it is gone, and hears no more. */
  #gone(why: string): void {
    const error = errorBody(new Refusal("not_found", why));
    this.#watcher.send(JSON.stringify({ type: "error", ref: this.#topic, error }));
    this.end();
  }

  #readHead(): void {
    if (!this.#snapshotSent || this.#headDue) return;
    this.#headDue = true;
    setTimeout(() => void this.#lookAtHead(), headEveryMs);
  }

  async #lookAtHead(): Promise<void> {
    if (!this.open) return;
    this.#looks++;
    this.#headDue = false;
    try {
      const head = await findHead(this.#deps.database.forTenant(this.#ref.tenant), this.#ref.id);
      const shown = head && (await this.#asSeen(head));
      if (shown !== undefined) this.#add(this.#withConnection(shown));
      else if (head !== undefined) this.#gone("This conversation is with others now, and not yours to see.");
    } catch (error) {
      this.#deps.log.warn({ error: error instanceof Error ? error.message : "unknown" }, "could not read a conversation");
    }
    this.#looks--;
    this.#sendUnlessDue();
  }

  /** The head as far as it may be seen. What is merged is a part of its target: as long as that is theirs to see, and which it is, it is too. */
  async #asSeen(head: ConversationHead): Promise<ConversationHead | undefined> {
    if (this.#reach === "all") return head;
    const { mergedInto, ...rest } = head;
    this.#followLead(mergedInto);
    if (mergedInto === undefined) return sees(this.#reach, head) ? head : undefined;
    const seen = await reachableAmong(this.#deps.database.forTenant(this.#ref.tenant), this.#reach, [head.id, mergedInto]);
    if (!seen.has(head.id)) return undefined;
    return seen.has(mergedInto) ? head : rest;
  }

  /** Whatever changes there may end the look at this one. */
  #followLead(id: string | undefined): void {
    if (this.#lead?.id === id) return;
    this.#lead?.place.leave();
    this.#lead = undefined;
    if (id === undefined) return;
    const isOpen = () => this.open;
    const place = this.#deps.viewers.join(
      { tenant: this.#ref.tenant, id },
      {
        show: () => {},
        control: () => this.#readHead(),
        hear: ({ kind }) => {
          if (changesHead.has(kind)) this.#readHead();
        },
        room: async () => {},
        get open() {
          return isOpen();
        },
      },
    );
    this.#lead = { id, place };
  }

  #withAddresses<Item extends { blocks?: Block[] }>(item: Item): Item {
    const blocks = this.#deps.fileAddresses.sign(this.#ref.tenant, item.blocks);
    return blocks === undefined || blocks === item.blocks ? item : { ...item, blocks };
  }

  #withConnection(head: ConversationHead): ConversationHead {
    return { ...head, visitorConnected: this.#deps.visitorConnected(this.#ref.id) };
  }
}

/** A `clientId` is shown to whoever made it. */
function toItem(stored: StoredMessage, account: string): MessageItem {
  const { authorId, clientId, ...message } = toldToColleague(stored);
  return { kind: "message", id: `m${message.seq}`, ...message, ...(clientId !== undefined && authorId === account ? { clientId } : {}) };
}
