import { type CursorValues, readCursor, writeCursor } from "./cursor.ts";
import type { FieldValue, ListField, ListFields, Operator } from "./fields.ts";
import { checkFilter, type Filter } from "./filter.ts";
import type { ListRequest } from "./listSql.ts";
import { checkSort } from "./sort.ts";

/** What an entry has in each of the list's fields: an instant and a date as ISO 8601 in UTC. */
export type Values = Readonly<Record<string, FieldValue | null>>;

/** Asks a list that stands in memory what `listSql` asks the database. Refusals: `invalid_value` with the path `filter…`, `sort` or `cursor`. */
export function pageInMemory<Entry>(
  list: { fields: ListFields; order: string; unique: string; values: (entry: Entry) => Values },
  entries: readonly Entry[],
  request: ListRequest,
): { items: Entry[]; nextCursor: string | null } {
  const { fields, values } = list;
  const terms = checkSort(fields, request.sort ?? list.order, list.unique);
  const filter = request.filter === undefined ? undefined : checkFilter(fields, request.filter);
  const behind = request.cursor === undefined ? undefined : readCursor(fields, terms, request.cursor);
  const place = (entry: Entry): CursorValues => terms.map(({ field }) => placeText(fields[field], values(entry)[field] ?? null));
  const compare = (a: CursorValues, b: CursorValues) => {
    for (const [index, { field, descending }] of terms.entries()) {
      const order = comparePlaces(fields[field], a[index] ?? null, b[index] ?? null, descending);
      if (order !== 0) return order;
    }
    return 0;
  };
  const found = entries
    .filter((entry) => filter === undefined || matches(fields, filter, values(entry)))
    .map((entry) => ({ entry, place: place(entry) }))
    .filter((one) => behind === undefined || compare(one.place, behind) > 0)
    .sort((a, b) => compare(a.place, b.place));
  const page = found.slice(0, request.limit);
  const last = found.length > request.limit ? page.at(-1) : undefined;
  return { items: page.map(({ entry }) => entry), nextCursor: last === undefined ? null : writeCursor(terms, last.place) };
}

/** Whether an entry with these values fulfils a filter as lists take it. Refusals: `invalid_value` with the path `filter…`. */
export function matchesFilter(fields: ListFields, filter: string, values: Values): boolean {
  return matches(fields, checkFilter(fields, filter), values);
}

/** Whether an entry with these values fulfils a filter. Decimals are compared as numbers: to 15 digits. */
function matches(fields: ListFields, filter: Filter, values: Values): boolean {
  if (filter.kind === "not") return !matches(fields, filter.filter, values);
  if (filter.kind === "all") return filter.filters.every((inner) => matches(fields, inner, values));
  if (filter.kind === "any") return filter.filters.some((inner) => matches(fields, inner, values));
  const comparable = (value: FieldValue) => (fields[filter.field]?.type === "decimal" ? Number(value) : value);
  const value = values[filter.field] ?? null;
  return fulfils(filter, value === null ? null : comparable(value), comparable);
}

function fulfils(
  { operator, value: asked }: Filter & { kind: "condition" },
  value: FieldValue | null,
  comparable: (value: FieldValue) => FieldValue,
): boolean {
  if (operator === "empty") return (value === null || value === "") === asked;
  const wanted = listed(asked).map(comparable);
  if (operator === "ne") return !wanted.includes(value ?? Number.NaN);
  if (value === null) return false;
  return wanted.some((one) => holds(operator, value, one));
}

function holds(operator: Exclude<Operator, "empty" | "ne">, value: FieldValue, wanted: FieldValue): boolean {
  switch (operator) {
    case "eq":
    case "in":
      return value === wanted;
    case "lt":
      return value < wanted;
    case "lte":
      return value <= wanted;
    case "gt":
      return value > wanted;
    case "gte":
      return value >= wanted;
    case "contains":
      return folded(value).includes(folded(wanted));
    case "startsWith":
      return folded(value).startsWith(folded(wanted));
  }
}

function listed(value: FieldValue | readonly FieldValue[]): readonly FieldValue[] {
  return typeof value === "object" ? value : [value];
}

function folded(value: FieldValue): string {
  return `${value}`.toLowerCase();
}

function placeText(field: ListField | undefined, value: FieldValue | null): string | null {
  if (value === null) return null;
  if (field?.type === "instant") return `${Date.parse(`${value}`) * 1000}`;
  if (field?.type === "date") return `${Date.parse(`${value}`) / 86_400_000}`;
  return `${value}`;
}

/** What is empty comes last, however the field is sorted. */
function comparePlaces(field: ListField | undefined, a: string | null, b: string | null, descending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const isNumber = field?.type === "integer" || field?.type === "decimal" || field?.type === "instant" || field?.type === "date";
  const order = isNumber ? Number(a) - Number(b) : Number(a > b) - Number(a < b);
  return descending ? -order : order;
}
