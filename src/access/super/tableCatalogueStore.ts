import type { Sql } from "../../platform/database/database.ts";

export interface Column {
  name: string;
  /** As the database writes it: `text[]`, `timestamp with time zone`. */
  type: string;
  nullable: boolean;
  /** Position in the primary key, from 1; 0 for none. */
  keyAt: number;
  /** Never shown, searched or changed. */
  secret: boolean;
  changeable: boolean;
}

export interface Table {
  name: string;
  columns: Column[];
  changeable: boolean;
}

/** What proves, opens or hides something; and all bytes, which nobody reads anyway. */
const secretName = /hash|secret|token|password|salt|sealed|endpoint|p256dh|^auth$|public_key/;
/** Whose own rules a hand in a table would break: the audit, the super admins, the migrations. */
const untouchable = /^(audit_|super_|schema_migration$)/;

/** A table by its name; undefined where there is none. */
export async function describeTable(sql: Sql, name: string): Promise<Table | undefined> {
  const columns = await sql.query<Omit<Column, "secret" | "changeable"> & { generated: boolean }>(
    `select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
            coalesce(array_position(k.conkey::int[], a.attnum::int), 0) as "keyAt", a.attgenerated <> '' as generated
       from pg_class t join pg_namespace n on n.oid = t.relnamespace and n.nspname = current_schema()
       join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
       left join pg_constraint k on k.conrelid = t.oid and k.contype = 'p'
      where t.relname = $1 and t.relkind in ('r', 'p') and not t.relispartition order by a.attnum`,
    [name],
  );
  if (columns.length === 0) return undefined;
  const changeable = !untouchable.test(name);
  return {
    name,
    changeable,
    columns: columns.map(({ generated, ...column }) => {
      const secret =
        column.type === "bytea" ||
        column.type === "tsvector" ||
        (secretName.test(column.name) && column.keyAt === 0) ||
        (column.type === "text" && /token|hash/.test(column.name));
      return { ...column, secret, changeable: changeable && !secret && !generated && column.keyAt === 0 && column.name !== "tenant_id" };
    }),
  };
}
