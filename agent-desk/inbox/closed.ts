import type { ConversationItem } from "../../src/protocol/desk.ts";

export const closedPageSize = 50;

/** The list as it was with its first page as it is now: what stood in that stretch and is closed no longer, or was deleted, goes. */
export function withFirstPage(before: readonly ConversationItem[] | null, page: readonly ConversationItem[]): ConversationItem[] {
  const last = page.at(-1);
  if (before === null || last === undefined || page.length < closedPageSize) return [...page];
  const ids = new Set(page.map(({ id }) => id));
  const older = before.filter(({ id, closedAt = "" }) => !ids.has(id) && closedAt <= (last.closedAt ?? ""));
  return [...page, ...older];
}

/** One that was closed again meanwhile stands further up already. */
export function withNextPage(before: readonly ConversationItem[] | null, page: readonly ConversationItem[]): ConversationItem[] {
  const ids = new Set(before?.map(({ id }) => id));
  return [...(before ?? []), ...page.filter(({ id }) => !ids.has(id))];
}
