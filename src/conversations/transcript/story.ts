import type { Reach } from "../../access/policy.ts";
import { reachableAmong } from "../../access/roles/reachStore.ts";
import type { TenantSql } from "../../platform/database/database.ts";
import { messagesAfter } from "../conversationStore.ts";
import type { StoredMessage } from "../events.ts";
import { type StoryPart, storyParts } from "./transcriptStore.ts";

/** Of one person what is read as one: a conversation and those of theirs that are merged with it. */
export interface Story {
  parts: StoryPart[];
  /** The first of all, by their instants; those of one conversation keep their order. */
  messages: (StoredMessage & { conversation: string })[];
  /** Whether there are more than these. */
  cut: boolean;
}

/**
 * What whoever this conversation is with may read of it and of what it was merged with: another customer's part never belongs to it, though an
 * agent sees both in one timeline. For a colleague, as far as `reach` goes. Undefined where there is no such conversation.
 */
export async function readStory(sql: TenantSql, conversation: string, most: number, reach: Reach = "all"): Promise<Story | undefined> {
  const together = await storyParts(sql, conversation);
  const seen = await reachableAmong(
    sql,
    reach,
    together.map(({ id }) => id),
  );
  const parts = together.filter(({ id }) => seen.has(id));
  if (parts.length === 0) return undefined;
  const lines = await Promise.all(
    parts.map(async ({ id }) => (await messagesAfter(sql, id, 0, most)).map((message) => ({ ...message, conversation: id }))),
  );
  const messages = woven(lines);
  return {
    parts,
    messages: messages.slice(0, most),
    cut: messages.length > most || parts.some(({ lastSeq }) => lastSeq > most),
  };
}

/** Of each line the next is compared: an order that its own clock contradicts is never changed. */
function woven<Said extends { at: string }>(lines: readonly (readonly Said[])[]): Said[] {
  const next = lines.map(() => 0);
  const all: Said[] = [];
  for (;;) {
    let first: { line: number; said: Said } | undefined;
    for (const [line, saids] of lines.entries()) {
      const said = saids[next[line] ?? 0];
      if (said !== undefined && (first === undefined || Date.parse(said.at) < Date.parse(first.said.at))) first = { line, said };
    }
    if (first === undefined) return all;
    next[first.line] = (next[first.line] ?? 0) + 1;
    all.push(first.said);
  }
}
