import { type ReadonlySignal, signal } from "@preact/signals";
import type { ConversationItem, Delta, Snapshot, TopicItem } from "../../src/protocol/desk.ts";
import type { TopicReader } from "../live/topics.ts";

const keptOfThoseThatLeft = 500;

/**
 * Every conversation that the desk was told of, from the topics `inbox` and `queue:<team>`.
 * What changes within a frame is told once: at a thousand changes a second the lists are drawn sixty times, not a thousand.
 */
export class Conversations {
  /** Counts the changes; whoever reads it is drawn again. */
  readonly revision: ReadonlySignal<number>;
  readonly #revision = signal(0);
  /** Counts what left the live lists and the snapshots, with which something may have left unseen. */
  readonly left: ReadonlySignal<number>;
  readonly #leftCount = signal(0);
  readonly #items = new Map<string, ConversationItem>();
  readonly #topics = new Map<string, Set<string>>();
  /** Per topic what its newest snapshot and the deltas since have told. */
  readonly #confirmed = new Map<string, Set<string>>();
  readonly #soon: (tell: () => void) => void;
  readonly #later: (run: () => void) => void;
  /** The last of those that left, as they were: a list that holds its order still shows them. */
  readonly #leftItems = new Map<string, ConversationItem>();
  #told = true;

  /** `soon` gathers drawings, `later` runs after the moment within which a long list is completed. */
  constructor(soon: (tell: () => void) => void, later: (run: () => void) => void) {
    this.#soon = soon;
    this.#later = later;
    this.revision = this.#revision;
    this.left = this.#leftCount;
  }

  /** Nothing is known until the first snapshot: then a skeleton stands there, later never again. */
  get known(): boolean {
    return this.#topics.has("inbox");
  }

  get size(): number {
    return this.#items.size;
  }

  /** One that left is still answered for a while, as closed. */
  get(id: string): ConversationItem | undefined {
    return this.#items.get(id) ?? this.#leftItems.get(id);
  }

  /** Whether the desk was told of it as open. */
  isOpen(id: string): boolean {
    return this.#items.has(id);
  }

  all(): IterableIterator<ConversationItem> {
    return this.#items.values();
  }

  /** What a topic's frames change here. */
  reader(topic: string): TopicReader {
    return { snapshot: ({ items }) => this.snapshot({ topic, items }), delta: (delta) => this.delta(delta) };
  }

  snapshot({ topic, items }: Pick<Snapshot, "topic" | "items">): void {
    const before = this.#topics.get(topic) ?? new Set();
    const ids = new Set(items.map(({ id }) => id));
    for (const item of items) this.#put(item);
    this.#confirmed.set(topic, ids);
    this.#leftCount.value += 1;
    // After a restart of the server a long list comes again as a first page and deltas: what they have not yet told must not vanish and come back.
    this.#topics.set(topic, new Set([...ids, ...before]));
    if (before.size > 0) this.#later(() => this.#dropUnconfirmed(topic, ids));
    this.#tellSoon();
  }

  delta({ topic, changed, removed }: Pick<Delta, "topic" | "changed" | "removed">): void {
    const ids = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, ids);
    for (const item of changed) {
      ids.add(item.id);
      this.#confirmed.get(topic)?.add(item.id);
      this.#put(item);
    }
    for (const id of removed) {
      ids.delete(id);
      this.#dropUnlessElsewhere(id);
    }
    this.#tellSoon();
  }

  #put(item: TopicItem): void {
    if (item.kind !== "conversation") return;
    this.#leftItems.delete(item.id);
    this.#items.set(item.id, item);
  }

  #dropUnconfirmed(topic: string, confirmed: Set<string>): void {
    // A newer snapshot came meanwhile: it has its own moment.
    if (this.#confirmed.get(topic) !== confirmed) return;
    const ids = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, new Set([...ids].filter((id) => confirmed.has(id))));
    for (const id of ids) if (!confirmed.has(id)) this.#dropUnlessElsewhere(id);
    this.#tellSoon();
  }

  #dropUnlessElsewhere(id: string): void {
    for (const ids of this.#topics.values()) if (ids.has(id)) return;
    const item = this.#items.get(id);
    if (item === undefined) return;
    this.#items.delete(id);
    this.#leftCount.value += 1;
    this.#leftItems.set(id, { ...item, open: false });
    const [oldest] = this.#leftItems.keys();
    if (this.#leftItems.size > keptOfThoseThatLeft && oldest !== undefined) this.#leftItems.delete(oldest);
  }

  #tellSoon(): void {
    if (!this.#told) return;
    this.#told = false;
    this.#soon(() => {
      this.#told = true;
      this.#revision.value += 1;
    });
  }
}
