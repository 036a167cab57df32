import type { Database } from "../../platform/database/database.ts";
import { deleteOldTimes } from "./scheduleStore.ts";

const keptDays = 90;

/** Retention: forgets how schedules went long ago. */
export async function forgetOldTimes({ database }: { database: Pick<Database, "acrossTenants"> }): Promise<void> {
  await deleteOldTimes(database.acrossTenants, keptDays);
}
