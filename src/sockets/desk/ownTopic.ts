import type { AccountPrincipal } from "../../access/principal.ts";
import { newestRuns } from "../../commands/runs/readRuns.ts";
import { runsSubject } from "../../commands/runs/runOutside.ts";
import { noticesSubject } from "../../notices/deliverNotices.ts";
import { listMentions } from "../../notices/mentionStore.ts";
import { findSettings, listNotices } from "../../notices/noticeStore.ts";
import type { Platform } from "../../platform/platform.ts";
import type { TopicItem } from "../../protocol/desk.ts";
import { deltaFrame, snapshotFrame, type Watcher } from "./topic.ts";

/** The bus may lose a word. */
const lookEveryMs = 15_000;

type OwnPlatform = Pick<Platform, "database" | "bus" | "clock" | "log">;

/** Topics that each account has of its own: when to look, and what is seen. */
const topics = {
  notices: {
    subjectOf: noticesSubject,
    read: async ({ database }: OwnPlatform, person: AccountPrincipal): Promise<TopicItem[]> => {
      const sql = database.forTenant(person.tenant);
      const [notices, { kinds }] = await Promise.all([listNotices(sql, person), findSettings(sql, person.account)]);
      return notices.filter(({ what }) => kinds[what].desk);
    },
  },
  mentions: {
    subjectOf: noticesSubject,
    read: async ({ database }: OwnPlatform, person: AccountPrincipal): Promise<TopicItem[]> =>
      await listMentions(database.forTenant(person.tenant), person),
  },
  runs: {
    subjectOf: runsSubject,
    read: async ({ database, clock }: OwnPlatform, person: AccountPrincipal): Promise<TopicItem[]> =>
      await newestRuns({ database: database.aside, clock }, person),
  },
};

export function isOwnTopic(topic: string): topic is keyof typeof topics {
  return Object.hasOwn(topics, topic);
}

/** What concerns one account: read anew whenever it is told that something is new, and now and then. The answer ends it. */
export function watchOwn(platform: OwnPlatform, topic: keyof typeof topics, person: AccountPrincipal, watcher: Watcher): () => void {
  const { tenant, account } = person;
  let shown: Map<string, string> | undefined;
  let number = 0;
  let looking = false;
  let again = false;
  let cancel = () => {};
  let ended = false;

  const tell = (items: readonly TopicItem[]) => {
    const texts = new Map(items.map((item) => [item.id, JSON.stringify(item)]));
    number += 1;
    if (shown === undefined) watcher.send(snapshotFrame(topic, `${number}`, items));
    else {
      const changed = items.filter(({ id }) => shown?.get(id) !== texts.get(id));
      const removed = [...shown.keys()].filter((id) => !texts.has(id));
      if (changed.length + removed.length > 0) watcher.send(deltaFrame(topic, `${number}`, changed, removed));
    }
    shown = texts;
  };
  const look = async () => {
    again = looking;
    if (looking || ended) return;
    looking = true;
    cancel();
    try {
      const items = await topics[topic].read(platform, person);
      if (!ended) tell(items);
    } catch (error) {
      platform.log.warn({ error: error instanceof Error ? error.message : "unknown" }, `could not read ${topic}`);
    }
    looking = false;
    if (ended) return;
    if (again) void look();
    else cancel = platform.clock.after(lookEveryMs, () => void look());
  };

  const unsubscribe = platform.bus.subscribe(topics[topic].subjectOf(tenant, account), () => void look());
  void look();
  return () => {
    ended = true;
    unsubscribe();
    cancel();
  };
}
