import { type ReadonlySignal, signal } from "@preact/signals";
import type { ConversationItem, Delta, Snapshot, TopicItem } from "../../src/protocol/desk.ts";
import type { TopicReader } from "../live/topics.ts";

/**
 * Every conversation that the desk was told of, from the topics `inbox` and `queue:<team>`.
 * What changes within a frame is told once: at a thousand changes a second the lists are drawn sixty times, not a thousand.
 */
export class Conversations {
  /** Counts the changes; whoever reads it is drawn again. */
  readonly revision: ReadonlySignal<number>;
  readonly #revision = signal(0);
  readonly #items = new Map<string, ConversationItem>();
  readonly #topics = new Map<string, Set<string>>();
  readonly #soon: (tell: () => void) => void;
  #told = true;

  constructor(soon: (tell: () => void) => void) {
    this.#soon = soon;
    this.revision = this.#revision;
  }

  /** Nothing is known until the first snapshot: then a skeleton stands there, later never again. */
  get known(): boolean {
    return this.#topics.has("inbox");
  }

  get size(): number {
    return this.#items.size;
  }

  get(id: string): ConversationItem | undefined {
    return this.#items.get(id);
  }

  all(): IterableIterator<ConversationItem> {
    return this.#items.values();
  }

  /** What a topic's frames change here. */
  reader(topic: string): TopicReader {
    return { snapshot: ({ items }) => this.snapshot({ topic, items }), delta: (delta) => this.delta(delta) };
  }

  snapshot({ topic, items }: Pick<Snapshot, "topic" | "items">): void {
    const before = this.#topics.get(topic);
    const ids = new Set(items.map(({ id }) => id));
    this.#topics.set(topic, ids);
    for (const item of items) this.#put(item);
    for (const id of before ?? []) if (!ids.has(id)) this.#dropUnlessElsewhere(id);
    this.#tellSoon();
  }

  delta({ topic, changed, removed }: Pick<Delta, "topic" | "changed" | "removed">): void {
    const ids = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, ids);
    for (const item of changed) {
      ids.add(item.id);
      this.#put(item);
    }
    for (const id of removed) {
      ids.delete(id);
      this.#dropUnlessElsewhere(id);
    }
    this.#tellSoon();
  }

  #put(item: TopicItem): void {
    if (item.kind === "conversation") this.#items.set(item.id, item);
  }

  #dropUnlessElsewhere(id: string): void {
    for (const ids of this.#topics.values()) if (ids.has(id)) return;
    this.#items.delete(id);
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
