import { checkFilter, type Filter } from "./filter.ts";
import type { FieldValue, ListFields, Operator } from "./listFields.ts";

/** What an entry has in each of the list's fields: an instant and a date as ISO 8601 in UTC. */
export type Values = Readonly<Record<string, FieldValue | null>>;

/** Whether an entry with these values fulfils a filter as lists take it. Refusals: `invalid_value` with the path `filter…`. */
export function matchesFilter(fields: ListFields, filter: string, values: Values): boolean {
  return matches(fields, checkFilter(fields, filter), values);
}

/** Whether an entry with these values fulfils a filter. Decimals are compared as numbers: to 15 digits. */
export function matches(fields: ListFields, filter: Filter, values: Values): boolean {
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
