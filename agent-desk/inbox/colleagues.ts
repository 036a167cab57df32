import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { AgentItem, TopicItem } from "../../src/protocol/desk.ts";
import type { TopicReader } from "../live/topics.ts";

const rank = { online: 0, away: 1, offline: 2 };

/** Who else works here, as the topic `agents` tells it. */
export class Colleagues implements TopicReader {
  /** Without me; those who can take something first. */
  readonly others: ReadonlySignal<readonly AgentItem[]>;
  /** All of us, in the same order. */
  readonly all: ReadonlySignal<readonly AgentItem[]>;
  readonly #agents = signal<ReadonlyMap<string, AgentItem>>(new Map());

  constructor(me: string) {
    this.all = computed(() => [...this.#agents.value.values()].sort(byReadiness));
    this.others = computed(() => this.all.value.filter(({ id }) => id !== me));
  }

  snapshot({ items }: { items: TopicItem[] }): void {
    this.#agents.value = new Map();
    this.delta({ changed: items, removed: [] });
  }

  delta({ changed, removed }: { changed: TopicItem[]; removed: string[] }): void {
    const agents = new Map(this.#agents.value);
    for (const item of changed) if (item.kind === "agent") agents.set(item.id, item);
    for (const id of removed) agents.delete(id);
    this.#agents.value = agents;
  }
}

function byReadiness(a: AgentItem, b: AgentItem): number {
  return (
    Number(b.connected) - Number(a.connected) ||
    rank[a.declared] - rank[b.declared] ||
    (a.holding ?? 0) - (b.holding ?? 0) ||
    a.name.localeCompare(b.name)
  );
}
