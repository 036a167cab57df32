import type { Sql } from "../platform/database/database.ts";
import { insertMessageNotices } from "./noticeStore.ts";

/** What a colleague has people told: at the desk, by push and by mail as each of them wants it. Once for a run. */
export async function writeMessageNotices(
  tx: Sql,
  { run, about = null, accounts, text }: { run: string; about?: string | null; accounts: readonly string[]; text: string },
): Promise<void> {
  if (accounts.length > 0) await insertMessageNotices(tx, { key: `message:${run}`, about, accounts, text });
}
