import { aidsOf, aidsSubject, readAids } from "../../aids/aids.ts";
import { every } from "../../platform/clock/clock.ts";
import type { Platform } from "../../platform/platform.ts";
import type { AidItem } from "../../protocol/aids.ts";
import { deltaFrame, snapshotFrame, type Topic, type Watcher } from "./topic.ts";

type AidsPlatform = Pick<Platform, "database" | "bus" | "clock" | "log">;

/** What the bus didn't bring is found by looking: aids change seldom, and nobody waits for them. */
const lookEveryMs = 30_000;
/** Items of one frame; a canned answer may have 20 versions of 4,000 characters. */
const pageSize = 50;

/** The topic `aids` of one account: what is everyone's, what is its teams', what is its own. */
export class AidsTopic implements Topic {
  readonly #platform: AidsPlatform;
  readonly #tenant: string;
  readonly #watchers = new Map<Watcher, { account: string; shown: Map<string, string> | undefined }>();
  #number = 0;
  #stop = () => {};
  #looking: Promise<void> | undefined;
  #again = false;

  constructor(platform: AidsPlatform, tenant: string) {
    this.#platform = platform;
    this.#tenant = tenant;
  }

  watch(topic: string, watcher: Watcher, _cursor: string | undefined, account = ""): () => void {
    if (this.#watchers.size === 0) this.#start();
    this.#watchers.set(watcher, { account, shown: undefined });
    this.#look(topic);
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#stop();
    };
  }

  #start(): void {
    const unsubscribe = this.#platform.bus.subscribe(aidsSubject(this.#tenant), () => this.#look("aids"));
    const stopLooking = every(
      this.#platform.clock,
      lookEveryMs,
      async () => this.#look("aids"),
      () => {},
    );
    this.#stop = () => {
      unsubscribe();
      stopLooking();
    };
  }

  #look(topic: string): void {
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    this.#looking = readAids(this.#platform, this.#tenant)
      .then((items) => this.#tell(topic, items))
      .catch((error) =>
        this.#platform.log.warn({ error: error instanceof Error ? error.message : "unknown" }, "could not read what helps agents"),
      )
      .finally(() => {
        this.#looking = undefined;
        if (!this.#again) return;
        this.#again = false;
        this.#look(topic);
      });
  }

  #tell(topic: string, items: readonly AidItem[]): void {
    this.#number++;
    const texts = new Map(items.map((item) => [item, JSON.stringify(item)]));
    for (const [watcher, watching] of this.#watchers) {
      const mine = aidsOf(watching.account, items);
      const now = new Map(mine.map((item) => [item.id, texts.get(item) ?? ""]));
      const { shown } = watching;
      watching.shown = now;
      const changed = mine.filter((item) => shown?.get(item.id) !== now.get(item.id));
      const removed = [...(shown?.keys() ?? [])].filter((id) => !now.has(id));
      if (shown === undefined) watcher.send(snapshotFrame(topic, `${this.#number}`, changed.slice(0, pageSize)));
      else if (changed.length + removed.length > 0) watcher.send(deltaFrame(topic, `${this.#number}`, changed.slice(0, pageSize), removed));
      void this.#complete(topic, watcher, changed.slice(pageSize));
    }
  }

  /** The rest of many, each page when there is room for it. */
  async #complete(topic: string, watcher: Watcher, rest: readonly AidItem[]): Promise<void> {
    for (let from = 0; from < rest.length && watcher.open && this.#watchers.has(watcher); from += pageSize) {
      await watcher.room();
      watcher.send(deltaFrame(topic, `${this.#number}`, rest.slice(from, from + pageSize)));
    }
  }
}
