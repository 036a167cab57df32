import { PassThrough, Readable } from "node:stream";
import { ZipFile } from "yazl";
import { Refusal } from "../../protocol/refusal.ts";
import type { TableRows } from "./table.ts";
import { fixedParts, sheetEnd, sheetStart } from "./xlsxParts.ts";
import { columnLetters, headRow, sheetRow } from "./xlsxRow.ts";

/** Of a sheet, its head included (Excel's specifications and limits). */
export const sheetRowsAtMost = 1_048_576;
const sheetColumnsAtMost = 16_384;

/** The rows as one sheet of an XLSX file. Refusal `payload_too_large` where a sheet, or a cell, can't hold them. */
export async function* xlsxFile(table: TableRows): AsyncGenerator<Uint8Array> {
  if (table.columns.length > sheetColumnsAtMost)
    throw new Refusal("payload_too_large", "A sheet has no place for more than 16,384 columns; take the CSV.");
  const zip = new ZipFile();
  const sheet = Readable.from(sheetOf(table), { objectMode: false });
  const out = new PassThrough();
  const broken = (error: unknown) => out.destroy(error instanceof Error ? error : new Error(String(error)));
  sheet.on("error", broken);
  zip.on("error", broken);
  zip.outputStream.pipe(out);
  for (const [path, content] of Object.entries(fixedParts)) zip.addBuffer(Buffer.from(content), path);
  zip.addReadStream(sheet, "xl/worksheets/sheet1.xml", { compressionLevel: 1 });
  zip.end();
  try {
    for await (const piece of out) yield piece;
  } finally {
    sheet.destroy();
  }
}

async function* sheetOf({ columns, batches }: TableRows): AsyncGenerator<string> {
  const letters = columns.map((_, index) => columnLetters(index));
  let number = 1;
  yield sheetStart + headRow(columns, letters);
  for await (const rows of batches) {
    if (number + rows.length > sheetRowsAtMost)
      throw new Refusal("payload_too_large", "A sheet of an XLSX file holds 1,048,576 rows, and there are more; take the CSV.");
    const first = number + 1;
    yield rows.map((row, index) => sheetRow(row, first + index, columns, letters)).join("");
    number += rows.length;
  }
  yield sheetEnd;
}
