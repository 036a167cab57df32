import type { Reach } from "../../access/policy.ts";
import { withinReach } from "../../access/roles/reachStore.ts";
import type { Sql } from "../../platform/database/database.ts";
import type { MessageWay, ScheduledState } from "../../protocol/messages.ts";

export interface ScheduledMessage {
  id: string;
  run: string;
  account: string;
  key: string | null;
  /** By which it was written; unknown of one from before. */
  operation: string | null;
  way: MessageWay;
  /** The service, where it goes by one. */
  channel: string | null;
  subject: string | null;
  text: string;
  state: ScheduledState;
  error: string | null;
  dueAt: Date;
  job: string;
  version: number;
}

export interface ScheduledRecipient {
  position: number;
  name: string;
  email: string | null;
  account: string | null;
  contact: string | null;
  /** Of a channel. */
  room: string | null;
  conversation: string | null;
  subject: string | null;
  text: string;
  slots: Record<string, unknown>;
}

export type NewScheduled = Omit<ScheduledMessage, "state" | "error" | "version"> & { by: string; at: Date };

/** The id under this run: of the new row, or of the one that is there already. `sql` is the tenant's. */
export async function insertScheduled(sql: Sql, made: NewScheduled): Promise<string> {
  const { id, run, account, key, operation, way, channel, subject, text, dueAt, job, by, at } = made;
  const rows = await sql.query<{ id: string }>(
    `insert into scheduled_message (tenant_id, id, run, account_id, key_id, way, subject, text, state, due_at, job_id, changed_by, created_at, operation_id, channel)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $10, $11, $12, $13, $14) on conflict (tenant_id, run) do update set run = excluded.run returning id`,
    [id, run, account, key, way, subject, text, dueAt, job, by, at, operation, channel],
  );
  return rows[0]?.id ?? id;
}

export async function insertRecipients(sql: Sql, message: string, recipients: readonly ScheduledRecipient[]): Promise<void> {
  await sql.query(
    `insert into scheduled_recipient (tenant_id, message_id, position, name, email, account_id, contact_id, room_id, conversation_id, subject, text, slots)
     select $1, $2, r.position, r.name, r.email, r.account, r.contact, r.room, r.conversation, r.subject, r.text, r.slots
       from jsonb_to_recordset($3::jsonb) as r(position int, name text, email text, account uuid, contact uuid, room uuid, conversation uuid, subject text, text text, slots jsonb)`,
    [message, JSON.stringify(recipients)],
  );
}

const columns = `m.id, m.run, m.account_id as account, m.key_id as key, m.operation_id as operation, m.way, m.channel, m.subject, m.text, m.state, m.error, m.due_at as "dueAt",
  m.job_id as job, m.version`;

/** Locked until the end of the transaction. Primary key. */
export async function lockScheduled(tx: Sql, id: string): Promise<ScheduledMessage | undefined> {
  const [found] = await tx.query<ScheduledMessage & Record<string, unknown>>(
    `select ${columns} from scheduled_message m where m.tenant_id = $1 and m.id = $2 for update`,
    [id],
  );
  return found;
}

/** Those who have not got it yet, in their order. Primary key. */
export async function listWaiting(sql: Sql, message: string): Promise<ScheduledRecipient[]> {
  return await sql.query<ScheduledRecipient & Record<string, unknown>>(
    `select position, name, email, account_id as account, contact_id as contact, room_id as room, conversation_id as conversation, subject, text, slots
       from scheduled_recipient where tenant_id = $1 and message_id = $2 and state = 'waiting' order by position`,
    [message],
  );
}

export async function saveRecipientTexts(
  tx: Sql,
  message: string,
  texts: readonly Pick<ScheduledRecipient, "position" | "subject" | "text">[],
): Promise<void> {
  await tx.query(
    `update scheduled_recipient s set subject = r.subject, text = r.text
       from jsonb_to_recordset($3::jsonb) as r(position int, subject text, text text)
      where s.tenant_id = $1 and s.message_id = $2 and s.position = r.position and s.state = 'waiting'`,
    [message, JSON.stringify(texts)],
  );
}

/** Where a contact is written to, decided once: whoever goes on after a fall writes there again, and finds what is there. */
export async function savePlace(tx: Sql, message: string, position: number, conversation: string): Promise<void> {
  await tx.query("update scheduled_recipient set conversation_id = $4 where tenant_id = $1 and message_id = $2 and position = $3", [
    message,
    position,
    conversation,
  ]);
}

/** `position` null stands for all who wait. */
export async function endRecipient(
  tx: Sql,
  message: string,
  position: number | null,
  state: "sent" | "failed" | "uncertain",
  error: string | null,
): Promise<void> {
  await tx.query(
    `update scheduled_recipient set state = $4, error = $5
      where tenant_id = $1 and message_id = $2 and state = 'waiting' and ($3::int is null or position = $3)`,
    [message, position, state, error],
  );
}

/** What became of those who wait, as far as it is known. */
export async function endRecipients(
  tx: Sql,
  message: string,
  ended: readonly { position: number; state: string; error: string | null }[],
): Promise<void> {
  await tx.query(
    `update scheduled_recipient s set state = r.state, error = r.error
       from jsonb_to_recordset($3::jsonb) as r(position int, state text, error text)
      where s.tenant_id = $1 and s.message_id = $2 and s.position = r.position and s.state = 'waiting'`,
    [message, JSON.stringify(ended)],
  );
}

/** Of one who was missed, or perhaps missed, by the last job of a message; answers the message. Locks it, so that who corrects others of it waits. */
export async function correctRecipient(
  tx: Sql,
  { job, position, state, error }: { job: string; position: number; state: string; error: string | null },
): Promise<string | undefined> {
  const [found] = await tx.query<{ message: string }>(
    `with m as materialized (select id from scheduled_message where tenant_id = $1 and job_id = $2 for update)
     update scheduled_recipient s set state = $4, error = $5 from m
      where s.tenant_id = $1 and s.message_id = m.id and s.position = $3 and s.state in ('failed', 'uncertain') returning s.message_id as message`,
    [job, position, state, error],
  );
  return found?.message;
}

/** Of one that has ended, and wasn't taken back. */
export async function correctEnd(tx: Sql, id: string, { state, error }: { state: "sent" | "failed"; error: string | null }): Promise<void> {
  await tx.query("update scheduled_message set state = $3, error = $4 where tenant_id = $1 and id = $2 and state in ('sent', 'failed')", [
    id,
    state,
    error,
  ]);
}

/** How many were not reached, and of how many nobody knows. */
export async function countMissed(tx: Sql, message: string): Promise<{ failed: number; uncertain: number }> {
  const [row] = await tx.query<{ failed: number; uncertain: number }>(
    `select count(*) filter (where state = 'failed')::int as failed, count(*) filter (where state = 'uncertain')::int as uncertain
       from scheduled_recipient where tenant_id = $1 and message_id = $2`,
    [message],
  );
  return row ?? { failed: 0, uncertain: 0 };
}

/** A service takes it for one after the other. */
export async function saveGoing(tx: Sql, id: string): Promise<void> {
  await tx.query("update scheduled_message set state = 'going' where tenant_id = $1 and id = $2 and state = 'waiting'", [id]);
}

export async function endScheduled(
  tx: Sql,
  id: string,
  { state, error, at }: { state: "sent" | "failed" | "cancelled"; error: string | null; at: Date },
): Promise<void> {
  await tx.query(
    "update scheduled_message set state = $3, error = $4, ended_at = $5 where tenant_id = $1 and id = $2 and state in ('waiting', 'going')",
    [id, state, error, at],
  );
}

/** It waits for this time, by this job; whoever didn't get it waits too. */
export async function saveWaiting(
  tx: Sql,
  id: string,
  { dueAt, job, by, draft }: { dueAt: Date; job: string; by: string; draft?: { subject: string | null; text: string } },
): Promise<void> {
  await tx.query(
    `update scheduled_message set state = 'waiting', error = null, ended_at = null, due_at = $3, job_id = $4, changed_by = $5, version = version + 1,
       subject = case when $6 then $7 else subject end, text = case when $6 then $8 else text end where tenant_id = $1 and id = $2`,
    [id, dueAt, job, by, draft !== undefined, draft?.subject ?? null, draft?.text ?? ""],
  );
  await tx.query(
    "update scheduled_recipient set state = 'waiting', error = null where tenant_id = $1 and message_id = $2 and state = 'failed'",
    [id],
  );
}

export interface ListedMessage extends Omit<ScheduledMessage, "run" | "key" | "operation" | "job"> {
  by: string;
  recipients: number;
  sent: number;
  failed: number;
  uncertain: number;
  /** The first few whom the reader may read of, by name. */
  names: string[];
  /** Why the first of those whom it did not, or perhaps not, reach was missed. */
  failure: string | null;
  /** As the first of those reads it. */
  sample: string | null;
}

/**
 * Those of one account, or of all, that wait or failed, and what went lately. Whom they go to is told as far as `reach` goes; what is written into a
 * conversation beyond it isn't listed. Index: scheduled_message_due.
 */
export async function listScheduled(
  sql: Sql,
  { account, state, reach, limit }: { account: string | null; state: ScheduledState | undefined; reach: Reach | undefined; limit: number },
): Promise<ListedMessage[]> {
  const { condition, values } = reach === undefined ? { condition: "false", values: [] } : withinReach(reach, 5);
  const isRead = (of: string) => `exists (select from conversation c where c.tenant_id = s.tenant_id and ${of} and ${condition})`;
  return await sql.query<ListedMessage & Record<string, unknown>>(
    `select ${columns}, a.name as by, r.* from (
       select * from scheduled_message where tenant_id = $1 and ($2::uuid is null or account_id = $2) and ($3::text is null or state = $3)
        order by due_at desc, id limit $4) m
     join account a on a.id = m.account_id
     cross join lateral (
       select count(*)::int as recipients, count(*) filter (where state = 'sent')::int as sent, count(*) filter (where state = 'failed')::int as failed,
         count(*) filter (where state = 'uncertain')::int as uncertain, coalesce((array_agg(name order by position) filter (where seen))[1:5], '{}') as names, (array_agg(error order by position) filter (where state in ('failed', 'uncertain')))[1] as failure,
         (array_agg(text order by position) filter (where seen))[1] as sample
         from (select s.*, case when ${reach === "all"} then true when s.contact_id is not null then ${isRead("c.contact_id = s.contact_id")}
             when s.conversation_id is not null then ${isRead("c.id = s.conversation_id")} else true end as seen
           from scheduled_recipient s where s.tenant_id = m.tenant_id and s.message_id = m.id) s) r
     where m.way not in ('reply', 'note') or r.sample is not null order by m.due_at desc, m.id`,
    [account, state ?? null, limit, ...values],
  );
}

/** Retention. Index: scheduled_message_ended. */
export async function deleteEndedMessages(sql: Sql, days: number): Promise<void> {
  await sql.query("delete from scheduled_message where ended_at < now() - make_interval(days => $1)", [days]);
}
