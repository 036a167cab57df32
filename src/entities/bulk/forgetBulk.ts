import type { Platform } from "../../platform/platform.ts";
import { deleteOld } from "./bulkStore.ts";

/** A run can be taken back for a day. */
const keptMs = 2 * 86_400_000;
const atOnce = 5000;

/** Forgets what became of each in runs over many, once nobody can take them back. */
export async function forgetOldBulk({ database, clock }: Pick<Platform, "database" | "clock">): Promise<void> {
  const before = new Date(clock.now() - keptMs);
  for (let gone = atOnce; gone === atOnce; ) gone = await deleteOld(database.acrossTenants, before, atOnce);
}
