import type { RunNotice } from "../commands/runs/runOutside.ts";
import type { Platform } from "../platform/platform.ts";
import { announceNotices } from "./deliverNotices.ts";
import { writeRunNotice } from "./noticeStore.ts";

/** Tells people of a run that waits, or waited, for them: at the desk at once, by push and mail as they want it. */
export async function tellOfRun(platform: Pick<Platform, "database" | "bus">, tenant: string, notice: RunNotice): Promise<void> {
  const told = await writeRunNotice(platform.database.forTenant(tenant), notice);
  for (const account of told) announceNotices(platform, { tenant, account });
}
