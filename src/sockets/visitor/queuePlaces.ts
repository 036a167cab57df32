import { queueSubject } from "../../conversations/ledger/record.ts";
import type { Platform } from "../../platform/platform.ts";
import { type QueueView, viewQueue } from "../../routing/queue.ts";

export interface QueueWatch {
  /** 1 is next; undefined where the conversation doesn't wait in this queue. */
  placeOf(conversation: string): Promise<{ position: number; waitSeconds: number | undefined } | undefined>;
  leave(): void;
}

/** Changes are gathered for so long before the queue is read again: a burst of takes reads it once. */
const gatherMs = 200;
/** Read again anyway, for what the bus didn't bring. */
const refreshMs = 4000;

/** The queues that visitors of this process wait in, read once for all of them. */
export class QueuePlaces {
  readonly #platform: Pick<Platform, "database" | "bus" | "clock" | "log">;
  readonly #queues = new Map<string, WatchedQueue>();

  constructor(platform: Pick<Platform, "database" | "bus" | "clock" | "log">) {
    this.#platform = platform;
  }

  watch(tenant: string, team: string, changed: () => void): QueueWatch {
    const id = `${tenant}.${team}`;
    let queue = this.#queues.get(id);
    if (queue === undefined) {
      queue = new WatchedQueue(this.#platform, tenant, team);
      this.#queues.set(id, queue);
    }
    const watched = queue;
    watched.watchers.add(changed);
    return {
      placeOf: (conversation) => watched.placeOf(conversation),
      leave: () => {
        watched.watchers.delete(changed);
        if (watched.watchers.size > 0 || this.#queues.get(id) !== watched) return;
        watched.end();
        this.#queues.delete(id);
      },
    };
  }
}

class WatchedQueue {
  readonly watchers = new Set<() => void>();
  readonly #platform: Pick<Platform, "database" | "bus" | "clock" | "log">;
  readonly #tenant: string;
  readonly #team: string;
  #positions = new Map<string, number>();
  #waitSeconds: QueueView["waitSeconds"] = () => undefined;
  #reading: Promise<void> | undefined;
  readonly #endings: (() => void)[];
  #gathering = false;
  #ended = false;

  constructor(platform: Pick<Platform, "database" | "bus" | "clock" | "log">, tenant: string, team: string) {
    this.#platform = platform;
    this.#tenant = tenant;
    this.#team = team;
    this.#endings = [platform.bus.subscribe(queueSubject(tenant), () => this.#changed())];
    this.#refreshLater();
  }

  async placeOf(conversation: string): Promise<{ position: number; waitSeconds: number | undefined } | undefined> {
    if (!this.#positions.has(conversation)) await this.#read();
    const position = this.#positions.get(conversation);
    return position === undefined ? undefined : { position, waitSeconds: this.#waitSeconds(position) };
  }

  end(): void {
    this.#ended = true;
    for (const end of this.#endings) end();
  }

  #refreshLater(): void {
    this.#platform.clock.after(refreshMs, () => {
      if (this.#ended) return;
      this.#changed();
      this.#refreshLater();
    });
  }

  #changed(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    this.#platform.clock.after(gatherMs, () => {
      this.#gathering = false;
      if (this.#ended) return;
      void this.#read().then(() => {
        for (const tell of this.watchers) tell();
      });
    });
  }

  #read(): Promise<void> {
    this.#reading ??= viewQueue(this.#platform, this.#tenant, this.#team)
      .then((view) => this.#keep(view))
      .catch((error) => this.#platform.log.warn({ error: error instanceof Error ? error.message : "unknown" }, "could not read a queue"))
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }

  #keep(view: QueueView): void {
    this.#positions = new Map(view.conversations.map((conversation, index) => [conversation, index + 1]));
    this.#waitSeconds = view.waitSeconds;
  }
}
