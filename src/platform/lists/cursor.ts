import type { FieldType, ListFields } from "../../protocol/lists/listFields.ts";
import { refused } from "../../protocol/lists/sentences/sentences.ts";
import { type SortTerm, sortText } from "./sort.ts";

/** What an entry has in the fields of the order, as text; null where it has nothing. */
export type CursorValues = readonly (string | null)[];

/** Where a page ended: the order that it had, and the last entry's place in it. */
export function writeCursor(terms: readonly SortTerm[], values: CursorValues): string {
  return Buffer.from(JSON.stringify([sortText(terms), ...values])).toString("base64url");
}

/** The place that a cursor tells. Refusal `invalid_value` where it was made for another order, or by nobody. */
export function readCursor(fields: ListFields, terms: readonly SortTerm[], cursor: string): CursorValues {
  const [sort, ...values] = parsed(cursor);
  const texts = values.filter((value) => value === null || typeof value === "string");
  const fit = terms.every(({ field }, index) => {
    const declared = fields[field];
    const value = texts[index];
    return (
      declared !== undefined && value !== undefined && (value === null ? declared.optional === true : forms[declared.type].test(value))
    );
  });
  if (sort === sortText(terms) && texts.length === terms.length && fit) return texts;
  throw refused("cursor", (say) => say.foreignCursor);
}

function parsed(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

// No text that one of these lets through may be one that PostgreSQL can't read.
const anyText = /^[^\0]*$/;
const forms: Readonly<Record<FieldType, RegExp>> = {
  text: anyText,
  choice: anyText,
  integer: /^-?\d{1,18}$/,
  decimal: /^-?\d{1,100}(\.\d{1,100})?$/,
  boolean: /^(true|false)$/,
  // Days and microseconds since 1970.
  date: /^-?\d{1,6}$/,
  instant: /^-?\d{1,17}$/,
  reference: /^$/,
  id: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
};
