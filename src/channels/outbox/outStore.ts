import type { Sql, TenantSql, TransactionalSql } from "../../platform/database/database.ts";
import type { Drawing } from "../drawing.ts";
import type { Errand } from "./errandKind.ts";

export interface NewOut {
  id: string;
  installation: string;
  key: string;
  lane: string;
  what: Errand;
  card: string | null;
  conversation: string | null;
  seq: number | null;
  /** Whom it is for, where that isn't its card's to say. */
  person: string | null;
  contact: string | null;
  /** Of a message to many. */
  batch: string | null;
}

/** Writes down what is to be written there; the same key once more changes nothing. Answers how many are new. */
export async function insertOuts(sql: Sql, outs: readonly NewOut[]): Promise<number> {
  const rows = await sql.query(
    `insert into channel_out (tenant_id, id, installation_id, key, lane, what, card_id, conversation_id, seq, person_id, contact_id, batch_id)
     select $1, o.id, o.installation, o.key, o.lane, o.what, o.card, o.conversation, o.seq, o.person, o.contact, o.batch
       from jsonb_to_recordset($2::jsonb) as o(id uuid, installation uuid, key text, lane text, what jsonb, card uuid, conversation uuid, seq bigint,
         person uuid, contact uuid, batch uuid)
     on conflict (tenant_id, key) do nothing returning id`,
    [JSON.stringify(outs)],
  );
  return rows.length;
}

export interface DueOut {
  tenant: string;
  id: string;
  installation: string;
  what: Errand;
  card: string | null;
  person: string | null;
  conversation: string | null;
  seq: number | null;
  /** This try, from 1. */
  attempts: number;
  /** Whether a try before this one may have done it. */
  maybeDone: boolean;
  /** Its workspace was disconnected: it is not to be written any more. */
  isGone: boolean;
  key: string;
  /** Of a message to many. */
  batch: string | null;
  /** It had ended, and somebody had it tried again. */
  isAgain: boolean;
}

/**
 * Takes what is due, for `leaseSeconds`: of each place the first alone, and nothing of installations that are broken or asked to wait; of those that were
 * disconnected all, so that it ends and isn't written when they come back. What is for many comes last, and no faster than `rates` say, messages in a second by the service's name: each installation has a second's worth at most saved
 * up. Indexes: channel_out_asked, channel_out_many,
 * and channel_out_open for the first of a place.
 */
export async function takeDue(
  sql: TransactionalSql,
  { limit, leaseSeconds, rates }: { limit: number; leaseSeconds: number; rates: Readonly<Record<string, number>> },
): Promise<DueOut[]> {
  const first = (batch: "null" | "not null", most: string) => `
     select o.tenant_id, o.id, o.state, o.due_at, i.id as installation, i.gone from live i cross join lateral (
       select o.* from channel_out o
        where o.tenant_id = i.tenant_id and o.installation_id = i.id and o.state in ('waiting', 'sending') and o.batch_id is ${batch} and o.due_at <= now()
          and o.id = (select b.id from channel_out b where b.tenant_id = o.tenant_id and b.installation_id = o.installation_id and b.lane = o.lane
            and b.state in ('waiting', 'sending') order by b.id limit 1)
        order by o.due_at limit ${most} for update of o skip locked) o`;
  return await sql.query<DueOut & Record<string, unknown>>(
    `with live as materialized (
       select i.tenant_id, i.id, r.rate, i.state = 'gone' as gone, least(floor(extract(epoch from now() - coalesce(i.batch_from, '2000-01-01')) * r.rate), r.rate)::int as allowed
         from channel_installation i join (select key, value::float8 as rate from jsonb_each_text($3::jsonb)) r on r.key = i.channel
        where i.state = 'gone' or (i.state = 'live' and (i.held_until is null or i.held_until <= now()))),
     asked as (${first("null", "$1")}), many as (${first("not null", "least($1, greatest(i.allowed, 0))")}),
     due as (select * from (select *, false as of_many from asked union all select *, true from many) any_of order by of_many, due_at limit $1),
     paced as (
       update channel_installation i set batch_from = greatest(i.batch_from, now() - interval '1 second') + d.n / l.rate * interval '1 second'
         from (select tenant_id, installation, count(*)::float8 as n from due where of_many group by 1, 2) d
         join live l on l.tenant_id = d.tenant_id and l.id = d.installation
        where i.tenant_id = d.tenant_id and i.id = d.installation)
     update channel_out o set state = 'sending', attempts = o.attempts + 1, due_at = now() + make_interval(secs => $2)
       from due where o.tenant_id = due.tenant_id and o.id = due.id
     returning o.tenant_id as tenant, o.id, o.installation_id as installation, o.what, o.card_id as card, o.person_id as person, o.conversation_id as conversation,
       o.seq::int as seq, o.attempts, due.state = 'sending' or o.last_error = 'unknown' as "maybeDone", due.gone as "isGone",
       o.key, o.batch_id as batch, o.ended_at is not null as "isAgain"`,
    [limit, leaseSeconds, JSON.stringify(rates)],
    "channel_take_due",
  );
}

/** What a file is called at its service, before it is shown there. Whoever lost the lease meanwhile changes nothing. */
export async function saveBrought(sql: Sql, { id, attempts }: Pick<DueOut, "id" | "attempts">, brought: string): Promise<void> {
  await sql.query(
    `update channel_out set what = what || jsonb_build_object('brought', $4::text)
      where tenant_id = $1 and id = $2 and attempts = $3 and state = 'sending'`,
    [id, attempts, brought],
  );
}

/** Whoever lost the lease meanwhile changes nothing. */
export async function endOut(
  sql: Sql,
  { id, attempts }: Pick<DueOut, "id" | "attempts">,
  end: { state: "sent" | "unknown" | "refused"; message: string | null; error: string | null },
): Promise<boolean> {
  const rows = await sql.query(
    `update channel_out set state = $4, message = coalesce($5, message), last_error = $6, ended_at = now()
      where tenant_id = $1 and id = $2 and attempts = $3 and state = 'sending' returning id`,
    [id, attempts, end.state, end.message, end.error],
  );
  return rows.length > 0;
}

/** `error` is `unknown` where it may have been done. What the service only asked to wait for was no try, however often it asks. */
export async function postponeOut(
  sql: Sql,
  { id, attempts }: Pick<DueOut, "id" | "attempts">,
  seconds: number,
  error: string,
  tried: "tried" | "held",
): Promise<void> {
  await sql.query(
    `update channel_out set state = 'waiting', due_at = now() + make_interval(secs => $4), last_error = $5, attempts = attempts - $6
      where tenant_id = $1 and id = $2 and attempts = $3 and state = 'sending'`,
    [id, attempts, seconds, error, tried === "held" ? 1 : 0],
  );
}

/** What was, or is, to be drawn there; none where it is something else. Index: the primary key. */
export async function findDrawing(sql: Sql, id: string): Promise<Drawing | undefined> {
  const rows = await sql.query<{ drawing: Drawing | null }>(
    "select what->'drawing' as drawing from channel_out where tenant_id = $1 and id = $2",
    [id],
  );
  return rows[0]?.drawing ?? undefined;
}

/** Which message there has the card; none where it wasn't sent. Index: channel_out_card. */
export async function messageOfCard(sql: Sql, card: string): Promise<string | undefined> {
  const rows = await sql.query<{ message: string }>(
    `select message from channel_out where tenant_id = $1 and card_id = $2 and what->>'do' = 'post' and message is not null order by id desc limit 1`,
    [card],
  );
  return rows[0]?.message;
}

/** Which message there is which one here, so that what becomes of it there is done here; `author` wrote it there, without one we did. */
export async function saveSaid(
  sql: Sql,
  said: { installation: string; room: string; message: string; conversation: string; seq: number; author?: string },
): Promise<void> {
  await sql.query(
    `insert into channel_said (tenant_id, installation_id, room, message, conversation_id, seq, author) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict do nothing`,
    [said.installation, said.room, said.message, said.conversation, said.seq, said.author ?? null],
  );
}

/**
 * The messages in this room that say what was said here, those of its files behind the one with its text: of ours alone, or also what somebody wrote
 * there. None where it was never sent. Index: channel_said_seq.
 */
export async function messagesOfSaid(
  sql: Sql,
  { installation, room, conversation, seq }: { installation: string; room: string; conversation: string; seq: number },
  whose: "ours" | "everybody's",
): Promise<string[]> {
  const rows = await sql.query<{ message: string }>(
    `select message from channel_said where tenant_id = $1 and conversation_id = $4 and seq = $5 and installation_id = $2 and room = $3
      and (author is null or $6) order by message`,
    [installation, room, conversation, seq, whose === "everybody's"],
  );
  return rows.map(({ message }) => message);
}

export async function findSaid(
  sql: TenantSql,
  installation: string,
  room: string,
  message: string,
): Promise<{ conversation: string; seq: number; author: string | null } | undefined> {
  const rows = await sql.query<{ conversation: string; seq: number; author: string | null }>(
    `select conversation_id as conversation, seq::int as seq, author from channel_said
      where tenant_id = $1 and installation_id = $2 and room = $3 and message = $4`,
    [installation, room, message],
  );
  return rows[0];
}

/** Has what was refused, or is unknown, tried again; answers whether there is such a one. When it had ended stays: what becomes of it is news then. */
export async function reviveOut(sql: Sql, id: string): Promise<boolean> {
  const rows = await sql.query(
    `update channel_out set state = 'waiting', attempts = 0, due_at = now(), last_error = null
      where tenant_id = $1 and id = $2 and state in ('refused', 'unknown') returning id`,
    [id],
  );
  return rows.length > 0;
}

/** What became of each of a batch, by its key. Index: channel_out_batch. */
export async function listBatch(sql: Sql, batch: string): Promise<{ id: string; key: string; state: string; error: string | null }[]> {
  return await sql.query<{ id: string; key: string; state: string; error: string | null } & Record<string, unknown>>(
    "select id, key, state, last_error as error from channel_out where tenant_id = $1 and batch_id = $2",
    [batch],
  );
}

/** What wasn't begun of a batch is never written. Index: channel_out_batch. */
export async function withdrawBatch(sql: Sql, batch: string, why: string): Promise<void> {
  await sql.query(
    `update channel_out set state = 'refused', last_error = $3, ended_at = now()
      where tenant_id = $1 and batch_id = $2 and state = 'waiting' and last_error is distinct from 'unknown'`,
    [batch, why],
  );
}

/** What waits for an installation is due now. Index: channel_out_open. */
export async function hurryOut(sql: Sql, installation: string): Promise<void> {
  await sql.query("update channel_out set due_at = now() where tenant_id = $1 and installation_id = $2 and state = 'waiting'", [
    installation,
  ]);
}

/** What was sent, or given up, so many days ago. Index: channel_out_age. */
export async function deleteOldOut(sql: Sql, days: number): Promise<void> {
  await sql.query("delete from channel_out where created_at < now() - make_interval(days => $1) and state not in ('waiting', 'sending')", [
    days,
  ]);
  await sql.query("delete from channel_card where created_at < now() - make_interval(days => $1)", [days]);
}
