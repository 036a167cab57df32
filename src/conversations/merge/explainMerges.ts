import type { Reach } from "../../access/policy.ts";
import { reachableAmong } from "../../access/roles/reachStore.ts";
import type { Platform } from "../../platform/platform.ts";
import type { ConversationRef } from "../conversation.ts";
import { mergeHistory } from "./mergeStore.ts";

const mergedInto = "merged into ";

/** What `/why` tells of merges. */
interface ExplainedMerge {
  [field: string]: string | null;
  at: string;
  by: string;
  conversation: string;
  into: string;
  endedAt: string | null;
  endedBy: string | null;
}

/**
 * Who merged a conversation into which, or others into it, and who took them apart: as sentences and as data, oldest first. Of those beyond
 * `reach` nothing is told.
 */
export async function explainMerges(
  { database }: Pick<Platform, "database">,
  { tenant, id }: ConversationRef,
  reach: Reach,
): Promise<{ lines: string[]; merges: ExplainedMerge[]; said: (reason: string) => string }> {
  const sql = database.forTenant(tenant);
  const history = await mergeHistory(sql, id);
  const seen = await reachableAmong(
    sql,
    reach,
    history.flatMap(({ conversation, target }) => [conversation, target]),
  );
  const told = history.filter(({ conversation, target }) => seen.has(conversation) && seen.has(target));
  const merges = told.map(({ mergedAt, by, conversation, target, endedAt, endedBy }) => ({
    at: mergedAt.toISOString(),
    by,
    conversation,
    into: target,
    endedAt: endedAt?.toISOString() ?? null,
    endedBy,
  }));
  const lines = merges.flatMap(({ at, by, conversation, into, endedAt, endedBy }) => {
    const what = into === id ? `${conversation} was merged into this` : `merged into ${into}`;
    return [`${at} ${what} (${by})`, ...(endedAt === null ? [] : [`${endedAt} unmerged (${endedBy ?? "Switchboard"})`])];
  });
  // A change of control names the target too.
  const said = (reason: string) =>
    reason.startsWith(mergedInto) && !seen.has(reason.slice(mergedInto.length)) ? "merged into another" : reason;
  return { lines, merges, said };
}
