import type { Platform } from "../platform/platform.ts";
import { peopleOnline } from "./presence.ts";
import { queuedConversations, recentWaits } from "./queueStore.ts";

/** A team's queue as its visitors see it. */
export interface QueueView {
  /** The first is next. */
  conversations: readonly string[];
  /** The mean wait of the last 20 people taken within the hour, in seconds; undefined while nobody was, or nobody is there to take one. */
  waitSeconds: number | undefined;
}

export async function viewQueue({ database }: Pick<Platform, "database">, tenant: string, team: string): Promise<QueueView> {
  const sql = database.forTenant(tenant);
  const [conversations, waits, people] = await Promise.all([
    queuedConversations(sql, team),
    recentWaits(sql, team),
    peopleOnline({ database }, tenant),
  ]);
  return { conversations, waitSeconds: people > 0 ? meanWait(waits) : undefined };
}

/** Rounded up to whole tens of seconds: a figure that claims no more than it knows. */
export function meanWait(waits: readonly number[]): number | undefined {
  if (waits.length === 0) return undefined;
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  return Math.max(10, Math.ceil(mean / 10) * 10);
}
