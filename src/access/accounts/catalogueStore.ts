import type { Sql } from "../../platform/database/database.ts";

export interface Column {
  name: string;
  /** As PostgreSQL writes it: `uuid`, `text`, `jsonb`, `text[]`. */
  type: string;
}

export interface Table {
  name: string;
  columns: readonly Column[];
}

/** The chain of the audit changes by functions of its own, and what is counted or signed by hashes names nobody. */
const apart = ["schema_migration", "audit_entry", "audit_chain"];

/** Every table of the installation, read from the catalogue, so that none can be forgotten: whose rows point to another's comes before it. */
export async function allTables(sql: Sql): Promise<Table[]> {
  const rows = await sql.query<Table & { pointsTo: string[] }>(
    `select t.relname::text as name,
       (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, null)) order by a.attnum)
          from pg_attribute a where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       array(select target.relname::text from pg_constraint f join pg_class target on target.oid = f.confrelid
              where f.conrelid = t.oid and f.contype = 'f' and f.confrelid <> t.oid) as "pointsTo"
     from pg_class t join pg_namespace n on n.oid = t.relnamespace and n.nspname = current_schema()
     where t.relkind in ('r', 'p') and not t.relispartition and t.relname <> all($1) order by t.relname`,
    [apart],
  );
  const sorted: Table[] = [];
  const left = new Set(rows);
  while (left.size > 0) {
    const names = new Set([...left].map(({ name }) => name));
    const free = [...left].filter(({ pointsTo }) => !pointsTo.some((target) => names.has(target)));
    for (const table of free.length > 0 ? free : [...left]) {
      left.delete(table);
      sorted.unshift(table);
    }
  }
  return sorted;
}

/** Names come from the catalogue; quoted all the same. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
