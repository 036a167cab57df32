import type { TenantSql } from "../platform/database/database.ts";

/** Conversations that wait for a team, in the order in which they are taken. Index: conversation_queue. */
export async function queuedConversations(sql: TenantSql, team: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    "select id from conversation where tenant_id = $1 and team = $2 and controller = 'queue' order by queued_at, id limit 10000",
    [team],
    "queuedConversations",
  );
  return rows.map((row) => row.id);
}

/** Seconds that the last 20 people who were taken from the queue within the hour had waited. Index: control_change_at. */
export async function recentWaits(sql: TenantSql, team: string): Promise<number[]> {
  const rows = await sql.query<{ seconds: number }>(
    `select extract(epoch from taken.at - entered.at)::float8 as seconds
     from control_change taken
     join control_change entered on entered.tenant_id = taken.tenant_id and entered.conversation_id = taken.conversation_id and entered.generation = taken.generation - 1
     join conversation c on c.tenant_id = taken.tenant_id and c.id = taken.conversation_id
     where taken.tenant_id = $1 and taken.at > now() - interval '1 hour' and taken.from_controller = 'queue' and taken.to_controller = 'agent' and c.team = $2
     order by taken.at desc limit 20`,
    [team],
    "recentWaits",
  );
  return rows.map((row) => row.seconds);
}
