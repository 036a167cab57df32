import type { Platform } from "../platform/platform.ts";
import { deleteOldNotices } from "./noticeStore.ts";

const keptDays = 90;

export async function forgetOldNotices({ database }: Pick<Platform, "database">): Promise<void> {
  await deleteOldNotices(database.acrossTenants, keptDays);
}
