import type { Sql } from "../../platform/database/database.ts";
import type { Column, Table } from "./tableCatalogueStore.ts";

export const rowsOfPage = 50;

export type Row = Record<string, unknown>;

/** Tables with about how many rows, as the planner knows it. */
export async function listTables(sql: Sql): Promise<{ name: string; rows: number }[]> {
  return await sql.query<{ name: string; rows: number }>(
    `select t.relname as name, greatest(t.reltuples, 0)::float8 as rows
       from pg_class t join pg_namespace n on n.oid = t.relnamespace and n.nspname = current_schema()
      where t.relkind in ('r', 'p') and not t.relispartition order by t.relname`,
  );
}

/**
 * Rows of a table in the order of its key, without what is secret; `after` is the key of the last one seen. What is searched is what is shown:
 * a secret can't be guessed letter by letter. One more than a page shows that there is a next one.
 */
export async function listRows(
  sql: Sql,
  table: Table,
  asked: { tenant: string; search: string; after: readonly string[] },
): Promise<Row[]> {
  const keys = keyColumns(table);
  const ofTenant = table.columns.some(({ name }) => name === "tenant_id");
  const order = keys.map(({ name }) => `t.${quoted(name)}`).join(", ");
  const values: unknown[] = [asked.search];
  const conditions = ["($1 = '' or strpos(lower((to_jsonb(t) - $2::text[])::text), lower($1)) > 0)"];
  values.push(secrets(table));
  if (ofTenant && asked.tenant !== "") {
    values.push(asked.tenant);
    conditions.push(`t.tenant_id = $${values.length}::uuid`);
  }
  if (asked.after.length === keys.length && keys.length > 0) {
    const bound = keys.map((key, index) => `${bind(values, asked.after[index])}::text::${key.type}`);
    conditions.push(`(${order}) > (${bound.join(", ")})`);
  }
  const rows = await sql.query<{ row: Row }>(
    `select to_jsonb(t) - $2::text[] as row from ${quoted(table.name)} t where ${conditions.join(" and ")}
      order by ${order === "" ? "1" : order} limit ${rowsOfPage + 1}`,
    values,
  );
  return rows.map(({ row }) => row);
}

export async function findRow(sql: Sql, table: Table, key: readonly string[]): Promise<Row | undefined> {
  const values: unknown[] = [secrets(table)];
  const [found] = await sql.query<{ row: Row }>(
    `select to_jsonb(t) - $1::text[] as row from ${quoted(table.name)} t where ${whereKey(table, key, values)}`,
    values,
  );
  return found?.row;
}

/** Values as the database writes them; null for none. Whether the row was there. */
export async function updateRow(
  tx: Sql,
  table: Table,
  key: readonly string[],
  changes: ReadonlyMap<Column, string | null>,
): Promise<boolean> {
  const values: unknown[] = [];
  const sets = [...changes].map(([{ name, type }, value]) => `${quoted(name)} = ${bind(values, value)}::text::${type}`);
  const changed = await tx.query(
    `update ${quoted(table.name)} t set ${sets.join(", ")} where ${whereKey(table, key, values)} returning 1`,
    values,
  );
  return changed.length > 0;
}

/** Whether the row was there. */
export async function deleteRow(tx: Sql, table: Table, key: readonly string[]): Promise<boolean> {
  const values: unknown[] = [];
  return (await tx.query(`delete from ${quoted(table.name)} t where ${whereKey(table, key, values)} returning 1`, values)).length > 0;
}

/** The tenants in which the account of a row works: whose rights may have changed. */
export async function tenantsOfAccount(sql: Sql, account: string): Promise<string[]> {
  const rows = await sql.query<{ tenant: string }>("select tenant_id as tenant from membership where account_id::text = $1", [account]);
  return rows.map(({ tenant }) => tenant);
}

export function keyColumns(table: Table): Column[] {
  return table.columns.filter(({ keyAt }) => keyAt > 0).sort((one, other) => one.keyAt - other.keyAt);
}

function whereKey(table: Table, key: readonly string[], values: unknown[]): string {
  return keyColumns(table)
    .map((column, index) => `t.${quoted(column.name)} = ${bind(values, key[index])}::text::${column.type}`)
    .join(" and ");
}

function bind(values: unknown[], value: unknown): string {
  values.push(value);
  return `$${values.length}`;
}

function secrets({ columns }: Table): string[] {
  return columns.filter(({ secret, keyAt }) => secret && keyAt === 0).map(({ name }) => name);
}

/** Names and types come from the catalogue; names are quoted all the same. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
