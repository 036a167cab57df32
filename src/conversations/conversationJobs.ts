import type { Platform } from "../platform/platform.ts";
import { deleteIdleTokens } from "./contacts/visitorStore.ts";

/** Forgets the tokens of visitors who didn't come for 30 days: their conversation stays, their page begins anew. */
export async function forgetIdleVisitors({ database }: Pick<Platform, "database">): Promise<void> {
  await deleteIdleTokens(database.acrossTenants);
}
