import type { Reach } from "../access/policy.ts";
import { withinReach } from "../access/roles/reachStore.ts";
import type { TenantSql } from "../platform/database/database.ts";
import type { CursorValues } from "../platform/lists/cursor.ts";
import { type ListRequest, listSql, type SqlList } from "../platform/lists/listSql.ts";
import type { ConversationItem } from "../protocol/desk.ts";
import { type ItemRow, itemColumns, itemJoins, toItem } from "./conversationStore.ts";

/** By what the tenant's conversations may be filtered and sorted. */
export const conversationList = {
  fields: {
    id: { type: "id", sql: "c.id" },
    contact: { type: "id", sql: "c.contact_id" },
    contactName: { type: "text", sql: "k.name" },
    inbox: { type: "id", sql: "c.inbox_id" },
    team: { type: "text", sql: "c.team" },
    controller: { type: "choice", choices: ["bot", "queue", "agent"], sql: "c.controller" },
    agent: { type: "id", sql: "c.agent_id", optional: true },
    open: { type: "boolean", sql: "c.open" },
    unread: { type: "integer", sql: "c.unread" },
    lastText: { type: "text", sql: "c.last_text" },
    lastAt: { type: "instant", sql: "c.last_at" },
    createdAt: { type: "instant", sql: "c.created_at" },
    closedAt: { type: "instant", sql: "c.closed_at", optional: true },
    snoozedUntil: { type: "instant", sql: "c.snoozed_until", optional: true },
    muted: { type: "choice", choices: ["spam", "blocked", "merged"], sql: "c.muted", optional: true },
  },
  order: "-createdAt",
  unique: "id",
} as const satisfies SqlList;

/**
 * A page of the tenant's conversations within reach, open and closed, the newest first where nothing else is asked. Indexes: conversation_created for that,
 * conversation_closed for `-closedAt`. Refusals: `invalid_value` with the path of what doesn't fit.
 */
export async function listConversations(
  sql: TenantSql,
  reach: Reach,
  request: ListRequest,
): Promise<{ items: ConversationItem[]; nextCursor: string | null }> {
  const within = withinReach(reach, 2);
  const list = listSql(conversationList, request, 2 + within.values.length);
  const read = await sql.query<ItemRow & { cursor: CursorValues }>(
    `select ${itemColumns}, ${list.cursor} as cursor from conversation c ${itemJoins}
     where c.tenant_id = $1 and ${within.condition} and ${list.where} order by ${list.orderBy} limit ${list.limit}`,
    [...within.values, ...list.values],
  );
  const { rows, nextCursor } = list.page(read);
  return { items: rows.map(toItem), nextCursor };
}
