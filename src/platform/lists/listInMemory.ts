import { checkFilter } from "../../protocol/lists/filter.ts";
import type { FieldValue, ListField, ListFields } from "../../protocol/lists/listFields.ts";
import { matches, type Values } from "../../protocol/lists/matchesFilter.ts";
import { type CursorValues, readCursor, writeCursor } from "./cursor.ts";
import type { ListRequest } from "./listSql.ts";
import { checkSort } from "./sort.ts";

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
