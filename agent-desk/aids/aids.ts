import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { AidItem, CannedItem, FieldItem, MacroItem, TagItem, ViewItem } from "../../src/protocol/aids.ts";
import type { TopicItem } from "../../src/protocol/desk.ts";
import type { TopicReader } from "../live/topics.ts";

/** What helps agents, as the topic `aids` tells it. */
export class Aids implements TopicReader {
  readonly canned: ReadonlySignal<readonly CannedItem[]>;
  readonly macros: ReadonlySignal<readonly MacroItem[]>;
  readonly views: ReadonlySignal<readonly ViewItem[]>;
  readonly tags: ReadonlySignal<readonly TagItem[]>;
  readonly fields: ReadonlySignal<readonly FieldItem[]>;
  /** Nothing is known until the first snapshot. */
  readonly known = signal(false);
  readonly #items = signal<ReadonlyMap<string, AidItem>>(new Map());

  constructor() {
    this.canned = computed(() => this.#all().filter((item) => item.kind === "canned"));
    this.macros = computed(() => this.#all().filter((item) => item.kind === "macro"));
    this.views = computed(() => this.#all().filter((item) => item.kind === "view"));
    this.tags = computed(() => this.#all().filter((item) => item.kind === "tag"));
    // In the order in which they were made, as the server tells them.
    this.fields = computed(() => [...this.#items.value.values()].filter((item) => item.kind === "field"));
  }

  snapshot({ items }: { items: TopicItem[] }): void {
    this.#items.value = new Map();
    this.known.value = true;
    this.delta({ changed: items, removed: [] });
  }

  delta({ changed, removed }: { changed: TopicItem[]; removed: string[] }): void {
    const items = new Map(this.#items.value);
    for (const item of changed) if (isAid(item)) items.set(item.id, item);
    for (const id of removed) items.delete(id);
    this.#items.value = items;
  }

  #all(): AidItem[] {
    return [...this.#items.value.values()].sort((a, b) => a.name.localeCompare(b.name));
  }
}

function isAid(item: TopicItem): item is AidItem {
  return item.kind === "canned" || item.kind === "macro" || item.kind === "view" || item.kind === "tag" || item.kind === "field";
}
