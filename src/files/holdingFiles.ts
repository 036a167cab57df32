import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import { type Holding, holdFiles, letGo, markHeld } from "./heldFileStore.ts";

interface Holder {
  tenant: string;
  /** The key of the entities' blueprint. */
  blueprint: string;
  /** The account that writes. */
  by: string;
}

/**
 * Writes entities with the files that are new to them: from then on they are theirs, and read by whoever reads these entities. Where `write` is refused or
 * answers that it wrote nothing, the uploads are free again. Refusal `invalid_value` where one isn't there any more; then nothing is written.
 */
export async function holdingFiles<Outcome>(
  { database }: Pick<Platform, "database">,
  { tenant, ...holder }: Holder,
  wanted: readonly Holding[],
  write: () => Promise<Outcome>,
  isWritten: (outcome: Outcome) => boolean,
): Promise<Outcome> {
  if (wanted.length === 0) return await write();
  const sql = database.forTenant(tenant);
  const held = await holdFiles(sql, wanted, holder);
  const fresh = held.filter((one) => one.fresh).map(({ file }) => file);
  let written = false;
  try {
    if (wanted.some((one) => !held.some(({ file, entity }) => file === one.file && entity === one.entity))) throw noSuchFile("values");
    const outcome = await write();
    written = isWritten(outcome);
    return outcome;
  } finally {
    // What can't be said now, the housekeeping finds out.
    if (fresh.length > 0) await (written ? markHeld(sql, fresh) : letGo(sql, fresh)).catch(() => {});
  }
}

/** The same for what isn't there and for what is somebody else's. */
export function noSuchFile(path: string): Refusal {
  return new Refusal("invalid_value", "There is no such file of yours; upload it again, and give its id.", { path });
}
