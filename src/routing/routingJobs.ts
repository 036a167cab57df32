import type { Platform } from "../platform/platform.ts";
import { forgetOldConnections } from "./presenceStore.ts";

/** Forgets what dead gateways said of who is connected. */
export async function forgetDeadGateways({ database }: Pick<Platform, "database">): Promise<void> {
  await forgetOldConnections(database.acrossTenants);
}
