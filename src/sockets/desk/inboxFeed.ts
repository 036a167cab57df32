import { changeOf } from "../../conversations/changes/change.ts";
import { listItems, listOpenItems, type Touched } from "../../conversations/conversationStore.ts";
import { type ConversationEvent, isConversationEvent, tenantConversationsSubject } from "../../conversations/events.ts";
import { preview } from "../../conversations/ledger/ledgerStore.ts";
import type { Platform } from "../../platform/platform.ts";
import type { ConversationItem } from "../../protocol/desk.ts";

type FeedPlatform = Pick<Platform, "database" | "bus" | "clock" | "log">;

const pageSize = 500;
const firstId = "00000000-0000-0000-0000-000000000000";

/**
 * The open conversations of a tenant as lists show them, kept while somebody watches: read once, then changed by what the bus brings.
 * What the bus can't tell whole (a new conversation, something missed) is read from the ledger, many at a time.
 */
export class InboxFeed {
  readonly items = new Map<string, ConversationItem>();
  readonly #platform: FeedPlatform;
  readonly #tenant: string;
  readonly #changed: (conversation: string) => void;
  readonly #unsubscribe: () => void;
  readonly #unknown = new Set<string>();
  #reading = false;
  #ended = false;
  readonly loaded: Promise<void>;

  /** `changed` is called whenever an entry came, changed or went. */
  constructor(platform: FeedPlatform, tenant: string, changed: (conversation: string) => void) {
    this.#platform = platform;
    this.#tenant = tenant;
    this.#changed = changed;
    this.#unsubscribe = platform.bus.subscribe(tenantConversationsSubject(tenant), ({ data }) => {
      if (isConversationEvent(data)) this.#hear(data);
    });
    this.loaded = this.#load();
  }

  end(): void {
    this.#ended = true;
    this.#unsubscribe();
  }

  /** Compares with what the ledger says, for what the bus may not have brought. */
  reconcile(touched: readonly Touched[]): void {
    for (const { tenant, conversation, lastSeq, control, changes, offeredTo } of touched) {
      if (tenant !== this.#tenant) continue;
      const item = this.items.get(conversation);
      const same =
        item === undefined
          ? !control.open
          : item.lastSeq >= lastSeq &&
            item.generation >= control.generation &&
            item.open === control.open &&
            (item.changes ?? 0) >= changes &&
            (item.offer?.to.id ?? null) === offeredTo;
      if (!same) this.#readLater(conversation);
    }
  }

  #hear(event: ConversationEvent): void {
    if (event.kind === "erased") this.#forget(event.conversation);
    const changed = event.kind === "setAside" || event.kind === "routed" || event.kind === "described";
    if (changed || (event.kind === "read" && event.author.kind === "agent")) this.#readLater(event.conversation);
    if (event.kind !== "committed") return;
    // It may have changed what a list shows of what was said, and isn't said itself.
    if (event.messages.some((message) => changeOf(message) !== undefined)) {
      this.#readLater(event.conversation);
      return;
    }
    const item = this.items.get(event.conversation);
    const last = event.messages.at(-1);
    // An event that skips a message, or comes late, can't be told from its own words alone.
    if (
      item === undefined ||
      (last !== undefined && last.seq !== item.lastSeq + event.messages.length) ||
      event.control.generation < item.generation
    ) {
      this.#readLater(event.conversation);
      return;
    }
    // Its place in the queue isn't told.
    if (event.control.controller === "queue" && event.control.generation !== item.generation) this.#readLater(event.conversation);
    const spoken = event.messages.findLast(({ author }) => author.kind !== "system");
    this.#keep({
      ...item,
      ...event.control,
      // Whoever controls it now, what was offered before is over.
      ...(event.control.generation === item.generation ? {} : { offer: null }),
      unread: event.unread,
      ...(last === undefined ? {} : { lastSeq: last.seq, lastAt: last.at }),
      ...(spoken === undefined ? {} : { lastText: preview(spoken.text), lastAuthor: spoken.author.kind }),
    });
  }

  #keep(item: ConversationItem): void {
    if (item.open) this.items.set(item.id, item);
    else if (!this.items.delete(item.id)) return;
    this.#changed(item.id);
  }

  #forget(conversation: string): void {
    if (this.items.delete(conversation)) this.#changed(conversation);
  }

  #readLater(conversation: string): void {
    this.#unknown.add(conversation);
    if (this.#reading) return;
    this.#reading = true;
    this.#platform.clock.after(50, () => void this.#readUnknown());
  }

  async #readUnknown(): Promise<void> {
    const asked = [...this.#unknown].slice(0, pageSize);
    for (const id of asked) this.#unknown.delete(id);
    try {
      if (this.#ended) return;
      for (const item of await listItems(this.#platform.database.forTenant(this.#tenant), asked)) this.#keep(item);
    } catch (error) {
      for (const id of asked) this.#unknown.add(id);
      this.#warn(error);
    } finally {
      this.#reading = false;
      const next = this.#unknown.values().next();
      if (next.done !== true) this.#readLater(next.value);
    }
  }

  async #load(): Promise<void> {
    const sql = this.#platform.database.forTenant(this.#tenant);
    for (let after = firstId; !this.#ended; ) {
      const page = await listOpenItems(sql, after, pageSize);
      for (const item of page) {
        const known = this.items.get(item.id);
        if (known === undefined || known.lastSeq < item.lastSeq || known.generation < item.generation) this.items.set(item.id, item);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) return;
      after = last.id;
    }
  }

  #warn(error: unknown): void {
    this.#platform.log.warn({ error: error instanceof Error ? error.message : "unknown" }, "could not read the inbox");
  }
}
