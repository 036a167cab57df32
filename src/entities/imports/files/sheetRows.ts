import type { Readable } from "node:stream";
import { Decimal } from "decimal.js";
import { refused } from "../../sentences/imports/sentences.ts";
import type { TableRow } from "./tableRow.ts";
import { unescaped, type WorkbookParts } from "./workbookParts.ts";
import { readXml } from "./xml.ts";

/** A sheet has no more (Excel's specifications and limits). */
const mostColumns = 16_384;
const longestCell = 32_767;

/** The rows of a sheet: numbers with a point, times as ISO 8601, and of a formula what it came to. */
export async function* sheetRows(stream: Readable, parts: WorkbookParts): AsyncGenerator<TableRow> {
  let ready: TableRow[] = [];
  let row: TableRow = { number: 0, cells: [] };
  let cell = { column: 0, type: "n", style: 0 };
  let value = "";
  let [isValue, isInline, isPhonetic] = [false, false, false];
  const pieces = readXml(stream, {
    open: (name, attributes) => {
      if (name === "row") row = { number: Number(attributes["r"] ?? row.number + 1), cells: [] };
      else if (name === "c") {
        cell = { column: columnOf(attributes["r"], row.cells.length), type: attributes["t"] ?? "n", style: Number(attributes["s"] ?? 0) };
        value = "";
      } else if (name === "is") isInline = true;
      else if (name === "rPh") isPhonetic = true;
      isValue = name === "v" || (name === "t" && isInline && !isPhonetic);
    },
    text: (text) => {
      if (isValue && value.length <= longestCell) value += text;
    },
    close: (name) => {
      isValue = false;
      if (name === "is") isInline = false;
      else if (name === "rPh") isPhonetic = false;
      else if (name === "row") ready.push(row);
      else if (name === "c") {
        while (row.cells.length < cell.column) row.cells.push("");
        row.cells[cell.column] = textOf(cell, value, parts);
      }
    },
  });
  for await (const _piece of pieces) {
    const some = ready;
    ready = [];
    yield* some;
  }
}

/** `C7` is in the third column, whose number is 2. */
function columnOf(place: string | undefined, next: number): number {
  const letters = /^([A-Z]{1,3})\d+$/.exec(place ?? "")?.[1];
  if (letters === undefined) return next;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  if (column > mostColumns) throw refused("invalid_value", "file", (say) => say.noCellThere(place ?? ""));
  return column - 1;
}

function textOf({ type, style }: { type: string; style: number }, value: string, { texts, areTimes, is1904 }: WorkbookParts): string {
  if (type === "s") return texts[Number(value)] ?? "";
  if (type === "b") return value === "1" || value === "true" ? "true" : "false";
  if (type !== "n") return unescaped(value);
  const number = Number(value);
  if (value === "" || !Number.isFinite(number)) return value;
  return areTimes[style] === true ? timeText(number, is1904) : numberText(number);
}

/** As a sheet shows it: with 15 digits, 0.1 + 0.2 is 0.3. */
function numberText(number: number): string {
  return Number.isSafeInteger(number) ? String(number) : new Decimal(number.toPrecision(15)).toFixed();
}

const dayMs = 86_400_000;
const dayZero = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) };
/** Days before March 1900 are one further, since a sheet has a 29th of February there. */
const firstDay = 61;

function timeText(days: number, is1904: boolean): string {
  const [zero, shift] = is1904 ? [dayZero[1904], 0] : [dayZero[1900], days < firstDay && days >= 1 ? 1 : 0];
  const at = new Date(zero + Math.round((days + shift) * dayMs));
  if (Number.isNaN(at.getTime())) return numberText(days);
  const [day = "", time = ""] = at.toISOString().split("T");
  const ofDay = time.replace(/(\.000)?Z$/, "");
  if (days >= 0 && days < 1) return ofDay;
  return days % 1 === 0 ? day : `${day}T${ofDay}`;
}
