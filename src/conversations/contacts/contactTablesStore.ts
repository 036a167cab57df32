import type { Sql } from "../../platform/database/database.ts";

/** A table of the installation with rows of one person, and the columns by which they say so: ids, and addresses of mail. */
export interface ContactTable {
  name: string;
  columns: readonly string[];
}

/** Whose rows are meant. */
export interface Person {
  contact: string;
  conversations: readonly string[];
  /** In lower case, those that are nobody else's: what was sent to one of them, and names no contact, is theirs. */
  addresses: readonly string[];
}

/**
 * Every table that says of its rows whose they are, read from the catalogue, so that none can be forgotten: one whose rows point to another's
 * comes before it, the conversations come last.
 */
export async function contactTables(sql: Sql): Promise<ContactTable[]> {
  const rows = await sql.query<ContactTable & { points_to: string[] }>(
    `select t.relname as name, array_agg(a.attname::text) as columns,
       coalesce((select array_agg(distinct target.relname::text) from pg_constraint f join pg_class target on target.oid = f.confrelid
                 where f.conrelid = t.oid and f.contype = 'f' and f.confrelid <> t.oid), '{}') as points_to
     from pg_class t
     join pg_namespace n on n.oid = t.relnamespace and n.nspname = current_schema()
     join pg_attribute a on a.attrelid = t.oid and a.attname in ('contact_id', 'conversation_id', 'email', 'recipient') and not a.attisdropped
     where t.relkind in ('r', 'p') and not t.relispartition and $1::uuid is not null
     group by t.oid, t.relname having bool_or(a.attname in ('contact_id', 'conversation_id')) order by t.relname = 'conversation', t.relname`,
  );
  return childrenFirst(rows);
}

function childrenFirst<Table extends ContactTable & { points_to: readonly string[] }>(tables: readonly Table[]): Table[] {
  const sorted: Table[] = [];
  const left = new Set(tables);
  while (left.size > 0) {
    const free = [...left].filter(({ name }) => ![...left].some((other) => other.name !== name && other.points_to.includes(name)));
    for (const table of free.length > 0 ? free : [...left]) {
      left.delete(table);
      sorted.push(table);
    }
  }
  return sorted;
}

/**
 * Whose rows are a contact's: of addresses that only a site has signed (`proven`), or those too that anybody may have written into a form, which
 * is enough to forget by, and not to read by. Indexes: conversation_contact, the primary key.
 */
export async function personOf(sql: Sql, contact: string, addresses: "proven" | "claimed"): Promise<Person> {
  const claimed = addresses === "claimed" ? ", (k.email)" : "";
  const found = await sql.query<{ address: string }>(
    `select distinct lower(v.address) as address from contact k cross join lateral (values (k.signed_email)${claimed}) as v(address)
      where k.tenant_id = $1 and k.id = $2 and v.address is not null
        and not exists (select from contact o where o.tenant_id = k.tenant_id and o.id <> k.id and lower(v.address) in (lower(o.email), lower(o.signed_email)))
        and not exists (select from membership m join account a on a.id = m.account_id where m.tenant_id = k.tenant_id and a.email = lower(v.address))`,
    [contact],
  );
  return { contact, conversations: await conversationsOfContact(sql, contact), addresses: found.map(({ address }) => address) };
}

/** All ids of a person's conversations. Index conversation_contact. */
export async function conversationsOfContact(sql: Sql, contact: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>("select id from conversation where tenant_id = $1 and contact_id = $2 order by id", [
    contact,
  ]);
  return rows.map(({ id }) => id);
}

export async function countRows(sql: Sql, table: ContactTable, person: Person): Promise<number> {
  const rows = await sql.query<{ n: number }>(`select count(*)::int as n from ${theirRows(table)}`, valuesOf(person));
  return rows[0]?.n ?? 0;
}

/** Rows as JSON, without what is secret or says the same in other words. */
export async function readRows(sql: Sql, table: ContactTable, person: Person): Promise<Record<string, unknown>[]> {
  const rows = await sql.query<{ row: Record<string, unknown> }>(
    `select to_jsonb(t) - '{tenant_id,token_hash,touched,searched}'::text[] as row from ${theirRows(table)}`,
    valuesOf(person),
  );
  return rows.map(({ row }) => row);
}

export async function deleteRows(sql: Sql, table: ContactTable, person: Person): Promise<void> {
  await sql.query(`delete from ${theirRows(table)}`, valuesOf(person));
}

/** All values are named in every statement: a table may know only one of them. */
function theirRows({ name, columns }: ContactTable): string {
  const contact = columns.includes("contact_id") ? "t.contact_id = $2::uuid" : "$2::uuid is null";
  const conversation = columns.includes("conversation_id") ? "t.conversation_id = any($3::uuid[])" : "$3::uuid[] is null";
  const [address] = columns.filter((column) => column === "email" || column === "recipient").map(quoted);
  const pointing = columns.includes("contact_id") ? "contact_id" : "conversation_id";
  const mailed = address === undefined ? "$4::text[] is null" : `(t.${pointing} is null and lower(t.${address}) = any($4::text[]))`;
  return `${quoted(name)} t where t.tenant_id = $1 and (${contact} or ${conversation} or ${mailed})`;
}

function valuesOf({ contact, conversations, addresses }: Person): unknown[] {
  return [contact, conversations, addresses];
}

/** Makes what is one person's another's. */
export async function moveRows(sql: Sql, table: string, from: string, to: string): Promise<void> {
  await sql.query(`update ${quoted(table)} set contact_id = $3 where tenant_id = $1 and contact_id = $2`, [from, to]);
}

export async function findContact(sql: Sql, contact: string): Promise<Record<string, unknown> | undefined> {
  const rows = await sql.query<{ row: Record<string, unknown> }>(
    "select to_jsonb(t) - '{tenant_id,searched}'::text[] as row from contact t where tenant_id = $1 and id = $2",
    [contact],
  );
  return rows[0]?.row;
}

export async function deleteContact(sql: Sql, contact: string): Promise<void> {
  await sql.query("delete from contact where tenant_id = $1 and id = $2", [contact]);
}

/** Names come from the catalogue; quoted all the same. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
