import type { Sql } from "../platform/database/database.ts";
import { deleteExpired } from "./sessions/expiryStore.ts";

/** Forgets what nobody can use any more: tickets, refresh tokens, and sessions that ended a month ago. */
export async function forgetExpiredAccess({ database }: { database: { acrossTenants: Sql } }): Promise<void> {
  await deleteExpired(database.acrossTenants);
}
