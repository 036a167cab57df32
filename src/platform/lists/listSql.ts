import { checkFilter, type Filter } from "../../protocol/lists/filter.ts";
import type { FieldType, FieldValue, ListField } from "../../protocol/lists/listFields.ts";
import { type CursorValues, readCursor, writeCursor } from "./cursor.ts";
import { checkSort, type SortTerm } from "./sort.ts";

/** A field and what it is called in a statement: words of ours, never of a request. */
export interface SqlField extends ListField {
  sql: string;
  /** Of texts that `sql` cuts to their first `cutAt` characters, as an index needs it: the whole text. */
  whole?: string;
  /** Of references: what must hold too of an entry that has one of those that are bound, so that an index answers. */
  near?(bound: string): string;
}

/** PostgreSQL's index takes at most 2,704 bytes, which 500 characters never have. */
export const cutAt = 500;

/** What a list can be asked. */
export interface SqlList {
  fields: Readonly<Record<string, SqlField>>;
  /** As `sort` writes it. */
  order: string;
  /** The field of which no two entries have the same. */
  unique: string;
  /** Which entries there are for whoever asks; `values` are bound from `$first` on, before those of the request. */
  within?: { condition: string; values: readonly unknown[]; first: number };
}

/** A request's words, unchecked but for their length. */
export interface ListRequest {
  limit: number;
  cursor?: string | undefined;
  sort?: string | undefined;
  filter?: string | undefined;
}

/** The pieces of the statement that reads a page. */
export interface ListSql {
  /** What an entry must fulfil to be on the page. */
  where: string;
  orderBy: string;
  /** One more than the page has: whether there is another. */
  limit: string;
  /** To be selected as `cursor`: the entry's place. */
  cursor: string;
  /** Bound from `$first` on. */
  values: unknown[];
  /** What the statement read, as a page. */
  page<Row extends { cursor: CursorValues }>(rows: readonly Row[]): { rows: Row[]; nextCursor: string | null };
}

/** Compiles a request for a page into SQL with bound values only. Refusals: `invalid_value` with the path `filter…`, `sort` or `cursor`. */
export function listSql(list: SqlList, request: ListRequest, first: number): ListSql {
  const { terms, place, filter, bind, rest } = compiled(list, request, first);
  const conditions = [...filter, ...(place === undefined ? [] : [behindSql(placesOf(list.fields, terms), place, bind)])];
  return { where: allOf(conditions), orderBy: terms.map((term) => orderSql(list.fields, term)).join(", "), ...rest() };
}

/** The same page as parts of which each follows the one before, so that an index on the first field of the order and the unique one gives it in order. */
export interface ListPartsSql extends Omit<ListSql, "where" | "orderBy"> {
  parts: readonly Pick<ListSql, "where" | "orderBy">[];
}

/**
 * As `listSql`: first what has a value in the first field of the order, then what is empty there. PostgreSQL has empty values at one end of an index, so one
 * statement for both would read them first, or sort all.
 */
export function listPartsSql(list: SqlList, request: ListRequest, first: number): ListPartsSql {
  const { terms, place, asked, filter, bind, rest } = compiled(list, request, first);
  const places = placesOf(list.fields, terms);
  const [leading, ...others] = places;
  if (leading === undefined) throw new Error("an order has a field");
  const inIndex = (known: readonly Place[]) => [orderOf(leading), ...known.map(orderSqlOf)].join(", ");
  const filled: Place[] = [{ ...leading, optional: false }, ...others];
  const [at, ...behind] = place ?? [];
  const there = (at !== null || place === undefined) && {
    where: allOf([
      ...filter,
      ...(leading.optional ? [`${leading.sql} is not null`] : []),
      ...(place === undefined ? [] : [behindSql(filled, place, bind)]),
    ]),
    orderBy: inIndex(others),
  };
  const empty = leading.optional &&
    (at === null || !needsValue(asked, terms[0]?.field)) && {
      where: allOf([...filter, `${leading.sql} is null`, ...(at === null ? [behindSql(others, behind, bind)] : [])]),
      orderBy: inIndex(others),
    };
  return { parts: [there, empty].filter((part) => part !== false), ...rest() };
}

/** Whether nothing passes that is empty in a field. */
function needsValue(filter: Filter | undefined, name: string | undefined): boolean {
  if (filter?.kind === "all") return filter.filters.some((inner) => needsValue(inner, name));
  return filter?.kind === "condition" && filter.field === name && filter.operator !== "empty" && filter.operator !== "ne";
}

function compiled(list: SqlList, request: ListRequest, first: number) {
  const { asked, conditions: filter, bind, values } = filtered(list, request.filter, first);
  const terms = checkSort(list.fields, request.sort ?? list.order, list.unique);
  const place = request.cursor === undefined ? undefined : readCursor(list.fields, terms, request.cursor);
  const rest = (): Omit<ListSql, "where" | "orderBy"> => ({
    limit: bind(request.limit + 1),
    cursor: `array[${terms.map(({ field }) => cursorSql(of(list.fields, field))).join(", ")}]`,
    values,
    page: (rows) => {
      const page = rows.slice(0, request.limit);
      const last = rows.length > request.limit ? page.at(-1) : undefined;
      return { rows: page, nextCursor: last === undefined ? null : writeCursor(terms, last.cursor) };
    },
  });
  return { terms, place, asked, filter, bind, rest };
}

/** What all entries must fulfil that are within reach and pass a filter, bound from `$first` on. Refusal `invalid_value` with the path `filter…`. */
export function whereSql(list: SqlList, filter: string | undefined, first: number): Pick<ListSql, "where" | "values"> {
  const { conditions, values } = filtered(list, filter, first);
  return { where: allOf(conditions), values };
}

/** What is within reach, and passes a filter. */
function filtered({ fields, within }: SqlList, filter: string | undefined, first: number) {
  if (within !== undefined && within.first !== first)
    throw new Error(`what is within reach is bound from $${within.first} on, and the list from $${first}`);
  const values: unknown[] = [...(within?.values ?? [])];
  const bind = (value: unknown) => `$${values.push(value) + first - 1}`;
  const reached = within === undefined || within.condition === "true" ? [] : [within.condition];
  const asked = filter === undefined ? undefined : checkFilter(fields, filter);
  const conditions = [...reached, ...(asked === undefined ? [] : [filterSql(fields, asked, bind)])];
  return { asked, conditions, bind, values };
}

function allOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? "true" : `(${conditions.join(") and (")})`;
}

type Fields = SqlList["fields"];
type Bind = (value: unknown) => string;

/**
 * `not` is carried down to the conditions: there a condition that isn't fulfilled and one on an empty field, which SQL calls unknown, are the same,
 * and what isn't negated stays as an index wants it.
 */
export function filterSql(fields: Fields, filter: Filter, bind: Bind, negated = false): string {
  if (filter.kind === "not") return filterSql(fields, filter.filter, bind, !negated);
  if (filter.kind === "condition") return conditionSql(of(fields, filter.field), filter, bind, negated);
  const isAnd = (filter.kind === "all") !== negated;
  if (filter.filters.length === 0) return `${isAnd}`;
  return `(${filter.filters.map((inner) => filterSql(fields, inner, bind, negated)).join(isAnd ? " and " : " or ")})`;
}

const symbols = { eq: "=", lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;

function conditionSql(declared: SqlField, condition: Filter & { kind: "condition" }, bind: Bind, negated: boolean): string {
  const { operator, value } = condition;
  const field = isCutEnough(condition) ? declared : { ...declared, sql: declared.whole ?? declared.sql };
  const { sql, type } = field;
  if (operator === "empty") {
    const isEmpty = type === "text" ? `coalesce(${sql}, '') = ''` : `${sql} is null`;
    return (value === true) !== negated ? `(${isEmpty})` : `(not (${isEmpty}))`;
  }
  if (operator === "ne") return conditionSql(field, { ...condition, operator: "eq" }, bind, !negated);
  const holds = positiveSql(field, operator, value, bind);
  if (!negated) return holds;
  return field.optional === true ? `(${sql} is null or not (${holds}))` : `(not (${holds}))`;
}

/** A shorter text is equal to, before or behind a cut one as it is to the whole. */
function isCutEnough({ operator, value }: Filter & { kind: "condition" }): boolean {
  if (operator === "contains" || operator === "startsWith") return false;
  return (Array.isArray(value) ? value : [value]).every((one) => `${one}`.length < cutAt);
}

function positiveSql(
  { sql, type, near }: SqlField,
  operator: keyof typeof symbols | "in" | "contains" | "startsWith",
  value: FieldValue | readonly FieldValue[],
  bind: Bind,
): string {
  if (type === "reference") {
    const ids = bind((Array.isArray(value) ? value : [value]).filter(isId));
    return `(${sql} ?| ${ids}::text[]${near === undefined ? "" : ` and ${near(ids)}`})`;
  }
  if (operator === "in") {
    const items = Array.isArray(value) ? value : [value];
    return `${sql} = any(${bind(type === "id" ? items.filter(isId) : items)}::${castOf[type]}[])`;
  }
  if (operator === "contains") return `${sql} ilike ${bind(`%${literally(value)}%`)}`;
  if (operator === "startsWith") return `${sql} ilike ${bind(`${literally(value)}%`)}`;
  // An id is opaque: one that we never made is nobody's.
  if (type === "id" && !isId(value)) return "false";
  return `${sql} ${symbols[operator]} ${bind(value)}::${castOf[type]}`;
}

const castOf: Readonly<Record<FieldType, string>> = {
  text: "text",
  choice: "text",
  integer: "bigint",
  decimal: "numeric",
  boolean: "boolean",
  date: "date",
  instant: "timestamptz",
  id: "uuid",
  reference: "text",
};

function isId(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}

/** A text in a pattern of LIKE stands for itself. */
function literally(value: unknown): string {
  return `${value}`.replaceAll(/[\\%_]/g, "\\$&");
}

/** A field of an order as a statement says it. */
interface Place {
  sql: string;
  type: FieldType;
  descending: boolean;
  optional: boolean;
}

function placesOf(fields: Fields, terms: readonly SortTerm[]): Place[] {
  return terms.map(({ field, descending }) => {
    const { sql, type, optional } = of(fields, field);
    return { sql, type, descending, optional: optional === true };
  });
}

function orderSql(fields: Fields, term: SortTerm): string {
  return placesOf(fields, [term]).map(orderSqlOf).join();
}

/** What is empty comes last. */
function orderSqlOf(place: Place): string {
  return `${orderOf(place)}${place.optional ? " nulls last" : ""}`;
}

/** As an index has it, forwards or backwards. */
function orderOf({ sql, descending }: Place): string {
  return `${sql}${descending ? " desc" : ""}`;
}

/** Times go as whole numbers, for a text of them is rounded or of no certain form. */
function cursorSql({ sql, type }: SqlField): string {
  if (type === "instant") return `(extract(epoch from ${sql}) * 1000000)::bigint::text`;
  if (type === "date") return `(${sql} - date '1970-01-01')::text`;
  return `(${sql})::text`;
}

/**
 * What comes behind a place. One comparison of rows, which an index answers, where all terms go the same way and are never empty; else alternatives, and
 * where the first is never empty, an index at least begins there.
 */
function behindSql(places: readonly Place[], values: CursorValues, bind: Bind): string {
  const placed = places.map((place, index) => {
    const value = values[index] ?? null;
    return { ...place, value: value === null ? null : placeSql(place.type, bind(value)) };
  });
  const [leading] = placed;
  const oneWay = placed.every(({ descending, optional }) => descending === leading?.descending && !optional);
  if (oneWay) {
    const sides = [placed.map(({ sql }) => sql), placed.map(({ value }) => value)].map((side) => `(${side.join(", ")})`);
    return sides.join(leading?.descending === true ? " < " : " > ");
  }
  const alternatives = placed.flatMap(({ sql, optional, descending, value }, index) => {
    if (value === null) return [];
    const same = placed
      .slice(0, index)
      .map((before) => (before.value === null ? `${before.sql} is null` : `${before.sql} = ${before.value}`));
    const behind = `${sql} ${descending ? "<" : ">"} ${value}`;
    return [[...same, optional ? `(${behind} or ${sql} is null)` : behind].join(" and ")];
  });
  if (alternatives.length === 0) return "false";
  const any = `(${alternatives.join(") or (")})`;
  return leading === undefined || leading.optional
    ? any
    : `${leading.sql} ${leading.descending ? "<=" : ">="} ${leading.value} and (${any})`;
}

function placeSql(type: FieldType, bound: string): string {
  if (type === "instant") return `(timestamptz 'epoch' + ${bound}::bigint * interval '1 microsecond')`;
  if (type === "date") return `(date '1970-01-01' + ${bound}::int)`;
  return `${bound}::${castOf[type]}`;
}

function of(fields: Fields, name: string): SqlField {
  const field = fields[name];
  if (field === undefined) throw new Error(`a list has no field ${name}`);
  return field;
}
