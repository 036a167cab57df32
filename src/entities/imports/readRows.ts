import { storable } from "../../platform/database/storable.ts";
import type { BlueprintDefinition, Field } from "../../protocol/blueprints.ts";
import type { ImportCellError, ImportSettings } from "../../protocol/imports.ts";
import type { Language } from "../../protocol/languages.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { UniqueValue } from "../entityStore.ts";
import type { Moment } from "../fields/fieldKind.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import { told } from "../sentences/sentences.ts";
import { isUnique, uniqueValueOf } from "../uniqueValues.ts";
import { type CellReading, writtenOf } from "./cells/writtenOf.ts";
import type { TableRow } from "./files/tableRow.ts";
import type { TableSeen } from "./scanTable.ts";

/** What an import is about, while it goes on. */
export interface Importing {
  definition: BlueprintDefinition;
  version: number;
  settings: ImportSettings;
  /** The names of all columns. */
  names: readonly string[];
  /** Those that fill a field. */
  columns: readonly { index: number; field: Field; reading: CellReading }[];
  keyField: Field | undefined;
  moment: Moment;
  /** Whether a row may end before its columns do: a workbook leaves out what is empty. */
  isShort: boolean;
  /** Of whoever imports. */
  language: Language;
}

/** A row as somebody would write an entity, or why it can't be. */
export interface ReadRow {
  row: number;
  /** The cells of its fields, by keys, for errors. */
  cells: ReadonlyMap<string, string>;
  written: Readonly<Record<string, unknown>>;
  /** Of the field by which entities are found. */
  key: UniqueValue | undefined;
  /** What it wants to have alone. */
  unique: readonly UniqueValue[];
  errors: readonly ImportCellError[];
}

export function importingOf(
  { definition, number }: { definition: BlueprintDefinition; number: number },
  { columns: seen }: Pick<TableSeen, "columns">,
  settings: ImportSettings,
  { moment, zone, isShort, language }: { moment: Moment; zone: string; isShort: boolean; language: Language },
): Importing {
  const { fields } = definition;
  return {
    definition,
    version: number,
    settings,
    names: seen.map(({ name }) => name),
    columns: settings.columns.flatMap(({ field: key, dates, decimals, zone: said }, index) => {
      const field = fields.find((one) => one.key === key);
      return field === undefined ? [] : [{ index, field, reading: { dates, decimals: decimals ?? ".", zone: said ?? zone } }];
    }),
    keyField: fields.find(({ key }) => key === settings.key),
    moment,
    isShort,
    language,
  };
}

/** What cells name, by field and word: an id, or the refusal that says why there is none. */
export type NamedCells = ReadonlyMap<string, unknown>;

/** Each cell by itself: all that is wrong with a row is told at once. Pure. */
export function readRow(importing: Importing, { number: row, cells: texts }: TableRow, named: NamedCells): ReadRow {
  const { columns, names, settings, keyField, isShort, language } = importing;
  const cells = new Map<string, string>();
  const written: Record<string, unknown> = {};
  const unique: UniqueValue[] = [];
  const errors: ImportCellError[] = [];
  let key: UniqueValue | undefined;
  const width = texts.findLastIndex((text, index) => index >= names.length && text.trim() !== "") + 1;
  if (width > names.length || (!isShort && texts.length < names.length))
    errors.push({
      column: null,
      value: "",
      reason: told((say) => say.cellsOfRow(Math.max(width, texts.length), names.length))(language),
    });
  for (const { index, field, reading } of errors.length > 0 ? [] : columns) {
    const text = texts[index] ?? "";
    cells.set(field.key, text);
    if (text.trim() === "") {
      if (settings.empty === "clear" && fieldKinds[field.type].given !== true) written[field.key] = null;
      continue;
    }
    try {
      const kind = fieldKinds[field.type];
      if (kind.given === true) {
        key = uniqueValueOf(field, text.trim());
        continue;
      }
      const value = kind.names === undefined ? writtenOf(text, field, reading, field.key) : named.get(nameOf(field.key, text.trim()));
      if (value instanceof Refusal) throw value;
      const read = kind.read(value, field, field.key);
      written[field.key] = value;
      if (!isUnique(field)) continue;
      const alone = uniqueValueOf(field, read);
      unique.push(alone);
      if (field === keyField) key = alone;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.push({ column: names[index] ?? null, value: toldCell(text), reason: error.in(language) });
    }
  }
  return { row, cells, written, key, unique: key === undefined || unique.includes(key) ? unique : [...unique, key], errors };
}

export function nameOf(key: string, word: string): string {
  return `${key} ${word}`;
}

const longestTold = 200;

/** What of a cell is told with its error. */
export function toldCell(text: string): string {
  return storable(text.slice(0, longestTold));
}
