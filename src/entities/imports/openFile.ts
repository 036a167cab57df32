import { readParts } from "../../files/parts.ts";
import type { Platform } from "../../platform/platform.ts";
import type { ImportReading } from "../../protocol/imports.ts";
import { csvRows } from "./files/csvRows.ts";
import { decodeText } from "./files/encoding.ts";
import { isBlank, type TableRow } from "./files/tableRow.ts";
import { openWorkbook } from "./files/workbook.ts";

/** Where the bytes of an import's file are. */
export interface KeptFile {
  /** In the files port. */
  key: string;
  size: number;
}

export function keptFile(tenant: string, { id, size }: { id: string; size: number }): KeptFile {
  return { key: `${tenant}/import-${id}`, size };
}

/** All rows of a file, as it is read. Refusals: `invalid_value`, `payload_too_large` and `unavailable`, in words about the file. */
export async function* fileRows(
  { files }: Pick<Platform, "files">,
  { key, size }: KeptFile,
  { kind, encoding, delimiter, sheet }: ImportReading,
): AsyncGenerator<TableRow> {
  if (kind === "csv") {
    yield* csvRows(decodeText(readParts({ files }, key, 0, size), encoding), delimiter);
    return;
  }
  const workbook = await openWorkbook({ size, read: (start, end) => readParts({ files }, key, start, end) });
  try {
    yield* workbook.rows(sheet);
  } finally {
    workbook.close();
  }
}

/** The rows that are about something: neither the head nor blank. */
export async function* dataRows(rows: AsyncIterable<TableRow>, header: boolean): AsyncGenerator<TableRow> {
  let isHead = header;
  for await (const row of rows) {
    if (isBlank(row)) continue;
    if (isHead) isHead = false;
    else yield row;
  }
}
