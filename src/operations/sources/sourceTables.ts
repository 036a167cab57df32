import type { Cell, SourceTable } from "./dataSource.ts";

const tablesAtMost = 2000;

/** Tables from rows of schema, table, column, type, which come in order. */
export function tablesOf(rows: readonly (readonly Cell[])[]): SourceTable[] {
  const tables: SourceTable[] = [];
  for (const row of rows) {
    const [schema = "", name = "", column = "", type = ""] = row.map(String);
    let table = tables.at(-1);
    if (table === undefined || table.name !== name || table.schema !== schema) {
      if (tables.length === tablesAtMost) break;
      table = { schema, name, columns: [] };
      tables.push(table);
    }
    table.columns.push({ name: column, type });
  }
  return tables;
}
