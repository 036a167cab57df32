import type { Platform } from "../platform/platform.ts";
import { peopleOnline } from "./presence.ts";
import { queuedConversations, recentEndings } from "./queueStore.ts";
import { departuresCounted, leavingRate, meanHeadSeconds, waitAt } from "./waitEstimate.ts";

/** A team's queue as its visitors see it. */
export interface QueueView {
  /** The first is next. */
  conversations: readonly string[];
  /** The expected wait at a position, in seconds; undefined while nobody was taken within the hour, or nobody is there to take one. */
  waitSeconds: (position: number) => number | undefined;
}

export async function viewQueue({ database }: Pick<Platform, "database">, tenant: string, team: string): Promise<QueueView> {
  const sql = database.forTenant(tenant);
  const [{ conversations, waitingSince, waitingSeconds, readAt }, { departures, leavings }, people] = await Promise.all([
    queuedConversations(sql, team),
    recentEndings(sql, team),
    peopleOnline({ database }, tenant, team),
  ]);
  const headSeconds = people > 0 ? meanHeadSeconds(departures.slice(0, departuresCounted)) : undefined;
  const leaves = leavingRate(departures, leavings, waitingSeconds);
  const lastTakenAt = Math.max(...departures.map(({ takenAt }) => takenAt));
  const stoodSeconds = (readAt - Math.max(waitingSince, lastTakenAt)) / 1000;
  return {
    conversations,
    waitSeconds: (position) => (headSeconds === undefined ? undefined : waitAt(position, headSeconds, stoodSeconds, leaves)),
  };
}
