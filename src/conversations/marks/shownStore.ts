import type { Sql, TenantSql } from "../../platform/database/database.ts";

/** Up to which `seq` each side of a conversation was shown what was said; 0 for nothing yet. */
export interface Shown {
  tenant: string;
  conversation: string;
  visitor: number;
  agent: number;
}

/** Raises marks, which never go back; answers those that rose, as they stand. Index: the primary keys. */
export async function raiseShown(sql: Sql, marks: readonly Shown[]): Promise<Shown[]> {
  return await sql.query<Shown & Record<string, unknown>>(
    `insert into shown_mark (tenant_id, conversation_id, visitor_seq, agent_seq)
     select c.tenant_id, c.id, r.visitor, r.agent
       from json_to_recordset($1::json) as r (tenant uuid, conversation uuid, visitor bigint, agent bigint)
       join conversation c on c.tenant_id = r.tenant and c.id = r.conversation
      order by c.tenant_id, c.id
     on conflict (tenant_id, conversation_id) do update set
       visitor_seq = greatest(shown_mark.visitor_seq, excluded.visitor_seq), agent_seq = greatest(shown_mark.agent_seq, excluded.agent_seq)
       where shown_mark.visitor_seq < excluded.visitor_seq or shown_mark.agent_seq < excluded.agent_seq
     returning tenant_id as tenant, conversation_id as conversation, visitor_seq as visitor, agent_seq as agent`,
    [JSON.stringify(marks)],
    "raiseShown",
  );
}

/** How far the agents have come, for a page of the visitor that comes back: what they have read, and been shown. Index: the primary keys. */
export async function findAgentMarks(
  sql: TenantSql,
  conversation: string,
): Promise<{ read: number; shown: number; name: string | null } | undefined> {
  const rows = await sql.query<{ read: number; shown: number; name: string | null }>(
    `select c.agent_read_seq as read, coalesce(s.agent_seq, 0) as shown, c.agent_name as name from conversation c
       left join shown_mark s on s.tenant_id = c.tenant_id and s.conversation_id = c.id
      where c.tenant_id = $1 and c.id = $2`,
    [conversation],
    "findAgentMarks",
  );
  return rows[0];
}
