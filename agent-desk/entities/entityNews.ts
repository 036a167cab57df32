import type { Delta } from "../../src/protocol/desk.ts";
import type { TopicReader } from "../live/topics.ts";

/** Ids of entities that changed; `all` where any may have. */
export type News = ReadonlySet<string> | "all";

/** What the topic `entities:<blueprint>` tells, for all that a page shows of them. */
export class EntityNews implements TopicReader {
  readonly #listeners = new Set<(news: News) => void>();

  snapshot(): void {
    this.#tell("all");
  }

  delta({ changed }: Pick<Delta, "changed">): void {
    this.#tell(new Set(changed.map(({ id }) => id)));
  }

  /** The answer ends it. */
  hear(listener: (news: News) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(news: News): void {
    for (const listener of [...this.#listeners]) listener(news);
  }
}
