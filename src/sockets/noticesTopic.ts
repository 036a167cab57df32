import { noticesSubject } from "../notices/deliverNotices.ts";
import { findSettings, listNotices } from "../notices/noticeStore.ts";
import type { Platform } from "../platform/platform.ts";
import type { NoticeEntry } from "../protocol/notices.ts";
import { deltaFrame, snapshotFrame, type Watcher } from "./topic.ts";

/** The bus may lose a word. */
const lookEveryMs = 15_000;

/** The topic `notices` of one account: its newest, live. The answer ends it. */
export function watchNotices(
  platform: Pick<Platform, "database" | "bus" | "clock" | "log">,
  { tenant, account }: { tenant: string; account: string },
  watcher: Watcher,
): () => void {
  const sql = platform.database.forTenant(tenant);
  let shown: Map<string, string> | undefined;
  let number = 0;
  let looking = false;
  let again = false;
  let cancel = () => {};
  let ended = false;

  const tell = (notices: readonly NoticeEntry[]) => {
    const texts = new Map(notices.map((notice) => [notice.id, JSON.stringify(notice)]));
    number += 1;
    if (shown === undefined) watcher.send(snapshotFrame("notices", `${number}`, notices));
    else {
      const changed = notices.filter(({ id }) => shown?.get(id) !== texts.get(id));
      const removed = [...shown.keys()].filter((id) => !texts.has(id));
      if (changed.length + removed.length > 0) watcher.send(deltaFrame("notices", `${number}`, changed, removed));
    }
    shown = texts;
  };
  const look = async () => {
    again = looking;
    if (looking || ended) return;
    looking = true;
    cancel();
    try {
      const [notices, { kinds }] = await Promise.all([listNotices(sql, account), findSettings(sql, account)]);
      if (!ended) tell(notices.filter(({ what }) => kinds[what].desk));
    } catch (error) {
      platform.log.warn({ error: error instanceof Error ? error.message : "unknown" }, "could not read notices");
    }
    looking = false;
    if (ended) return;
    if (again) void look();
    else cancel = platform.clock.after(lookEveryMs, () => void look());
  };

  const unsubscribe = platform.bus.subscribe(noticesSubject(tenant, account), () => void look());
  void look();
  return () => {
    ended = true;
    unsubscribe();
    cancel();
  };
}
