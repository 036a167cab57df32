import type { Platform } from "../platform/platform.ts";
import type { TeamItem } from "../protocol/desk.ts";
import { levelsNow, teamsNow, teamsToday } from "./wallboardStore.ts";

/** Every active team: who waits, who is there, which service levels are due soon or breached, and what was done since the tenant's midnight. */
export async function viewWallboard({ database }: Pick<Platform, "database">, tenant: string): Promise<TeamItem[]> {
  const sql = database.forTenant(tenant);
  const [now, levels, today] = await Promise.all([teamsNow(sql), levelsNow(sql), teamsToday(sql)]);
  return now.map((team) => ({
    ...team,
    ...(levels.get(team.id) ?? { dueSoon: 0, breached: 0 }),
    ...(today.get(team.id) ?? { assignedToday: 0, abandonedToday: 0, meanWaitSeconds: null }),
  }));
}
