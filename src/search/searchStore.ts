import type { Sql, TenantSql } from "../platform/database/database.ts";
import type { MessageFound } from "../protocol/search.ts";

/** So many of the newest messages are looked through one by one before the index of words is asked. */
const newest = 20_000;
/** So many hits of the index are read at most: beyond them a search is too wide for anybody to read. */
const mostHits = 20_000;

export interface FoundMessage {
  conversation: string;
  seq: number;
  /** The instant as PostgreSQL writes it, to the microsecond. */
  place: string;
}

/**
 * The newest messages that fit, behind `after`, at most `limit`.
 *
 * An index of words has no order: of a word that a million messages have, it gives a million places, and sorting them takes seconds. So the
 * newest are looked through first, in the order of time: a frequent word is found there many times over. Only what is rare is asked of the
 * index of words, which then has few places to give. Both are bounded, so that no choice of words takes longer.
 * Indexes: message_search_at, message_search_words.
 */
export async function findMessages(
  sql: TenantSql,
  query: string,
  { limit, after }: { limit: number; after: FoundMessage | undefined },
): Promise<FoundMessage[]> {
  const values = [query, after?.place ?? null, after?.conversation ?? null, after?.seq ?? null, limit];
  const recent = await sql.query<FoundMessage>(
    `with newest as materialized (
       select conversation_id, seq, at, words from message_search
       where tenant_id = $1 and ${isBehind} order by at desc limit ${newest}
     )
     select ${found} from newest where words @@ $2::tsquery ${inOrder}`,
    values,
    "searchRecent",
  );
  return recent.length >= limit ? recent : await byIndexOfWords(sql, (tx) => tx.query<FoundMessage>(indexedStatement, values));
}

const found = "conversation_id as conversation, seq, at::text as place";
const isBehind =
  "($3::timestamptz is null or (at <= $3::timestamptz and (at, conversation_id, seq) < ($3::timestamptz, $4::uuid, $5::bigint)))";
const inOrder = "order by at desc, conversation_id desc, seq desc limit $6";
const indexedStatement = `
  with hits as materialized (
    select conversation_id, seq, at, tenant_id from message_search where words @@ $2::tsquery limit ${mostHits}
  )
  select ${found} from hits where tenant_id = $1 and ${isBehind} ${inOrder}`;

/** The planner takes a beginning of a word for frequent, and would read the whole table for it. */
async function byIndexOfWords<Row>(sql: TenantSql, work: (tx: Sql) => Promise<Row[]>): Promise<Row[]> {
  return await sql.transaction(async (tx) => {
    await tx.query("select set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true), $1::uuid");
    return await work(tx);
  });
}

/** How the index of words is asked, as PostgreSQL would do it: for tests and measurements. */
export async function explainFindMessages(sql: TenantSql, query: string): Promise<string> {
  const rows = await byIndexOfWords(sql, (tx) =>
    tx.query<{ "QUERY PLAN": string }>(`explain ${indexedStatement}`, [query, null, null, null, 20]),
  );
  return rows.map((row) => row["QUERY PLAN"]).join("\n");
}

export interface ReadMessage extends FoundMessage {
  at: Date;
  text: string;
  authorKind: MessageFound["author"]["kind"];
  authorName: string;
  contact: string;
  contactName: string;
}

/** The messages that were found, with whose they are. Index: the primary keys. */
export async function readMessages(sql: TenantSql, found: readonly FoundMessage[]): Promise<ReadMessage[]> {
  return await sql.query<ReadMessage>(
    `select m.conversation_id as conversation, m.seq, f.place, m.at, m.text, m.author_kind as "authorKind", m.author_name as "authorName",
       k.id as contact, k.name as "contactName"
     from unnest($2::uuid[], $3::bigint[], $4::text[]) with ordinality as f (conversation_id, seq, place, position)
     join message m on m.tenant_id = $1 and m.conversation_id = f.conversation_id and m.seq = f.seq
     join conversation c on c.tenant_id = $1 and c.id = m.conversation_id
     join contact k on k.tenant_id = $1 and k.id = c.contact_id
     order by f.position`,
    [found.map(({ conversation }) => conversation), found.map(({ seq }) => seq), found.map(({ place }) => place)],
  );
}

export interface ReadContact {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  conversation: string | null;
}

/** Contacts by the words of their name, mail address and telephone number. Index contact_search_words. */
export async function findContacts(sql: TenantSql, query: string, limit: number): Promise<ReadContact[]> {
  const statement = `with hits as materialized (
       select contact_id, tenant_id from contact_search where words @@ $2::tsquery limit 1000
     ), page as materialized (select contact_id from hits where tenant_id = $1 order by contact_id desc limit $3)
     select k.id, k.name, k.email, k.phone,
       (select c.id from conversation c where c.tenant_id = $1 and c.contact_id = k.id order by c.id desc limit 1) as conversation
     from page join contact k on k.tenant_id = $1 and k.id = page.contact_id order by k.id desc`;
  return await byIndexOfWords(sql, (tx) => tx.query<ReadContact>(statement, [query, limit]));
}

/** Conversations by a tag whose name fits, the newest first. Index conversation_tags. */
export async function findTagged(sql: TenantSql, name: string, limit: number): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `select c.id from conversation c
     where c.tenant_id = $1 and c.tags <> '{}'
       and c.tags && (select coalesce(array_agg(t.id), '{}') from tag t where t.tenant_id = $1 and lower(t.name) like lower($2) || '%')
     order by c.last_at desc limit $3`,
    [name.replace(/[\\%_]/g, "\\$&"), limit],
  );
  return rows.map(({ id }) => id);
}

/** The newest conversations of these contacts. Index conversation_contact. */
export async function conversationsOf(sql: TenantSql, contacts: readonly string[], limit: number): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `select c.id from unnest($2::uuid[]) as k (id)
       cross join lateral (select id, last_at from conversation where tenant_id = $1 and contact_id = k.id order by id desc limit 3) c
     order by c.last_at desc limit $3`,
    [contacts, limit],
  );
  return rows.map(({ id }) => id);
}

export interface UnindexedMessage {
  tenant: string;
  conversation: string;
  seq: number;
  at: Date;
  text: string;
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

const behindColumns = "d.tenant_id as tenant, d.id as conversation, m.seq, m.at, m.text";
const behindMessages = `cross join lateral (
       select seq, at, text from message where tenant_id = d.tenant_id and conversation_id = d.id and message.seq > d.seq order by message.seq limit 2000
     ) m`;

export interface IndexedMessage {
  tenant_id: string;
  conversation_id: string;
  seq: number;
  at: Date;
  words: string;
}

/** Adds messages to the index of words and moves the marks of their conversations, or neither. What is there already stays. */
export async function addToIndex(sql: Sql, messages: readonly IndexedMessage[]): Promise<void> {
  await sql.query(
    `with rows as materialized (
       select * from json_to_recordset($1::json) as rows (tenant_id uuid, conversation_id uuid, seq bigint, at timestamptz, words text)
     ), added as (
       insert into message_search (tenant_id, conversation_id, seq, at, words)
       select tenant_id, conversation_id, seq, at, words::tsvector from rows on conflict do nothing
     )
     insert into search_mark (tenant_id, conversation_id, seq)
     select tenant_id, conversation_id, max(seq) from rows group by 1, 2 order by 1, 2
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
