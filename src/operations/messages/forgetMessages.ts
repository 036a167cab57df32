import type { Database } from "../../platform/database/database.ts";
import { deleteEndedMessages } from "./scheduledStore.ts";

const keptDays = 30;

/** Retention: forgets what went, was cancelled or failed long ago. */
export async function forgetOldMessages({ database }: { database: Pick<Database, "acrossTenants"> }): Promise<void> {
  await deleteEndedMessages(database.acrossTenants, keptDays);
}
