import type { Field, FieldType } from "../../../protocol/blueprints.ts";
import type { DateOrder, DecimalMark } from "../../../protocol/imports.ts";
import { folded, unfit } from "../../fields/fieldKind.ts";
import { numberOf } from "./numbers.ts";
import { instantOf, timeOf } from "./times.ts";

/** How the cells of a column are read, all said. */
export interface CellReading {
  dates: DateOrder | undefined;
  decimals: DecimalMark;
  zone: string;
}

type ReadCell = (text: string, field: Field, reading: CellReading, path: string) => unknown;

/** What somebody writes for a field who writes this cell. Refusal `invalid_value` at `path`; whether the field takes it, its type says. */
export function writtenOf(text: string, field: Field, reading: CellReading, path: string): unknown {
  const read = readers[field.type] ?? readPlain;
  return read(text, field, reading, path);
}

/** Types that aren't here are written as they stand in the cell. */
const readers: Partial<Record<FieldType, ReadCell>> = {
  text: (text) => unprefixed(text).trim(),
  longText: (text) => unprefixed(text),
  integer: (text, field, { decimals }, path) => {
    const number = numberOf(text, decimals);
    if (number === undefined) throw unfit(field, (say) => say.wholeNumber, path);
    return Number(number);
  },
  decimal: readDecimal,
  money: readDecimal,
  boolean: (text, field, _reading, path) => {
    const word = text.trim().toLowerCase();
    if (yes.has(word)) return true;
    if (no.has(word)) return false;
    throw unfit(field, (say) => say.yesOrNo, path);
  },
  date: (text, field, { dates }, path) => {
    const parts = timeOf(text.trim(), dates);
    if (parts !== undefined && /^00:00:00\.0+$/.test(parts.time)) return parts.day;
    throw unfit(
      field,
      (say) => say.dateLike(dates === undefined ? "2026-11-21" : dates === "dmy" ? "21/11/2026" : "11/21/2026"),
      path,
      text,
    );
  },
  instant: (text, field, { dates, zone }, path) => {
    const parts = timeOf(text.trim(), dates);
    if (parts === undefined) throw unfit(field, (say) => say.timeLike("2026-11-21 09:30"), path);
    try {
      return instantOf(parts, zone);
    } catch {
      throw unfit(field, (say) => say.shownOnce(zone), path);
    }
  },
  choice: (text, field) => chosen(text, field) ?? text.trim(),
  choices: (text, field) => chosenSome(text, field),
};

const readPlain: ReadCell = (text) => text.trim();

function readDecimal(text: string, field: Field, { decimals }: CellReading, path: string): string {
  const number = numberOf(text, decimals);
  if (number === undefined) throw unfit(field, (say) => say.numberLike(decimals === "." ? "1234.50" : "1234,50"), path);
  return number;
}

const yes = new Set([
  "true",
  "yes",
  "y",
  "1",
  "x",
  "ja",
  "j",
  "oui",
  "sí",
  "si",
  "sim",
  "on",
  "✓",
  "wahr",
  "vrai",
  "verdadeiro",
  "verdadero",
]);
const no = new Set(["false", "no", "n", "0", "nein", "non", "não", "nao", "off", "falsch", "faux", "falso"]);

/** A choice whatever its case: no two differ by that alone. */
function chosen(text: string, { choices = [] }: Field): string | undefined {
  const wanted = text.trim();
  return choices.includes(wanted) ? wanted : choices.find((one) => folded(one) === folded(wanted));
}

/** Several, with commas or semicolons; a choice that has one in its name, where the whole cell is that choice. */
function chosenSome(text: string, field: Field): string[] {
  const whole = chosen(text, field);
  if (whole !== undefined) return [whole];
  const words = text
    .split(/[,;|\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== "");
  return words.map((one) => chosen(one, field) ?? one);
}

/** Exports put an apostrophe before what a spreadsheet would calculate (ASVS 1.2.10); coming back, it is the text that it was. */
function unprefixed(text: string): string {
  return /^'[=+\-@＝＋－＠\p{Cc}]/u.test(text) ? text.slice(1) : text;
}
