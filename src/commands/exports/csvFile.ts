import { csvLine } from "../../platform/csv/csvLine.ts";
import type { TableRows } from "./table.ts";

/** Excel takes a file without it for one of its own old encodings; programs stumble over it. */
const byteOrderMark = "\uFEFF";

/** So much is handed on at once: whoever takes little of it in a minute still takes something. */
const pieceBytes = 64 * 1024;

/** The rows as CSV in UTF-8, under the names of their columns, in pieces of 64 KiB at most. */
export async function* csvFile({ columns, batches }: TableRows, { marked }: { marked: boolean }): AsyncGenerator<Uint8Array> {
  yield* inPieces(`${marked ? byteOrderMark : ""}${csvLine(columns.map(({ name }) => name))}`);
  for await (const rows of batches) yield* inPieces(rows.map(csvLine).join(""));
}

function* inPieces(text: string): Generator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
