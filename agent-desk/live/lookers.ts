import { type ReadonlySignal, signal } from "@preact/signals";
import type { LookersItem, TopicItem } from "../../src/protocol/desk.ts";
import type { TopicReader } from "./topics.ts";

export type Looker = LookersItem["people"][number];

/** Which colleagues have a conversation on their page, as the topic `lookers` tells it. */
export class Lookers implements TopicReader {
  /** By conversation, without me. */
  readonly others: ReadonlySignal<ReadonlyMap<string, readonly Looker[]>>;
  readonly #others = signal<ReadonlyMap<string, readonly Looker[]>>(new Map());
  readonly #me: string;

  constructor(me: string) {
    this.#me = me;
    this.others = this.#others;
  }

  snapshot({ items }: { items: TopicItem[] }): void {
    this.#others.value = new Map();
    this.delta({ changed: items, removed: [] });
  }

  delta({ changed, removed }: { changed: TopicItem[]; removed: string[] }): void {
    const others = new Map(this.#others.value);
    for (const item of changed) {
      if (item.kind !== "lookers") continue;
      const people = item.people.filter(({ id }) => id !== this.#me);
      if (people.length === 0) others.delete(item.id);
      else others.set(item.id, people);
    }
    for (const id of removed) others.delete(id);
    this.#others.value = others;
  }
}

/** "Ana", "Ana and Ben", "Ana and 2 others". */
export function namesOf(people: readonly Looker[]): string {
  const [first, second] = people;
  if (first === undefined) return "";
  if (second === undefined) return first.name;
  return people.length === 2 ? `${first.name} and ${second.name}` : `${first.name} and ${people.length - 1} others`;
}
