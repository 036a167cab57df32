import type { Platform } from "../../platform/platform.ts";
import type { ConversationRef } from "../conversation.ts";
import { mergeHistory } from "./mergeStore.ts";

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

/** Who merged a conversation into which, or others into it, and who took them apart: as sentences and as data, oldest first. */
export async function explainMerges(
  { database }: Pick<Platform, "database">,
  { tenant, id }: ConversationRef,
): Promise<{ lines: string[]; merges: ExplainedMerge[] }> {
  const history = await mergeHistory(database.forTenant(tenant), id);
  const merges = history.map(({ mergedAt, by, conversation, target, endedAt, endedBy }) => ({
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
  return { lines, merges };
}
