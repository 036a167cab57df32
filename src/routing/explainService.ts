import type { Platform } from "../platform/platform.ts";
import { serviceWords } from "./serviceLevels.ts";
import { listTimers } from "./serviceStore.ts";

/** What was promised to a conversation, and how it went: as values, and as sentences. */
export async function explainService(
  { database }: Pick<Platform, "database">,
  tenant: string,
  conversation: string,
): Promise<{ promises: object[]; lines: string[] }> {
  const timers = await listTimers(database.forTenant(tenant), conversation);
  return { promises: timers, lines: timers.map(lineOf) };
}

function lineOf({ kind, begunAt, dueAt, breachedAt, endedAt, tookMs }: Awaited<ReturnType<typeof listTimers>>[number]): string {
  const promise = `${begunAt.toISOString()} service level: ${serviceWords[kind]}`;
  const broken = breachedAt === null ? "" : ", later than promised";
  if (endedAt !== null) return tookMs === null ? `${promise} was not needed any more` : `${promise} took ${openTime(tookMs)}${broken}`;
  return dueAt === null ? `${promise} stands still` : `${promise} is due by ${dueAt.toISOString()}${broken}`;
}

/** Of open time: `1 h 5 min`, `40 s`. */
function openTime(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1000)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
