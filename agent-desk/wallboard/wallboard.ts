import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { TeamItem, TopicItem } from "../../src/protocol/desk.ts";
import type { TopicReader } from "../live/topics.ts";
import { route } from "../shell/route.ts";

export const wallboardAddress = "#/wallboard";

/** Whether the wallboard takes the inbox's place. */
export const wallboardShown = computed(() => {
  route.value;
  return location.hash === wallboardAddress;
});

/** The teams as the topic `wallboard` tells them; null until it did. */
export class Teams implements TopicReader {
  readonly list: ReadonlySignal<readonly TeamItem[] | null>;
  readonly #teams = signal<ReadonlyMap<string, TeamItem> | null>(null);

  constructor() {
    this.list = computed(() => (this.#teams.value === null ? null : [...this.#teams.value.values()].sort(byName)));
  }

  snapshot({ items }: { items: TopicItem[] }): void {
    this.#teams.value = new Map();
    this.delta({ changed: items, removed: [] });
  }

  delta({ changed, removed }: { changed: TopicItem[]; removed: string[] }): void {
    const teams = new Map(this.#teams.value);
    for (const item of changed) if (item.kind === "team") teams.set(item.id, item);
    for (const id of removed) teams.delete(id);
    this.#teams.value = teams;
  }
}

function byName(a: TeamItem, b: TeamItem): number {
  return a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);
}

/** `45 s`, `3 min`, `1 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
