import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { TopicItem } from "../../src/protocol/desk.ts";
import type { NoticeEntry } from "../../src/protocol/notices.ts";
import type { TopicReader } from "../live/topics.ts";

/** What I should know, as the topic `notices` tells it. */
export class Notices implements TopicReader {
  readonly known = signal(false);
  /** The newest first. */
  readonly entries: ReadonlySignal<readonly NoticeEntry[]>;
  readonly unread: ReadonlySignal<number>;
  readonly #entries = signal<ReadonlyMap<string, NoticeEntry>>(new Map());

  constructor() {
    this.entries = computed(() => [...this.#entries.value.values()].sort((a, b) => (a.at < b.at ? 1 : -1)));
    this.unread = computed(() => this.entries.value.filter(({ read }) => !read).length);
  }

  snapshot({ items }: { items: TopicItem[] }): void {
    this.#entries.value = new Map();
    this.delta({ changed: items, removed: [] });
    this.known.value = true;
  }

  delta({ changed, removed }: { changed: TopicItem[]; removed: string[] }): void {
    const entries = new Map(this.#entries.value);
    for (const item of changed) if (item.kind === "notice") entries.set(item.id, item);
    for (const id of removed) entries.delete(id);
    this.#entries.value = entries;
  }

  /** Shows them as read before the server has confirmed it. */
  expectRead(ids: readonly string[]): void {
    this.delta({ changed: ids.flatMap((id) => this.#entries.value.get(id) ?? []).map((entry) => ({ ...entry, read: true })), removed: [] });
  }
}
