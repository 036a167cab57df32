import type { Database } from "../database/database.ts";
import { deleteEndedJobs } from "./jobStore.ts";

/** So long somebody may ask what became of a job, and its key finds it; of one that is dead, have it tried again. */
export const keptDays = { doneDays: 7, deadDays: 30 };

/** Retention: forgets jobs that ended long ago. */
export async function forgetEndedJobs({ database }: { database: Pick<Database, "acrossTenants"> }): Promise<void> {
  while ((await deleteEndedJobs(database.acrossTenants, keptDays)) > 0);
}
