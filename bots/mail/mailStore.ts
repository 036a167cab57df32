import type { Sql, TenantSql } from "../../src/platform/database/database.ts";
import type { SigningTenant } from "./mailSecret.ts";

/** Who is at the other end of a conversation, or none where the tenant has none of this id. Index: the primary keys. */
export async function findCorrespondent(sql: Sql, conversation: string): Promise<{ email: string | null } | undefined> {
  const rows = await sql.query<{ email: string | null }>(
    `select k.email from conversation c join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
      where c.tenant_id = $1 and c.id = $2`,
    [conversation],
  );
  return rows[0];
}

/** The conversation that one of these mails of ours or of theirs belongs to. Index: the primary keys. */
export async function findConversationOfMails(
  sql: TenantSql,
  ours: readonly string[],
  theirs: readonly string[],
): Promise<string | undefined> {
  const rows = await sql.query<{ conversation: string }>(
    `select conversation_id as conversation from mail_out where tenant_id = $1 and id = any($2::uuid[]) and conversation_id is not null
     union all
     select conversation_id from channel_message where tenant_id = $1 and channel = 'mail' and external_id = any($3)
     limit 1`,
    [ours, theirs],
  );
  return rows[0]?.conversation;
}

/** Whether an account with this address, in small letters, belongs to the tenant. Indexes: account_email_key, the primary key. */
export async function isMember(sql: TenantSql, email: string): Promise<boolean> {
  const rows = await sql.query(
    `select from membership m join account a on a.id = m.account_id
      where m.tenant_id = $1 and a.email = $2 and m.active and a.active`,
    [email],
  );
  return rows.length > 0;
}

export interface ThreadMail {
  ours: string | null;
  theirs: string | null;
  title: string;
}

/** The mails of a conversation, the oldest first, at most the last 20. Indexes: mail_out_conversation, channel_message_conversation. */
export async function listThread(sql: Sql, conversation: string): Promise<ThreadMail[]> {
  const rows = await sql.query<ThreadMail>(
    `select ours, theirs, title from (
       select id::text as ours, null as theirs, mail->>'subject' as title, created_at as at from mail_out
        where tenant_id = $1 and conversation_id = $2 and kind = 'answer'
       union all
       select null, external_id, title, at from channel_message where tenant_id = $1 and conversation_id = $2 and channel = 'mail'
       order by at desc limit 20) newest
     order by at`,
    [conversation],
  );
  return rows;
}

/** The inbox that is written to under one of these addresses. Index: inbox_mail_address_key. */
export async function findInboxOfAddress(sql: TenantSql, addresses: readonly string[]): Promise<{ id: string; team: string } | undefined> {
  const rows = await sql.query<{ id: string; team: string }>(
    "select id, team from inbox where tenant_id = $1 and mail_address = any($2) and active limit 1",
    [addresses],
  );
  return rows[0];
}

const signing = 'id, slug, mail_epoch as epoch, mail_rotated_at as "rotatedAt"';

/** Index: tenant_slug_key. */
export async function findSigningTenant(sql: Sql, slug: string): Promise<SigningTenant | undefined> {
  const rows = await sql.query<SigningTenant>(`select ${signing} from tenant where slug = $1 and active`, [slug]);
  return rows[0];
}

/** The tenant of the handle. */
export async function ownSecret(sql: TenantSql): Promise<(SigningTenant & { slug: string }) | undefined> {
  const rows = await sql.query<SigningTenant & { slug: string }>(`select ${signing} from tenant where id = $1`);
  return rows[0];
}

/** Gives the tenant of the handle its next one. */
export async function nextSecret(sql: TenantSql): Promise<(SigningTenant & { slug: string }) | undefined> {
  const rows = await sql.query<SigningTenant & { slug: string }>(
    `update tenant set mail_epoch = mail_epoch + 1, mail_rotated_at = now() where id = $1 returning ${signing}`,
  );
  return rows[0];
}

/** Whose mail this is: asked in development alone, where few mails are. */
export async function findTenantOfMail(sql: Sql, mail: string): Promise<{ id: string; slug: string; epoch: number } | undefined> {
  const rows = await sql.query<{ id: string; slug: string; epoch: number }>(
    "select t.id, t.slug, t.mail_epoch as epoch from mail_out m join tenant t on t.id = m.tenant_id where m.id = $1",
    [mail],
  );
  return rows[0];
}

export interface InboxMail {
  id: string;
  key: string;
  name: string;
  address: string | null;
  afterSeconds: number;
}

/** How each inbox of the tenant does with mail. */
export async function listInboxMail(sql: TenantSql): Promise<InboxMail[]> {
  return await sql.query<InboxMail>(
    `select id, public_key as key, name, mail_address as address, mail_after_seconds as "afterSeconds"
       from inbox where tenant_id = $1 and active order by created_at, id`,
  );
}

/** False where another inbox, perhaps another tenant's, has the address. */
export async function saveInboxMail(sql: TenantSql, inbox: string, address: string | null, afterSeconds: number): Promise<boolean> {
  const rows = await sql.query(
    `update inbox set mail_address = $3, mail_after_seconds = $4
      where tenant_id = $1 and id = $2 and not exists (select from inbox other where other.mail_address = $3 and other.id <> $2) returning id`,
    [inbox, address, afterSeconds],
  );
  return rows.length > 0;
}
