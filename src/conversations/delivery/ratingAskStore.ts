import type { Sql } from "../../platform/database/database.ts";

export interface Unrated {
  tenant: string;
  conversation: string;
  generation: number;
  name: string;
  email: string | null;
  locale: string | null;
  inbox: string;
}

/**
 * Conversations of a channel that ended within these seconds, in which an agent spoke, about whose end nobody has said or was asked how it was, and whose last
 * answers are on their way to nobody any more.
 * Indexes: conversation_touched, the primary keys, mail_out_conversation, the primary key of `delivery`.
 */
export async function listUnrated(sql: Sql, channel: string, seconds: number, limit: number): Promise<Unrated[]> {
  return await sql.query<Unrated & Record<string, unknown>>(
    `select c.tenant_id as tenant, c.id as conversation, c.generation, k.name, k.email, k.locale, i.name as inbox from conversation c
       join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
       join inbox i on i.tenant_id = c.tenant_id and i.id = c.inbox_id
      where c.touched >= (extract(epoch from now())::int - $2) / 10 and c.channel = $1 and not c.open and c.muted is null
        and c.closed_at > now() - make_interval(secs => $2)
        and exists (select from message m where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.author_kind = 'agent')
        and not exists (select from rating r where r.tenant_id = c.tenant_id and r.conversation_id = c.id and r.generation = c.generation)
        and not exists (select from mail_out o where o.tenant_id = c.tenant_id and o.conversation_id = c.id and o.key = 'rating:' || c.id || ':' || c.generation)
        and not exists (select from delivery d where d.tenant_id = c.tenant_id and d.conversation_id = c.id and d.due_at is not null)
      limit $3`,
    [channel, seconds, limit],
    "listUnrated",
  );
}
