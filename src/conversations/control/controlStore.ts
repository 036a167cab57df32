import type { TenantSql } from "../../platform/database/database.ts";
import { findControl } from "../conversationStore.ts";

export interface ControlEntry {
  at: string;
  from: string;
  to: string;
  /** The person who did it; null for the visitor and for Switchboard itself. */
  by: string | null;
  reason: string;
}

/** Every change of control of a conversation, oldest first; undefined where there is no such conversation. Index: the primary key. */
export async function controlHistory(sql: TenantSql, conversation: string): Promise<ControlEntry[] | undefined> {
  if ((await findControl(sql, conversation)) === undefined) return undefined;
  const rows = await sql.query<{ at: Date; from_controller: string; to_controller: string; name: string | null; reason: string }>(
    `select h.at, h.from_controller, h.to_controller, a.name, h.reason
     from control_change h left join account a on h.by_kind = 'account' and a.id = h.by_id
     where h.tenant_id = $1 and h.conversation_id = $2 order by h.generation`,
    [conversation],
  );
  return rows.map((row) => ({
    at: row.at.toISOString(),
    from: row.from_controller,
    to: row.to_controller,
    by: row.name,
    reason: row.reason,
  }));
}
