import { csvLine } from "../../platform/csv/csvLine.ts";
import type { TableRows } from "./table.ts";

/** Excel takes a file without it for one of its own old encodings; programs stumble over it. */
const byteOrderMark = "\uFEFF";

/** The rows as CSV in UTF-8, under the names of their columns. */
export async function* csvFile({ columns, batches }: TableRows, { marked }: { marked: boolean }): AsyncGenerator<string> {
  yield `${marked ? byteOrderMark : ""}${csvLine(columns.map(({ name }) => name))}`;
  for await (const rows of batches) yield rows.map(csvLine).join("");
}
