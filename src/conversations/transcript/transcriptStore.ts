import type { TenantSql } from "../../platform/database/database.ts";

export interface Transcribed {
  email: string | null;
  locale: string | null;
  inbox: string;
  timeZone: string;
}

export interface StoryPart {
  id: string;
  /** ISO 8601, UTC. */
  beganAt: string;
  lastSeq: number;
}

/**
 * A conversation and those of the same contact that are merged with it now, the one that began first first; empty where there is no such
 * conversation. Indexes: conversation_merge_now, conversation_merge_target, the primary key.
 */
export async function storyParts(sql: TenantSql, conversation: string): Promise<StoryPart[]> {
  const rows = await sql.query<Omit<StoryPart, "beganAt"> & { beganAt: Date }>(
    `with lead as (
       select coalesce((select m.target_id from conversation_merge m where m.tenant_id = $1 and m.conversation_id = $2 and m.ended_at is null), $2) as id
     ), together as (
       select id from lead union select $2
       union select m.conversation_id from conversation_merge m, lead where m.tenant_id = $1 and m.target_id = lead.id and m.ended_at is null
     )
     select c.id, c.created_at as "beganAt", c.last_seq as "lastSeq"
       from together join conversation c on c.tenant_id = $1 and c.id = together.id
       join conversation asked on asked.tenant_id = $1 and asked.id = $2 and asked.contact_id = c.contact_id
      order by c.created_at, c.id`,
    [conversation],
    "storyParts",
  );
  return rows.map((row) => ({ ...row, beganAt: row.beganAt.toISOString() }));
}

/** What a transcript says besides the messages. Index: the primary keys. */
export async function findTranscribed(sql: TenantSql, conversation: string): Promise<Transcribed | undefined> {
  const rows = await sql.query<Transcribed & Record<string, unknown>>(
    `select k.email, k.locale, i.name as inbox, t.time_zone as "timeZone"
       from conversation c
       join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
       join inbox i on i.tenant_id = c.tenant_id and i.id = c.inbox_id
       join tenant t on t.id = c.tenant_id
      where c.tenant_id = $1 and c.id = $2`,
    [conversation],
  );
  return rows[0];
}
