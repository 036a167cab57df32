import type { Platform } from "../../platform/platform.ts";
import type { TopicItem } from "../../protocol/desk.ts";
import { deltaFrame, snapshotFrame, type Topic, type Watcher } from "./topic.ts";

/** Nobody says that a gateway died: its silence is seen by looking. */
const lookEveryMs = 2500;
/** News of a burst are one look. */
const gatherMs = 250;

/** What a short list is made of: its name, what the bus says when it may have changed, and how it is read whole. */
export interface Looked {
  name: string;
  subjects: readonly string[];
  read: () => Promise<TopicItem[]>;
}

/** What a watcher may see of an entry; undefined where nothing. */
type See = (item: TopicItem) => TopicItem | undefined;

/** A short list of one tenant that is read whole whenever it may have changed, like `agents` and `wallboard`. */
export class LookedTopic implements Topic {
  readonly #platform: Pick<Platform, "bus" | "clock" | "log">;
  readonly #looked: Looked;
  readonly #watchers = new Map<Watcher, { shown: Map<string, string>; see: See }>();
  #unsubscribe = () => {};
  #number = 0;
  #looking: Promise<void> | undefined;
  #again = false;
  #gathering = false;
  #againSoon = false;

  constructor(platform: Pick<Platform, "bus" | "clock" | "log">, looked: Looked) {
    this.#platform = platform;
    this.#looked = looked;
  }

  watch(_topic: string, watcher: Watcher, _cursor?: string, see: See = (item) => item): () => void {
    if (this.#watchers.size === 0) this.#start();
    this.#watchers.set(watcher, { shown: new Map(), see });
    this.#look();
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#unsubscribe();
    };
  }

  #start(): void {
    let stopped = false;
    const unsubscribes = this.#looked.subjects.map((subject) => this.#platform.bus.subscribe(subject, () => this.#lookSoon()));
    const lookLater = () =>
      this.#platform.clock.after(lookEveryMs, () => {
        if (stopped) return;
        this.#look();
        lookLater();
      });
    lookLater();
    this.#unsubscribe = () => {
      stopped = true;
      for (const unsubscribe of unsubscribes) unsubscribe();
    };
  }

  /** The first news at once, those of the next moment together. */
  #lookSoon(): void {
    if (this.#gathering) {
      this.#againSoon = true;
      return;
    }
    this.#gathering = true;
    this.#look();
    this.#platform.clock.after(gatherMs, () => {
      this.#gathering = false;
      if (!this.#againSoon) return;
      this.#againSoon = false;
      this.#lookSoon();
    });
  }

  #look(): void {
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    this.#looking = this.#looked
      .read()
      .then((items) => this.#tell(items))
      .catch((error) =>
        this.#platform.log.warn({ error: error instanceof Error ? error.message : "unknown" }, `could not read ${this.#looked.name}`),
      )
      .finally(() => {
        this.#looking = undefined;
        if (!this.#again) return;
        this.#again = false;
        this.#look();
      });
  }

  #tell(all: readonly TopicItem[]): void {
    this.#number++;
    const written = new Map(all.map((item) => [item, JSON.stringify(item)]));
    for (const [watcher, { shown, see }] of this.#watchers) {
      const items = all.flatMap((item) => see(item) ?? []);
      const texts = new Map(items.map((item) => [item.id, written.get(item) ?? JSON.stringify(item)]));
      const changed = items.filter(({ id }) => shown.get(id) !== texts.get(id));
      const removed = [...shown.keys()].filter((id) => !texts.has(id));
      if (shown.size === 0) watcher.send(snapshotFrame(this.#looked.name, `${this.#number}`, items));
      else if (changed.length + removed.length > 0) watcher.send(deltaFrame(this.#looked.name, `${this.#number}`, changed, removed));
      this.#watchers.set(watcher, { shown: texts, see });
    }
  }
}
