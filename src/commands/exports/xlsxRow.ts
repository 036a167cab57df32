import { Refusal } from "../../protocol/refusal.ts";
import type { TableCell, TableColumn } from "./table.ts";
import { styles } from "./xlsxParts.ts";

/** Of a cell, in UTF-16 units (Excel's specifications and limits). */
const cellAtMost = 32_767;
/** A sheet calculates with 15 digits: what has more stays as it is written. */
const exactDigits = 15;
const dayMs = 86_400_000;
/** Day 0 of a sheet, for days after February 1900, which has a 29th there. */
const dayZero = Date.UTC(1899, 11, 30);
const firstDay = 61;

/** `A`, `Z`, `AA` … */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter;
}

export function headRow(columns: readonly TableColumn[], letters: readonly string[]): string {
  return `<row r="1">${columns.map(({ name }, index) => textCell(`${letters[index]}1`, name, name, ` s="${styles.head}"`)).join("")}</row>`;
}

/** One row of a sheet: numbers as numbers and dates as dates where these lose nothing, everything else as a text, which no sheet calculates. */
export function sheetRow(row: readonly TableCell[], number: number, columns: readonly TableColumn[], letters: readonly string[]): string {
  let cells = "";
  row.forEach((cell, index) => {
    if (cell === null) return;
    const column = columns[index];
    cells += sheetCell(`${letters[index]}${number}`, cell, column?.type ?? "text", column?.name ?? "");
  });
  return `<row r="${number}">${cells}</row>`;
}

function sheetCell(place: string, cell: string | number | boolean, type: string, column: string): string {
  if (typeof cell === "boolean") return `<c r="${place}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (typeof cell === "number") return numberCell(place, String(cell), "");
  if ((type === "integer" || type === "decimal") && isExact(cell)) return numberCell(place, cell, "");
  if (type === "date" || type === "instant") {
    const days = dayNumber(cell);
    if (days !== undefined) return numberCell(place, String(days), ` s="${styles[type]}"`);
  }
  return textCell(place, cell, column, "");
}

function numberCell(place: string, number: string, style: string): string {
  return `<c r="${place}"${style}><v>${number}</v></c>`;
}

function textCell(place: string, text: string, column: string, style: string): string {
  if (text.length > cellAtMost)
    throw new Refusal(
      "payload_too_large",
      `A text of ${text.length} characters in "${column}" has no place in a cell of XLSX, which holds 32,767; take the CSV.`,
    );
  return `<c r="${place}"${style} t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

function isExact(decimal: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(decimal) && decimal.replace(/^-?0*\.?0*|\./g, "").length <= exactDigits;
}

/** Days since day zero; the time of the day is the fraction, of which a double keeps microseconds. Undefined for what a sheet has no date for. */
function dayNumber(iso: string): number | undefined {
  const [, day, time, fraction = ""] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(\.\d{1,6})?Z?)?$/.exec(iso) ?? [];
  if (day === undefined) return undefined;
  const ms = Date.parse(`${day}T${time ?? "00:00:00"}Z`);
  const days = (ms + Number(`0${fraction}`) * 1000 - dayZero) / dayMs;
  return Number.isFinite(days) && days >= firstDay ? days : undefined;
}

/** XML has no place for control characters; `_x0007_` is how a sheet writes them, and how it writes an underscore that would look so. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/_(?=x[0-9a-f]{4}_)/gi, "_x005F_")
    .replace(
      /(?![\t\n])\p{Cc}|[\ufffe\uffff]/gu,
      (character) => `_x${character.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase()}_`,
    )
    .replace(/[&<>]/g, (character) => (character === "&" ? "&amp;" : character === "<" ? "&lt;" : "&gt;"));
}
