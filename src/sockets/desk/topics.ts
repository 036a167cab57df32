import { reachesTeam, reachOf } from "../../access/policy.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import { type Touched, touchedLately } from "../../conversations/conversationStore.ts";
import { queueSubject } from "../../conversations/ledger/record.ts";
import { every } from "../../platform/clock/clock.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { presenceSubject, viewAgents } from "../../routing/presence.ts";
import { serviceSubject } from "../../routing/serviceLevels.ts";
import { viewWallboard } from "../../routing/wallboard.ts";
import type { Viewers } from "../viewers.ts";
import { AidsTopic } from "./aidsTopic.ts";
import { ConversationWatch, type ConversationWatchDependencies } from "./conversationTopic.ts";
import { watchEntities } from "./entitiesTopic.ts";
import { InboxTopic } from "./inboxTopic.ts";
import { LookedTopic } from "./lookedTopic.ts";
import type { Lookers } from "./lookers.ts";
import { isOwnTopic, watchOwn } from "./ownTopic.ts";
import { withLoad } from "./seeing.ts";
import type { Watcher } from "./topic.ts";

type TopicsPlatform = Pick<Platform, "database" | "bus" | "clock" | "log">;
type TopicsDependencies = TopicsPlatform & Pick<ConversationWatchDependencies, "fileAddresses" | "shownMarks">;

/** The topics that sockets of this process watch. */
export class Topics {
  readonly #platform: TopicsDependencies;
  readonly #viewers: Viewers;
  readonly #lookers: Lookers;
  readonly #visitorConnected: (conversation: string) => boolean;
  readonly #inboxes = new Map<string, InboxTopic>();
  readonly #looked = new Map<string, LookedTopic>();
  readonly #aids = new Map<string, AidsTopic>();

  constructor(platform: TopicsDependencies, viewers: Viewers, lookers: Lookers, visitorConnected: (conversation: string) => boolean) {
    this.#platform = platform;
    this.#viewers = viewers;
    this.#lookers = lookers;
    this.#visitorConnected = visitorConnected;
  }

  /** Refusal `not_found`: there is no such topic, or it is not theirs. The answer ends the watch. */
  async watch(principal: AccountPrincipal, topic: string, watcher: Watcher, cursor: string | undefined): Promise<() => void> {
    // Runs, and what is told of them, are also for whoever sees no conversation.
    if (topic === "runs" || topic === "notices") return watchOwn(this.#platform, topic, principal, watcher);
    const blueprint = /^entities:([a-z0-9-]{1,100})$/.exec(topic)?.[1];
    if (blueprint !== undefined && principal.permissions.has("entities.read"))
      return await watchEntities(this.#platform, blueprint, principal, watcher).catch((error) => raiseNoTopic(error, topic));
    const reach = reachOf(principal, "conversations.read");
    if (reach === undefined) throw noTopic(topic);
    const { tenant, account } = principal;
    if (topic === "inbox" || /^queue:[a-z0-9-]{1,60}$/.test(topic)) return this.#inbox(tenant).watch(topic, watcher, cursor, reach);
    if (topic === "lookers") {
      const known = (id: string) => reach === "all" || this.#inboxes.get(tenant)?.isSeen(reach, id) === true;
      return this.#lookers.of(tenant).watch(topic, watcher, cursor, known);
    }
    if (topic === "agents") return this.#lookedAt(topic, tenant).watch(topic, watcher, cursor, (item) => withLoad(reach, account, item));
    if (topic === "wallboard")
      return this.#lookedAt(topic, tenant).watch(topic, watcher, cursor, (item) => (reachesTeam(reach, item.id) ? item : undefined));
    if (isOwnTopic(topic)) return watchOwn(this.#platform, topic, principal, watcher);
    if (topic === "aids") return this.#aidsOf(tenant).watch(topic, watcher, cursor, principal.account);
    const id = /^conversation:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(topic)?.[1]?.toLowerCase();
    if (id === undefined) throw noTopic(topic);
    const deps = { ...this.#platform, viewers: this.#viewers, visitorConnected: this.#visitorConnected };
    const watch = new ConversationWatch(deps, { account, reach }, { tenant, id }, watcher);
    if (await watch.begin()) return () => watch.end();
    watch.end();
    throw noTopic(topic);
  }

  reconcile(touched: readonly Touched[]): void {
    for (const inbox of this.#inboxes.values()) inbox.reconcile(touched);
  }

  #inbox(tenant: string): InboxTopic {
    let topic = this.#inboxes.get(tenant);
    if (topic === undefined) {
      topic = new InboxTopic(this.#platform, tenant, () => this.#inboxes.delete(tenant));
      this.#inboxes.set(tenant, topic);
    }
    return topic;
  }

  #lookedAt(name: "agents" | "wallboard", tenant: string): LookedTopic {
    const known = this.#looked.get(`${name} ${tenant}`);
    if (known !== undefined) return known;
    const subjects = [presenceSubject(tenant), ...(name === "wallboard" ? [queueSubject(tenant), serviceSubject(tenant)] : [])];
    const read = async () => (name === "agents" ? await viewAgents(this.#platform, tenant) : await viewWallboard(this.#platform, tenant));
    const topic = new LookedTopic(this.#platform, { name, subjects, read });
    this.#looked.set(`${name} ${tenant}`, topic);
    return topic;
  }

  #aidsOf(tenant: string): AidsTopic {
    let topic = this.#aids.get(tenant);
    if (topic === undefined) {
      topic = new AidsTopic(this.#platform, tenant);
      this.#aids.set(tenant, topic);
    }
    return topic;
  }
}

/** How often the ledger is asked what changed, and how far back each look goes: a statement may commit its deadline after its `updated_at`. */
const reconcileEveryMs = { healthy: 3000, unhealthy: 1000 };
const reconcileSeconds = 12;

/** Finds, within seconds, what the bus didn't bring. The answer stops it. */
export function reconcileViewers(platform: TopicsPlatform, viewers: Viewers, topics: Topics): () => void {
  const look = async () => {
    const touched = await touchedLately(platform.database.acrossTenants, reconcileSeconds);
    viewers.reconcile(touched);
    topics.reconcile(touched);
  };
  const failed = (error: unknown) =>
    platform.log.warn({ error: error instanceof Error ? error.message : "unknown" }, "could not look for what was missed");
  let due = 0;
  const stopLooking = every(
    platform.clock,
    reconcileEveryMs.unhealthy,
    async () => {
      due += reconcileEveryMs.unhealthy;
      if (platform.bus.healthy && due < reconcileEveryMs.healthy) return;
      due = 0;
      await look();
    },
    failed,
  );
  const stopGaps = platform.bus.onGap(() => void look().catch(failed));
  return () => {
    stopLooking();
    stopGaps();
  };
}

/** A thing that isn't there, and one that is another's, are no topic. */
function raiseNoTopic(error: unknown, topic: string): never {
  throw error instanceof Refusal && error.code === "not_found" ? noTopic(topic) : error;
}

function noTopic(topic: string): Refusal {
  return new Refusal("not_found", `There is no topic "${topic.slice(0, 80)}".`, { path: "topic" });
}
