import { storable } from "../../platform/database/storable.ts";
import { isMailAddress } from "../../protocol/forms.ts";
import { refused } from "../sentences/imports/sentences.ts";
import { type DecimalsSeen, lookAtDecimals, numberOf } from "./cells/numbers.ts";
import { lookAtTimes, type TimesSeen, timeOf } from "./cells/times.ts";
import { isBlank, type TableRow } from "./files/tableRow.ts";

/** So many rows say what the columns are; all are read, for their number and whether they can be. */
const lookedAtRows = 20_000;
const mostColumns = 1000;
const mostSamples = 5;
const longestSample = 100;
const mostDistinct = 50;

/** What a column's cells have shown. */
export interface ColumnSeen {
  name: string;
  samples: string[];
  filled: number;
  dates: TimesSeen;
  decimals: DecimalsSeen;
  /** How many are mail addresses, and web addresses. */
  mails: number;
  links: number;
  /** Its values, where there are few different ones. */
  distinct: string[] | null;
}

export interface TableSeen {
  /** Data rows: blank ones, and the head, are none. */
  rows: number;
  columns: ColumnSeen[];
}

/** What the rows of a file show. Refusals: those of reading it, `nothing_to_send` where there is no row, `payload_too_large` for too many columns. */
export async function scanTable(rows: AsyncIterable<TableRow>, header: boolean | undefined): Promise<TableSeen & { header: boolean }> {
  let columns: ColumnSeen[] | undefined;
  let isHeaded = header ?? false;
  let count = 0;
  for await (const row of rows) {
    if (isBlank(row)) continue;
    if (columns === undefined) {
      isHeaded = header ?? looksLikeHead(row.cells);
      columns = begunColumns(row.cells, isHeaded);
      if (isHeaded) continue;
    }
    count++;
    if (count <= lookedAtRows) for (const [index, cell] of row.cells.entries()) lookAtCell(columns[index], cell);
  }
  if (columns === undefined) throw refused("nothing_to_send", "file", (say) => say.onlyEmptyRows);
  if (count === 0) throw refused("nothing_to_send", "file", (say) => say.onlyHeader);
  return { rows: count, columns, header: isHeaded };
}

/** Names are neither empty throughout, nor numbers, times and addresses, nor twice the same thing with nothing else. */
function looksLikeHead(cells: readonly string[]): boolean {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
  return (
    filled.length > 0 &&
    !filled.some((cell) => numberOf(cell, ".") !== undefined || timeOf(cell, "dmy") !== undefined || isMailAddress(cell))
  );
}

function begunColumns(first: readonly string[], isHeaded: boolean): ColumnSeen[] {
  // A comma at the end of each row makes no column.
  const width = isHeaded ? first.findLastIndex((cell) => cell.trim() !== "") + 1 : first.length;
  if (width > mostColumns)
    throw refused("payload_too_large", "file", (say) => say.mostColumns(width.toLocaleString("en"), mostColumns.toLocaleString("en")));
  return first.slice(0, width).map((cell, index) => ({
    name: (isHeaded ? storable(cell).trim().slice(0, longestSample) : "") || `Column ${index + 1}`,
    samples: [],
    filled: 0,
    dates: { dmy: 0, mdy: 0, either: 0, sample: null, local: 0, localSample: null },
    decimals: { point: 0, comma: 0, either: 0, sample: null },
    mails: 0,
    links: 0,
    distinct: [],
  }));
}

function lookAtCell(column: ColumnSeen | undefined, cell: string): void {
  const text = cell.trim();
  if (column === undefined || text === "") return;
  column.filled++;
  lookAtTimes(column.dates, text);
  lookAtDecimals(column.decimals, text);
  if (text.includes("@") && isMailAddress(text)) column.mails++;
  if (/^https?:\/\//i.test(text)) column.links++;
  const sample = storable(text).slice(0, longestSample);
  if (column.samples.length < mostSamples && !column.samples.includes(sample)) column.samples.push(sample);
  if (column.distinct === null || column.distinct.includes(sample)) return;
  if (column.distinct.length < mostDistinct) column.distinct.push(sample);
  else column.distinct = null;
}
