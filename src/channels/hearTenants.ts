import { type Clock, every } from "../platform/clock/clock.ts";
import type { Platform } from "../platform/platform.ts";
import { listFollowing } from "./threads/threadStore.ts";

const tenantsEveryMs = 5000;

/** Hears a subject of each tenant that has something connected, from within 5 s on, and until it has no more. The answer stops it. */
export function hearTenants(
  { database, bus, clock }: Pick<Platform, "database" | "bus"> & { clock: Clock },
  subjectOf: (tenant: string) => string,
  heard: (tenant: string, data: unknown) => void,
  failed: (error: unknown) => void,
): () => void {
  const hearing = new Map<string, () => void>();
  const look = async () => {
    const following = new Set(await listFollowing(database.acrossTenants));
    for (const [tenant, stop] of hearing) {
      if (following.has(tenant)) continue;
      stop();
      hearing.delete(tenant);
    }
    for (const tenant of following) {
      if (hearing.has(tenant)) continue;
      hearing.set(
        tenant,
        bus.subscribe(subjectOf(tenant), ({ data }) => heard(tenant, data)),
      );
    }
  };
  void look().catch(failed);
  const stopLooking = every(clock, tenantsEveryMs, look, failed);
  return () => {
    stopLooking();
    for (const stop of hearing.values()) stop();
  };
}
