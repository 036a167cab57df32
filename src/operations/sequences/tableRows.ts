import { z } from "zod";

const tableData = z.looseObject({ columns: z.array(z.looseObject({ name: z.string() })), rows: z.array(z.array(z.unknown())) });

/** A table's rows by the names of its columns, so that a slot can say `{{row.email}}`; anything else as it is. */
export function withNames(data: unknown): unknown {
  const table = tableData.safeParse(data);
  if (!table.success) return data;
  const { columns, rows } = table.data;
  return { ...table.data, rows: rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null]))) };
}
