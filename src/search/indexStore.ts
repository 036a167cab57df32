import type { Sql } from "../platform/database/database.ts";
import { noNote } from "./searchStore.ts";

export interface UnindexedMessage {
  tenant: string;
  conversation: string;
  seq: number;
  at: Date;
  text: string;
  /** The entry up to which the conversation is indexed with it: its own, or one that tells that the message was changed. */
  upTo: number;
}

/**
 * Messages that are not in the index of words, of conversations that changed in the last `seconds`, in all tenants; at most `limit`.
 * Indexes: conversation_touched, the primary keys of search_mark and message.
 */
export async function unindexedLately(sql: Sql, seconds: number, limit: number): Promise<UnindexedMessage[]> {
  return await sql.query<UnindexedMessage>(
    `select ${behindColumns} from (
       select c.tenant_id, c.id, coalesce(s.seq, 0) as seq from conversation c
         left join search_mark s on s.tenant_id = c.tenant_id and s.conversation_id = c.id
       where c.touched >= extract(epoch from now() - make_interval(secs => $1))::int / 10 and c.last_seq > coalesce(s.seq, 0)
       limit 1000
     ) d ${behindMessages} limit $2`,
    [seconds, limit],
    "unindexedLately",
  );
}

/** The same of any conversation, however long ago, a page of conversations behind `after`; and where the next page begins. Index: the primary keys. */
export async function unindexedEver(
  sql: Sql,
  after: { tenant: string; conversation: string },
  limit: number,
): Promise<{ messages: UnindexedMessage[]; last: { tenant: string; conversation: string } | undefined }> {
  const behind = await sql.query<{ tenant: string; conversation: string }>(
    `select c.tenant_id as tenant, c.id as conversation from conversation c
       left join search_mark s on s.tenant_id = c.tenant_id and s.conversation_id = c.id
     where (c.tenant_id, c.id) > ($1, $2) and c.last_seq > coalesce(s.seq, 0) order by c.tenant_id, c.id limit 1000`,
    [after.tenant, after.conversation],
  );
  const messages = await sql.query<UnindexedMessage>(
    `select ${behindColumns} from (
       select w.tenant_id, w.id, coalesce(s.seq, 0) as seq from unnest($1::uuid[], $2::uuid[]) as w (tenant_id, id)
         left join search_mark s on s.tenant_id = w.tenant_id and s.conversation_id = w.id
     ) d ${behindMessages} limit $3`,
    [behind.map(({ tenant }) => tenant), behind.map(({ conversation }) => conversation), limit],
  );
  return { messages, last: behind.at(-1) };
}

const behindColumns = `d.tenant_id as tenant, d.id as conversation, e.seq as "upTo", coalesce(t.seq, e.seq) as seq, coalesce(t.at, e.at) as at,
  case when coalesce(t.deleted_at, e.deleted_at) is null then coalesce(t.text, e.text) else '' end as text`;
/** Of an entry that tells of a change the message which it changed, as it is now. */
const behindMessages = `cross join lateral (
       select * from message where tenant_id = d.tenant_id and conversation_id = d.id and message.seq > d.seq order by message.seq limit 2000
     ) e left join message t on e.author_kind = 'system' and e.blocks->0->>'type' = 'change'
       and t.tenant_id = e.tenant_id and t.conversation_id = e.conversation_id and t.seq = (e.blocks->0->>'of')::bigint`;

export interface IndexedMessage {
  tenant_id: string;
  conversation_id: string;
  seq: number;
  at: Date;
  words: string;
}

/**
 * Adds messages to the index of words and moves the marks of their conversations, or neither. What is there already stays, unless its message was
 * changed since and nobody was faster.
 */
export async function addToIndex(sql: Sql, messages: readonly (IndexedMessage & { up_to: number })[]): Promise<void> {
  await sql.query(
    `with rows as materialized (
       select * from json_to_recordset($1::json) as rows (tenant_id uuid, conversation_id uuid, seq bigint, at timestamptz, words text, up_to bigint)
     ), added as (
       insert into message_search (tenant_id, conversation_id, seq, at, words)
       select tenant_id, conversation_id, seq, at, words::tsvector from rows on conflict do nothing
     ), changed as (
       update message_search s set words = r.words::tsvector from rows r
       where r.up_to > r.seq and s.tenant_id = r.tenant_id and s.conversation_id = r.conversation_id and s.seq = r.seq and s.note_id = '${noNote}'
         and not exists (select from search_mark k where k.tenant_id = r.tenant_id and k.conversation_id = r.conversation_id and k.seq >= r.up_to)
     )
     insert into search_mark (tenant_id, conversation_id, seq)
     select tenant_id, conversation_id, max(up_to) from rows group by 1, 2 order by 1, 2
     on conflict (tenant_id, conversation_id) do update set seq = greatest(search_mark.seq, excluded.seq)`,
    [JSON.stringify(messages)],
    "addToIndex",
  );
}

/** Contacts that are not in the index as they stand. Index contact_unsearched. */
export async function unindexedContacts(sql: Sql, limit: number): Promise<{ tenant: string; id: string; text: string }[]> {
  return await sql.query(
    `select tenant_id as tenant, id, concat_ws(' ', name, email, phone) as text from contact where not searched limit $1`,
    [limit],
  );
}

/** `text` is what the words are of: a contact that was changed meanwhile is not marked, and comes again. */
export async function addContactsToIndex(
  sql: Sql,
  contacts: readonly { tenant_id: string; contact_id: string; text: string; words: string }[],
): Promise<void> {
  await sql.query(
    `with rows as materialized (
       select * from json_to_recordset($1::json) as rows (tenant_id uuid, contact_id uuid, text text, words text)
     ), marked as (
       update contact k set searched = true from rows r
       where k.tenant_id = r.tenant_id and k.id = r.contact_id and concat_ws(' ', k.name, k.email, k.phone) = r.text
       returning k.tenant_id, k.id
     )
     insert into contact_search (tenant_id, contact_id, words)
     select r.tenant_id, r.contact_id, r.words::tsvector from rows r join marked m on m.tenant_id = r.tenant_id and m.id = r.contact_id
     on conflict (tenant_id, contact_id) do update set words = excluded.words`,
    [JSON.stringify(contacts)],
  );
}

/** Notes that are not in the index. Index note_unsearched. */
export async function unindexedNotes(
  sql: Sql,
  limit: number,
): Promise<{ tenant_id: string; conversation_id: string; note_id: string; seq: number; at: Date; text: string }[]> {
  return await sql.query(
    `select tenant_id, conversation_id, id as note_id, after_seq as seq, at, text from note where not searched limit $1`,
    [limit],
    "unindexedNotes",
  );
}

/** Adds notes to the index of words and marks them, or neither. */
export async function addNotesToIndex(sql: Sql, notes: readonly (IndexedMessage & { note_id: string })[]): Promise<void> {
  await sql.query(
    `with rows as materialized (
       select * from json_to_recordset($1::json) as rows (tenant_id uuid, conversation_id uuid, note_id uuid, seq bigint, at timestamptz, words text)
     ), marked as (
       update note n set searched = true from rows r
       where n.tenant_id = r.tenant_id and n.conversation_id = r.conversation_id and n.id = r.note_id
       returning n.tenant_id, n.conversation_id, n.id
     )
     insert into message_search (tenant_id, conversation_id, seq, note_id, at, words)
     select r.tenant_id, r.conversation_id, r.seq, r.note_id, r.at, r.words::tsvector
       from rows r join marked m on m.tenant_id = r.tenant_id and m.conversation_id = r.conversation_id and m.id = r.note_id
     on conflict do nothing`,
    [JSON.stringify(notes)],
  );
}
