import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { TopicItem } from "../../src/protocol/desk.ts";
import type { MentionItem } from "../../src/protocol/mentions.ts";
import type { TopicReader } from "../live/topics.ts";

/** The notes that name me, as the topic `mentions` tells them. */
export class Mentions implements TopicReader {
  readonly known = signal(false);
  /** Those that I have not read first, then the newest. */
  readonly all: ReadonlySignal<readonly MentionItem[]>;
  readonly unread: ReadonlySignal<number>;
  readonly #items = signal<ReadonlyMap<string, MentionItem>>(new Map());

  constructor() {
    this.all = computed(() =>
      [...this.#items.value.values()].sort((a, b) => Number(a.read) - Number(b.read) || (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)),
    );
    this.unread = computed(() => this.all.value.filter(({ read }) => !read).length);
  }

  /** Whether a note in this conversation names me, and I have not read it. */
  waitsIn(conversation: string): boolean {
    return this.all.value.some((item) => item.conversation === conversation && !item.read);
  }

  snapshot({ items }: { items: TopicItem[] }): void {
    this.#items.value = new Map();
    this.delta({ changed: items, removed: [] });
    this.known.value = true;
  }

  delta({ changed, removed }: { changed: TopicItem[]; removed: string[] }): void {
    const items = new Map(this.#items.value);
    for (const item of changed) if (item.kind === "mention") items.set(item.id, item);
    for (const id of removed) items.delete(id);
    this.#items.value = items;
  }

  /** Shows them as read before the server has confirmed it. */
  expectRead(conversation: string): void {
    const theirs = this.all.value.filter((item) => item.conversation === conversation);
    this.delta({ changed: theirs.map((item) => ({ ...item, read: true })), removed: [] });
  }
}
