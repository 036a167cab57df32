import type { Sql } from "../database/database.ts";
import type { OutgoingMail } from "./mail.ts";

export type MailState = "waiting" | "sent" | "dead";

/** What stands in the column `mail`; recipient and id have columns of their own. */
type Content = Omit<OutgoingMail, "id" | "to">;

export interface NewMailRow {
  id: string;
  kind: string;
  key: string;
  to: string;
  content: Content;
  conversation: string | null;
  /** Now where it is null. */
  dueAt: Date | null;
}

/** The id under this key: of the new row, or of the one that is there already. `sql` is a tenant's. */
export async function insertMail(sql: Sql, { id, kind, key, to, content, conversation, dueAt }: NewMailRow): Promise<string> {
  const rows = await sql.query<{ id: string }>(
    `insert into mail_out (tenant_id, id, kind, key, recipient, mail, conversation_id, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, coalesce($8, now()))
     on conflict (tenant_id, key) do update set key = excluded.key returning id`,
    [id, kind, key, to, JSON.stringify(content), conversation, dueAt],
  );
  return rows[0]?.id ?? id;
}

/** `sql` may be of any kind: the row is of no tenant that could read it. */
export async function insertSealedMail(
  sql: Sql,
  {
    tenant,
    id,
    kind,
    key,
    to,
    content,
  }: Omit<NewMailRow, "content" | "conversation" | "dueAt"> & { tenant: string; content: { sealed: string } },
): Promise<void> {
  await sql.query("insert into mail_out (tenant_id, id, kind, key, recipient, mail) values ($1, $2, $3, $4, $5, $6)", [
    tenant,
    id,
    kind,
    key,
    to,
    JSON.stringify(content),
  ]);
}

/** A sealed mail that was sent or given up leaves nothing. */
export async function forgetMail(sql: Sql, holder: string, { id, attempts }: DueMail): Promise<void> {
  await sql.query("delete from mail_out where tenant_id = $1 and id = $2 and holder = $3 and attempts = $4", [id, holder, attempts]);
}

export interface DueMail {
  tenant: string;
  id: string;
  kind: string;
  /** Tries, this one counted. */
  attempts: number;
  /** Since it was due. */
  lateSeconds: number;
  conversation: string | undefined;
  mail: OutgoingMail;
  /** Where the mail's content is sealed; `mail` then has only id and recipient that count. */
  sealed: string | undefined;
}

/** Takes mails that are due, for `leaseSeconds`. Index: mail_out_due. */
export async function takeDueMail(sql: Sql, holder: string, limit: number, leaseSeconds: number): Promise<DueMail[]> {
  const rows = await sql.query<{
    tenant_id: string;
    id: string;
    kind: string;
    recipient: string;
    mail: Content & { sealed?: string };
    attempts: number;
    late: number;
    conversation_id: string | null;
  }>(
    `with due as (
       select tenant_id, id, extract(epoch from now() - due_at)::float8 as late from mail_out where state = 'waiting' and due_at <= now() order by due_at limit $2 for update skip locked
     )
     update mail_out m set holder = $1, attempts = m.attempts + 1, due_at = now() + make_interval(secs => $3)
       from due where m.tenant_id = due.tenant_id and m.id = due.id
     returning m.tenant_id, m.id, m.kind, m.recipient, m.mail, m.attempts, due.late, m.conversation_id`,
    [holder, limit, leaseSeconds],
    "takeDueMail",
  );
  return rows.map((row) => ({
    tenant: row.tenant_id,
    id: row.id,
    kind: row.kind,
    attempts: row.attempts,
    lateSeconds: row.late,
    conversation: row.conversation_id ?? undefined,
    mail: { ...row.mail, id: row.id, to: row.recipient },
    sealed: row.mail.sealed,
  }));
}

/** Whoever lost the lease meanwhile changes nothing. */
export async function endMail(
  sql: Sql,
  holder: string,
  { id, attempts }: DueMail,
  state: "sent" | "dead",
  reason: string | null,
): Promise<void> {
  await sql.query(
    `update mail_out set state = $5, holder = null, last_error = $6, sent_at = case $5 when 'sent' then now() end
      where tenant_id = $1 and id = $2 and holder = $3 and attempts = $4`,
    [id, holder, attempts, state, reason],
  );
}

export async function postponeMail(sql: Sql, holder: string, { id, attempts }: DueMail, seconds: number, reason: string): Promise<void> {
  await sql.query(
    `update mail_out set holder = null, last_error = $6, due_at = now() + make_interval(secs => $5)
      where tenant_id = $1 and id = $2 and holder = $3 and attempts = $4`,
    [id, holder, attempts, seconds, reason],
  );
}

/** Has a mail that is dead or waits tried again now; answers its state before, or nothing where there is none. */
export async function reviveMail(sql: Sql, id: string): Promise<MailState | undefined> {
  const rows = await sql.query<{ state: MailState }>(
    `with before as (select id, state from mail_out where tenant_id = $1 and id = $2 for update),
       revived as (
         update mail_out m set state = 'waiting', attempts = 0, due_at = now()
           from before where m.tenant_id = $1 and m.id = before.id and before.state <> 'sent' and m.holder is null
       )
     select state from before`,
    [id],
  );
  return rows[0]?.state;
}

export interface MailListing {
  id: string;
  kind: string;
  to: string;
  subject: string;
  state: MailState;
  attempts: number;
  lastError: string | null;
  conversation: string | null;
  createdAt: string;
  /** When it is tried next; only while it waits. */
  dueAt: string | null;
}

/** The newest mails, of those that `seen` lets through: a condition whose values are bound from `$4` on. Index: mail_out_created. */
export async function listMail(
  sql: Sql,
  state: MailState | undefined,
  limit: number,
  seen: { condition: string; values: unknown[] } = { condition: "true", values: [] },
): Promise<MailListing[]> {
  const rows = await sql.query<Omit<MailListing, "createdAt" | "dueAt"> & { createdAt: Date; dueAt: Date | null }>(
    `select id, kind, recipient as to, mail->>'subject' as subject, state, attempts, last_error as "lastError", conversation_id as conversation,
       created_at as "createdAt", case state when 'waiting' then due_at end as "dueAt"
     from mail_out where tenant_id = $1 and ($2::text is null or state = $2) and ${seen.condition} order by created_at desc, id desc limit $3`,
    [state ?? null, limit, ...seen.values],
  );
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString(), dueAt: row.dueAt?.toISOString() ?? null }));
}

/**
 * Those of the addresses whose server refused the last mail that was tried: `atMost` tries, since what failed more often failed for another
 * reason, and not the one whose end isn't known. Index: mail_out_recipient.
 */
export async function findRefused(
  sql: Sql,
  addresses: readonly string[],
  { atMost, uncertain }: { atMost: number; uncertain: string },
): Promise<string[]> {
  const rows = await sql.query<{ address: string }>(
    `select address from unnest($2::text[]) address
       cross join lateral (select state, attempts, last_error from mail_out
         where tenant_id = $1 and recipient = address and state <> 'waiting' order by created_at desc limit 1) last
      where last.state = 'dead' and last.attempts <= $3 and last.last_error <> $4`,
    [addresses, atMost, uncertain],
  );
  return rows.map(({ address }) => address);
}

/** The conversation that a mail belongs to, if it belongs to one. Index: the primary key. */
export async function conversationOfMail(sql: Sql, id: string): Promise<string | undefined> {
  const rows = await sql.query<{ conversation: string | null }>(
    "select conversation_id as conversation from mail_out where tenant_id = $1 and id = $2",
    [id],
  );
  return rows[0]?.conversation ?? undefined;
}

/** How many mails of a kind were written lately: of a conversation, or to an address. Indexes: mail_out_conversation, mail_out_recipient. */
export async function countMail(
  sql: Sql,
  kind: string,
  of: { conversation: string } | { to: string },
  sinceSeconds: number,
): Promise<number> {
  const [column, value] = "conversation" in of ? ["conversation_id", of.conversation] : ["recipient", of.to];
  const rows = await sql.query<{ count: number }>(
    `select count(*)::int as count from mail_out
      where tenant_id = $1 and ${column} = $2 and kind = $3 and created_at > now() - make_interval(secs => $4)`,
    [value, kind, sinceSeconds],
  );
  return rows[0]?.count ?? 0;
}

/** Indexes: mail_out_sent, and the primary key for the sealed ones, whose links have expired after two days. */
export async function deleteOldMail(sql: Sql, days: number): Promise<void> {
  await sql.query(
    `delete from mail_out where tenant_id = '00000000-0000-0000-0000-000000000000' and created_at < now() - interval '2 days'`,
  );
  await sql.query("delete from mail_out where state = 'sent' and sent_at < now() - make_interval(days => $1)", [days]);
}
