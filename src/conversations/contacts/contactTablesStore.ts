import type { Sql } from "../../platform/database/database.ts";

/** A table of the installation with rows of one person, and the columns by which they say so. */
export interface ContactTable {
  name: string;
  columns: readonly string[];
}

/** Whose rows are meant. */
export interface Person {
  contact: string;
  conversations: readonly string[];
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
     join pg_attribute a on a.attrelid = t.oid and a.attname in ('contact_id', 'conversation_id') and not a.attisdropped
     where t.relkind in ('r', 'p') and not t.relispartition and $1::uuid is not null
     group by t.oid, t.relname order by t.relname = 'conversation', t.relname`,
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

/** Both values are named in every statement: a table may know only one of them. */
function theirRows({ name, columns }: ContactTable): string {
  const contact = columns.includes("contact_id") ? "t.contact_id = $2::uuid" : "$2::uuid is null";
  const conversation = columns.includes("conversation_id") ? "t.conversation_id = any($3::uuid[])" : "$3::uuid[] is null";
  return `${quoted(name)} t where t.tenant_id = $1 and (${contact} or ${conversation})`;
}

function valuesOf({ contact, conversations }: Person): unknown[] {
  return [contact, conversations];
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
