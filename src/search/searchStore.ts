import type { Reach } from "../access/policy.ts";
import { withinReach } from "../access/roles/reachStore.ts";
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
  /** The note's id; of a message `noNote`. A note has the `seq` behind which it stands. */
  note: string;
}

export const noNote = "00000000-0000-0000-0000-000000000000";

/**
 * The newest messages and notes that fit, behind `after`, at most `limit`.
 *
 * An index of words has no order: of a word that a million messages have, it gives a million places, and sorting them takes seconds. So the
 * newest are looked through first, in the order of time: a frequent word is found there many times over. Only what is rare is asked of the
 * index of words, which then has few places to give. Both are bounded, so that no choice of words takes longer.
 * Indexes: message_search_at, message_search_words.
 */
export async function findMessages(
  sql: TenantSql,
  reach: Reach,
  query: string,
  { limit, after }: { limit: number; after: FoundMessage | undefined },
): Promise<FoundMessage[]> {
  const seen = messageWithin(reach, 8);
  const values = [query, after?.place ?? null, after?.conversation ?? null, after?.seq ?? null, after?.note ?? null, limit, ...seen.values];
  const recent = await sql.query<FoundMessage>(
    `with newest as materialized (
       select conversation_id, seq, note_id, at, words from message_search
       where tenant_id = $1 and ${isBehind} order by at desc limit ${newest}
     )
     select ${found} from newest where words @@ $2::tsquery and ${seen.condition} ${inOrder}`,
    values,
    reach === "all" ? "searchRecent" : "searchRecentWithin",
  );
  return recent.length >= limit
    ? recent
    : await byIndexOfWords(sql, (tx) => tx.query<FoundMessage>(indexedStatement(seen.condition), values));
}

const found = "conversation_id as conversation, seq, note_id as note, at::text as place";
const isBehind = `($3::timestamptz is null
  or (at <= $3::timestamptz and (at, conversation_id, seq, note_id) < ($3::timestamptz, $4::uuid, $5::bigint, $6::uuid)))`;
const inOrder = "order by at desc, conversation_id desc, seq desc, note_id desc limit $7";
const indexedStatement = (seen: string) => `
  with hits as materialized (
    select conversation_id, seq, note_id, at, tenant_id from message_search where words @@ $2::tsquery limit ${mostHits}
  )
  select ${found} from hits where tenant_id = $1 and ${isBehind} and ${seen} ${inOrder}`;

/** Of `message_search`, or what was found there: whether its conversation is within reach. Index: the primary key of `conversation`. */
function messageWithin(reach: Reach, parameter: number): { condition: string; values: unknown[] } {
  const { condition, values } = withinReach(reach, parameter);
  if (reach === "all") return { condition, values };
  return { condition: `exists (select from conversation c where c.tenant_id = $1 and c.id = conversation_id and ${condition})`, values };
}

/** Before the second wall, behind which `@@` may use no index. The planner takes a beginning of a word for frequent, and would read the whole table for it. */
async function byIndexOfWords<Row>(sql: TenantSql, work: (tx: Sql) => Promise<Row[]>): Promise<Row[]> {
  return await sql.unwalled.transaction(async (tx) => {
    await tx.query("select set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true), $1::uuid");
    return await work(tx);
  });
}

/** How the index of words is asked, as PostgreSQL would do it: for tests and measurements. */
export async function explainFindMessages(sql: TenantSql, query: string): Promise<string> {
  const rows = await byIndexOfWords(sql, (tx) =>
    tx.query<{ "QUERY PLAN": string }>(`explain ${indexedStatement("true")}`, [query, null, null, null, null, 20]),
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

/** The messages and notes that were found, with whose they are. Index: the primary keys. */
export async function readMessages(sql: TenantSql, found: readonly FoundMessage[]): Promise<ReadMessage[]> {
  return await sql.query<ReadMessage>(
    `select f.conversation_id as conversation, f.seq, f.place, f.note_id as note, said.at, said.text,
       said.author_kind as "authorKind", said.author_name as "authorName", k.id as contact, k.name as "contactName"
     from unnest($2::uuid[], $3::bigint[], $4::text[], $5::uuid[]) with ordinality as f (conversation_id, seq, place, note_id, position)
     cross join lateral (
       select m.at, m.text, m.author_kind, m.author_name from message m
        where m.tenant_id = $1 and m.conversation_id = f.conversation_id and m.seq = f.seq and f.note_id = '${noNote}'
       union all
       select n.at, n.text, case when n.author_id is null then 'system' else 'agent' end, n.author_name from note n
        where n.tenant_id = $1 and n.conversation_id = f.conversation_id and n.id = f.note_id
     ) said
     join conversation c on c.tenant_id = $1 and c.id = f.conversation_id
     join contact k on k.tenant_id = $1 and k.id = c.contact_id
     order by f.position`,
    [
      found.map(({ conversation }) => conversation),
      found.map(({ seq }) => seq),
      found.map(({ place }) => place),
      found.map(({ note }) => note),
    ],
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
export async function findContacts(sql: TenantSql, reach: Reach, query: string, limit: number): Promise<ReadContact[]> {
  const { condition, values } = withinReach(reach, 4);
  const seen =
    reach === "all"
      ? "true"
      : `exists (select from conversation c where c.tenant_id = $1 and c.contact_id = hits.contact_id and ${condition})`;
  const statement = `with hits as materialized (
       select contact_id, tenant_id from contact_search where words @@ $2::tsquery limit 1000
     ), page as materialized (select contact_id from hits where tenant_id = $1 and ${seen} order by contact_id desc limit $3)
     select k.id, k.name, k.email, k.phone,
       (select c.id from conversation c where c.tenant_id = $1 and c.contact_id = k.id and ${condition} order by c.id desc limit 1) as conversation
     from page join contact k on k.tenant_id = $1 and k.id = page.contact_id order by k.id desc`;
  return await byIndexOfWords(sql, (tx) => tx.query<ReadContact>(statement, [query, limit, ...values]));
}

/** Conversations by a tag whose name fits, the newest first. Index conversation_tags, which `&&` may not use behind the second wall. */
export async function findTagged(sql: TenantSql, reach: Reach, name: string, limit: number): Promise<string[]> {
  const { condition, values } = withinReach(reach, 4);
  const rows = await sql.unwalled.query<{ id: string }>(
    `select c.id from conversation c
     where c.tenant_id = $1 and c.tags <> '{}' and ${condition}
       and c.tags && (select coalesce(array_agg(t.id), '{}') from tag t where t.tenant_id = $1 and lower(t.name) like lower($2) || '%')
     order by c.last_at desc limit $3`,
    [name.replace(/[\\%_]/g, "\\$&"), limit, ...values],
  );
  return rows.map(({ id }) => id);
}

/** The newest conversations of these contacts. Index conversation_contact. */
export async function conversationsOf(sql: TenantSql, reach: Reach, contacts: readonly string[], limit: number): Promise<string[]> {
  const { condition, values } = withinReach(reach, 4);
  const rows = await sql.query<{ id: string }>(
    `select c.id from unnest($2::uuid[]) as k (id)
       cross join lateral (select c.id, c.last_at from conversation c where c.tenant_id = $1 and c.contact_id = k.id and ${condition} order by c.id desc limit 3) c
     order by c.last_at desc limit $3`,
    [contacts, limit, ...values],
  );
  return rows.map(({ id }) => id);
}
