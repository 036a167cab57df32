import type { Sql, TenantSql } from "../../platform/database/database.ts";
import { quoted } from "../accounts/catalogueStore.ts";

export interface ExportedTable {
  name: string;
  /** Of the primary key, without the tenant: by these it is read page by page. */
  key: { name: string; type: string }[];
  /** What proves, opens or hides something, and all bytes. */
  hidden: string[];
}

/** Sessions and their like open doors and end by themselves; the others are made anew from the rest, or on their way. */
const left = [
  "session",
  "socket_ticket",
  "refresh_token",
  "confirmation",
  "sign_in_flow",
  "visitor_token",
  "push_subscription",
  "message_search",
  "contact_search",
  "search_mark",
  "job_position",
  "turn",
  "agent_connection",
  "mail_out",
  "job",
];

/** Read from the catalogue, so that none can be forgotten: a table that comes tomorrow is exported. */
export async function exportedTables(sql: Sql): Promise<ExportedTable[]> {
  return await sql.query<ExportedTable>(
    `select t.relname::text as name,
       coalesce((select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, null)) order by array_position(k.conkey, a.attnum))
          from pg_constraint k join pg_attribute a on a.attrelid = t.oid and a.attnum = any(k.conkey)
         where k.conrelid = t.oid and k.contype = 'p' and a.attname <> 'tenant_id'), '[]') as key,
       array(select a.attname::text from pg_attribute a where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
               and (a.atttypid in ('bytea'::regtype, 'tsvector'::regtype) or a.attname ~ 'hash|secret|token|password|salt|sealed')) as hidden
     from pg_class t join pg_attribute tenant on tenant.attrelid = t.oid and tenant.attname = 'tenant_id' and not tenant.attisdropped
     where t.relnamespace = current_schema()::regnamespace and t.relkind in ('r', 'p') and not t.relispartition
       and t.relname <> all($1) and not starts_with(t.relname, 'audit_') order by t.relname`,
    [left],
  );
}

const pageSize = 1000;

/** The next rows of a table, in the order of its primary key, and where each stands in it. */
export async function readPage(
  sql: TenantSql,
  { name, key, hidden }: ExportedTable,
  after: readonly string[] | null,
): Promise<{ row: object; at: string[] }[]> {
  const columns = key.map((column) => `t.${quoted(column.name)}`);
  const bound = key.map(({ type }, index) => `($2::text[])[${index + 1}]::${type}`);
  const next = key.length === 0 ? "$2::text[] is null" : `($2::text[] is null or (${columns.join(", ")}) > (${bound.join(", ")}))`;
  const order = key.length === 0 ? "" : `order by ${columns.join(", ")} limit ${pageSize}`;
  return await sql.query<{ row: object; at: string[] }>(
    `select to_jsonb(t) - $3::text[] as row, array[${columns.map((column) => `${column}::text`).join(", ")}]::text[] as at
       from ${quoted(name)} t where t.tenant_id = $1 and ${next} ${order}`,
    [after, hidden],
  );
}

/** Who has a place there, by name and address: accounts are people's own. */
export async function readPeople(sql: Sql, tenant: string): Promise<object[]> {
  return await sql.query(
    "select a.id, a.name, a.email from account a join membership m on m.account_id = a.id where m.tenant_id = $1 order by a.id limit 5000",
    [tenant],
  );
}
