import type { TenantSql } from "../platform/database/database.ts";

export interface Transcribed {
  email: string | null;
  locale: string | null;
  inbox: string;
  timeZone: string;
  beganAt: string;
  lastSeq: number;
}

/** What a transcript says besides the messages. Index: the primary keys. */
export async function findTranscribed(sql: TenantSql, conversation: string): Promise<Transcribed | undefined> {
  const rows = await sql.query<Omit<Transcribed, "beganAt"> & { beganAt: Date }>(
    `select k.email, k.locale, i.name as inbox, t.time_zone as "timeZone", c.created_at as "beganAt", c.last_seq as "lastSeq"
       from conversation c
       join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
       join inbox i on i.tenant_id = c.tenant_id and i.id = c.inbox_id
       join tenant t on t.id = c.tenant_id
      where c.tenant_id = $1 and c.id = $2`,
    [conversation],
  );
  return rows.map((row) => ({ ...row, beganAt: row.beganAt.toISOString() }))[0];
}
