import type { Platform } from "../platform/platform.ts";
import type { TeamItem } from "../protocol/desk.ts";
import { teamsNow, teamsToday } from "./wallboardStore.ts";

/** Every active team: who waits, who is there, and what was done since the tenant's midnight. */
export async function viewWallboard({ database }: Pick<Platform, "database">, tenant: string): Promise<TeamItem[]> {
  const sql = database.forTenant(tenant);
  const [now, today] = await Promise.all([teamsNow(sql), teamsToday(sql)]);
  return now.map((team) => ({ ...team, ...(today.get(team.id) ?? { assignedToday: 0, abandonedToday: 0, meanWaitSeconds: null }) }));
}
