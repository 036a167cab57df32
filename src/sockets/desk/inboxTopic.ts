import { randomUUID } from "node:crypto";
import type { Reach } from "../../access/policy.ts";
import type { Touched } from "../../conversations/conversationStore.ts";
import type { Platform } from "../../platform/platform.ts";
import type { ConversationItem } from "../../protocol/desk.ts";
import { inQueueOrder } from "../../protocol/queueOrder.ts";
import { InboxFeed } from "./inboxFeed.ts";
import { sees } from "./seeing.ts";
import { deltaFrame, snapshotFrame, type Topic, type Watcher } from "./topic.ts";

/** Changes are gathered for so long, and told to all who watch in one frame. */
const gatherMs = 100;
/** Items of one frame: a list of 10,000 comes in twenty, each when there is room for it. */
const pageSize = 500;
/** Deltas that a watcher may have missed and still catches up with by its cursor. */
const rememberedDeltas = 600;
/** Without watchers a list is kept for so long, for the reload of a page. */
const keepMs = 30_000;

/** Of whoever doesn't see all: how far they see, and what they were shown; an id that they never saw is not told to be gone either. */
interface Limited {
  reach: Reach;
  shown: Set<string>;
}

/** The topics `inbox` and `queue:<team>` of one tenant: two looks at the same list. */
export class InboxTopic implements Topic {
  readonly #platform: Pick<Platform, "database" | "bus" | "clock" | "log">;
  readonly #feed: InboxFeed;
  /** Cursors of another process, or of before a restart, say nothing here. */
  readonly #id = randomUUID();
  #number = 0;
  readonly #history: { number: number; changed: string[] }[] = [];
  /** Per conversation the queue it was last told to stand in, so that only those who watch that one hear that it left. */
  readonly #queueOf = new Map<string, string>();
  readonly #pending = new Set<string>();
  /** By topic: one socket may watch several, each for itself. */
  readonly #watchers = new Map<string, Map<Watcher, Limited | undefined>>();
  #gathering = false;
  #endLater = () => {};
  readonly #ended: () => void;

  constructor(platform: Pick<Platform, "database" | "bus" | "clock" | "log">, tenant: string, ended: () => void) {
    this.#platform = platform;
    this.#ended = ended;
    this.#feed = new InboxFeed(platform, tenant, (conversation) => this.#changed(conversation));
  }

  watch(topic: string, watcher: Watcher, cursor: string | undefined, reach: Reach = "all"): () => void {
    this.#endLater();
    let stopped = false;
    this.#feed.loaded.then(
      () => {
        if (!stopped && watcher.open) this.#begin(topic, watcher, cursor, reach);
      },
      (error) => this.#platform.log.warn({ error: error instanceof Error ? error.message : "unknown" }, "could not read the inbox"),
    );
    return () => {
      stopped = true;
      this.#watchers.get(topic)?.delete(watcher);
      if ([...this.#watchers.values()].every((watchers) => watchers.size === 0))
        this.#endLater = this.#platform.clock.after(keepMs, () => this.#end());
    };
  }

  reconcile(touched: readonly Touched[]): void {
    this.#feed.reconcile(touched);
  }

  /** Whether the entry of this conversation is there, for whoever sees so far. */
  isSeen(reach: Reach, conversation: string): boolean {
    const item = this.#feed.items.get(conversation);
    return item !== undefined && sees(reach, item);
  }

  #begin(topic: string, watcher: Watcher, cursor: string | undefined, reach: Reach): void {
    this.#tell();
    const watchers = this.#watchers.get(topic) ?? new Map<Watcher, Limited | undefined>();
    this.#watchers.set(topic, watchers);
    const limited = reach === "all" ? undefined : { reach, shown: new Set<string>() };
    watchers.set(watcher, limited);
    const missed = reach === "all" ? this.#missedSince(cursor) : undefined;
    if (missed !== undefined && missed.length <= pageSize) {
      watcher.send(this.#delta(topic, missed));
      return;
    }
    for (const id of this.#feed.items.keys()) this.#noteQueue(id);
    const ordered = [...this.#feed.items.values()].filter((item) => belongs(topic, item) && sees(reach, item)).sort(byUrgency(Date.now()));
    for (const { id } of ordered) limited?.shown.add(id);
    watcher.send(snapshotFrame(topic, this.#cursor(), ordered.slice(0, pageSize)));
    void this.#complete(
      topic,
      watcher,
      ordered.slice(pageSize).map((item) => item.id),
    );
  }

  /** The rest of a long list, each page as it is when it is sent. */
  async #complete(topic: string, watcher: Watcher, rest: readonly string[]): Promise<void> {
    for (let from = 0; from < rest.length && watcher.open && this.#watchers.get(topic)?.has(watcher); from += pageSize) {
      await watcher.room();
      const page = rest.slice(from, from + pageSize);
      const limited = this.#watchers.get(topic)?.get(watcher);
      if (limited !== undefined) this.#tellLimited(topic, watcher, limited, page);
      else watcher.send(this.#delta(topic, page));
    }
  }

  #missedSince(cursor: string | undefined): string[] | undefined {
    const [id, number] = cursor?.split(":") ?? [];
    const since = Number(number);
    const oldest = this.#history[0]?.number ?? this.#number + 1;
    if (id !== this.#id || !Number.isInteger(since) || since > this.#number || since < oldest - 1) return undefined;
    return [...new Set(this.#history.filter((entry) => entry.number > since).flatMap((entry) => entry.changed))];
  }

  #changed(conversation: string): void {
    this.#pending.add(conversation);
    if (this.#gathering) return;
    this.#gathering = true;
    this.#platform.clock.after(gatherMs, () => {
      this.#gathering = false;
      this.#tell();
    });
  }

  #tell(): void {
    if (this.#pending.size === 0) return;
    const changed = [...this.#pending];
    this.#pending.clear();
    this.#number++;
    this.#history.push({ number: this.#number, changed });
    if (this.#history.length > rememberedDeltas) this.#history.shift();
    for (const [topic, watchers] of this.#watchers) {
      const concerned = changed.filter((id) => this.#concerns(topic, id));
      if (watchers.size === 0 || concerned.length === 0) continue;
      const frame = Buffer.from(this.#delta(topic, concerned));
      for (const [watcher, limited] of watchers) {
        if (limited !== undefined) this.#tellLimited(topic, watcher, limited, concerned);
        else watcher.send(frame);
      }
    }
    for (const id of changed) this.#noteQueue(id);
  }

  /** What came into reach is shown, what left it is gone. */
  #tellLimited(topic: string, watcher: Watcher, { reach, shown }: Limited, conversations: readonly string[]): void {
    const concerned = conversations.filter((id) => shown.has(id) || this.isSeen(reach, id));
    if (concerned.length === 0) return;
    for (const id of concerned) {
      const item = this.#feed.items.get(id);
      if (item !== undefined && belongs(topic, item) && sees(reach, item)) shown.add(id);
      else shown.delete(id);
    }
    watcher.send(this.#delta(topic, concerned, reach));
  }

  #concerns(topic: string, conversation: string): boolean {
    if (topic === "inbox" || this.#queueOf.get(conversation) === topic) return true;
    const item = this.#feed.items.get(conversation);
    return item !== undefined && belongs(topic, item);
  }

  #noteQueue(conversation: string): void {
    const item = this.#feed.items.get(conversation);
    if (item?.controller === "queue") this.#queueOf.set(conversation, `queue:${item.team}`);
    else this.#queueOf.delete(conversation);
  }

  #delta(topic: string, conversations: readonly string[], reach: Reach = "all"): string {
    const changed: ConversationItem[] = [];
    const removed: string[] = [];
    for (const id of conversations) {
      const item = this.#feed.items.get(id);
      if (item !== undefined && belongs(topic, item) && sees(reach, item)) changed.push(item);
      else removed.push(id);
    }
    return deltaFrame(topic, this.#cursor(), changed, removed);
  }

  #cursor(): string {
    return `${this.#id}:${this.#number}`;
  }

  #end(): void {
    this.#feed.end();
    this.#ended();
  }
}

function belongs(topic: string, item: ConversationItem): boolean {
  return topic === "inbox" || (item.controller === "queue" && topic === `queue:${item.team}`);
}

/** Who waits comes first, in the queue's order; then the newest. */
function byUrgency(now: number): (a: ConversationItem, b: ConversationItem) => number {
  const queued = inQueueOrder(now);
  return (a, b) => {
    if (a.queuedAt !== null && b.queuedAt !== null) return queued(a, b);
    if (a.queuedAt !== null) return -1;
    if (b.queuedAt !== null) return 1;
    return a.lastAt > b.lastAt ? -1 : 1;
  };
}
