import type { TenantSql } from "../../platform/database/database.ts";

/** Whether the visitor's mark rose to `seq`; one beyond the newest message is refused. */
export async function raiseVisitorRead(sql: TenantSql, conversation: string, seq: number): Promise<boolean> {
  const rows = await sql.query(
    "update conversation set visitor_read_seq = $3 where tenant_id = $1 and id = $2 and visitor_read_seq < $3 and $3 <= last_seq returning id",
    [conversation, seq],
    "raiseVisitorRead",
  );
  return rows.length > 0;
}

/** The agents' mark: only whoever answers the conversation raises it, for the others only look. */
export async function raiseAgentRead(sql: TenantSql, conversation: string, agent: string, seq: number): Promise<boolean> {
  const rows = await sql.query(
    `update conversation set
       agent_read_seq = $3,
       unread = (select count(*) from message m where m.tenant_id = $1 and m.conversation_id = $2 and m.seq > $3 and m.author_kind = 'visitor'
         and m.deleted_at is null)
     where tenant_id = $1 and id = $2 and agent_id = $4 and agent_read_seq < $3 and $3 <= last_seq returning id`,
    [conversation, seq, agent],
    "raiseAgentRead",
  );
  return rows.length > 0;
}
