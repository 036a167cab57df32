import type { Platform } from "../platform/platform.ts";
import type { AgentItem } from "../protocol/desk.ts";
import { presenceSubject, viewAgents } from "../routing/presence.ts";
import { deltaFrame, snapshotFrame, type Topic, type Watcher } from "./topic.ts";

/** Nobody says that a gateway died: its silence is seen by looking. */
const lookEveryMs = 2500;

/** The topic `agents` of one tenant: colleagues, what they declared, whether they are connected. */
export class AgentsTopic implements Topic {
  readonly #platform: Pick<Platform, "database" | "bus" | "clock" | "log">;
  readonly #tenant: string;
  readonly #watchers = new Map<Watcher, Map<string, string>>();
  #unsubscribe = () => {};
  #number = 0;
  #looking: Promise<void> | undefined;
  #again = false;

  constructor(platform: Pick<Platform, "database" | "bus" | "clock" | "log">, tenant: string) {
    this.#platform = platform;
    this.#tenant = tenant;
  }

  watch(_topic: string, watcher: Watcher): () => void {
    if (this.#watchers.size === 0) this.#start();
    this.#watchers.set(watcher, new Map());
    this.#look();
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#unsubscribe();
    };
  }

  #start(): void {
    let stopped = false;
    const unsubscribe = this.#platform.bus.subscribe(presenceSubject(this.#tenant), () => this.#look());
    const lookLater = () =>
      this.#platform.clock.after(lookEveryMs, () => {
        if (stopped) return;
        this.#look();
        lookLater();
      });
    lookLater();
    this.#unsubscribe = () => {
      stopped = true;
      unsubscribe();
    };
  }

  #look(): void {
    if (this.#looking !== undefined) {
      this.#again = true;
      return;
    }
    this.#looking = viewAgents(this.#platform, this.#tenant)
      .then((agents) => this.#tell(agents))
      .catch((error) => this.#platform.log.warn({ error: error instanceof Error ? error.message : "unknown" }, "could not read presence"))
      .finally(() => {
        this.#looking = undefined;
        if (!this.#again) return;
        this.#again = false;
        this.#look();
      });
  }

  #tell(agents: readonly AgentItem[]): void {
    this.#number++;
    const texts = new Map(agents.map((agent) => [agent.id, JSON.stringify(agent)]));
    for (const [watcher, shown] of this.#watchers) {
      const changed = agents.filter((agent) => shown.get(agent.id) !== texts.get(agent.id));
      const removed = [...shown.keys()].filter((id) => !texts.has(id));
      if (shown.size === 0) watcher.send(snapshotFrame("agents", `${this.#number}`, agents));
      else if (changed.length + removed.length > 0) watcher.send(deltaFrame("agents", `${this.#number}`, changed, removed));
      this.#watchers.set(watcher, texts);
    }
  }
}
