import { sqlState, type TenantSql } from "../../platform/database/database.ts";

/** The conversation in which a channel's message was put before. Index: the primary key. */
async function findByExternalId(sql: TenantSql, channel: string, externalId: string): Promise<string | undefined> {
  const rows = await sql.query<{ conversation: string }>(
    "select conversation_id as conversation from channel_message where tenant_id = $1 and channel = $2 and external_id = $3",
    [channel, externalId],
  );
  return rows[0]?.conversation;
}

export interface NewChannelConversation {
  channel: string;
  externalId: string;
  title: string;
  inbox: { id: string; team: string };
  contact: { id: string; name: string; email: string | null };
  conversation: string;
}

/** Begins a conversation with a new contact, once for each message of the channel; answers the one that stands. */
export async function beginChannelConversation(sql: TenantSql, begun: NewChannelConversation): Promise<string> {
  const { channel, externalId, title, inbox, contact, conversation } = begun;
  const before = await findByExternalId(sql, channel, externalId);
  if (before !== undefined) return before;
  try {
    await sql.transaction(async (tx) => {
      await tx.query("insert into contact (tenant_id, id, name, email) values ($1, $2, $3, $4)", [contact.id, contact.name, contact.email]);
      await tx.query(
        `insert into conversation (tenant_id, id, inbox_id, contact_id, team, channel, touched, muted)
           values ($1, $2, $3, $4, $5, $6, extract(epoch from now())::int / 10,
             (select 'blocked' from contact where tenant_id = $1 and id = $4 and blocked_at is not null))`,
        [conversation, inbox.id, contact.id, inbox.team, channel],
      );
      await tx.query("insert into channel_message (tenant_id, channel, external_id, conversation_id, title) values ($1, $2, $3, $4, $5)", [
        channel,
        externalId,
        conversation,
        title,
      ]);
    });
    return conversation;
  } catch (error) {
    // The same message came twice at once: the other one's conversation stands, and nothing of this one.
    const rival = sqlState(error) === "23505" ? await findByExternalId(sql, channel, externalId) : undefined;
    if (rival === undefined) throw error;
    return rival;
  }
}

/** Remembers that a channel's message belongs to the conversation; false where there is no such conversation. */
export async function keepChannelMessage(
  sql: TenantSql,
  kept: { channel: string; externalId: string; conversation: string; title: string },
): Promise<boolean> {
  const rows = await sql.query(
    `insert into channel_message (tenant_id, channel, external_id, conversation_id, title)
     select tenant_id, $2, $3, id, $5 from conversation where tenant_id = $1 and id = $4
     on conflict (tenant_id, channel, external_id) do update set channel = excluded.channel returning conversation_id`,
    [kept.channel, kept.externalId, kept.conversation, kept.title],
  );
  return rows.length > 0;
}

export interface Correspondent {
  id: string;
  name: string;
  inbox: string;
  locale: string | null;
  /** What they write is kept, and nobody is called for it. */
  muted: boolean;
}

/** Who speaks in a conversation from outside. Index: the primary keys. */
export async function findContact(sql: TenantSql, conversation: string): Promise<Correspondent | undefined> {
  const rows = await sql.query<Correspondent & Record<string, unknown>>(
    `select k.id, k.name, c.inbox_id as inbox, k.locale, c.muted is not null as muted
       from conversation c join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id where c.tenant_id = $1 and c.id = $2`,
    [conversation],
  );
  return rows[0];
}
