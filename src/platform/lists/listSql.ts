import { type CursorValues, readCursor, writeCursor } from "./cursor.ts";
import type { FieldType, FieldValue, ListField } from "./fields.ts";
import { checkFilter, type Filter } from "./filter.ts";
import { checkSort, type SortTerm } from "./sort.ts";

/** A field and what it is called in a statement: words of ours, never of a request. */
export interface SqlField extends ListField {
  sql: string;
}

/** What a list can be asked. */
export interface SqlList {
  fields: Readonly<Record<string, SqlField>>;
  /** As `sort` writes it. */
  order: string;
  /** The field of which no two entries have the same. */
  unique: string;
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
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value) + first - 1}`;
  const terms = checkSort(list.fields, request.sort ?? list.order, list.unique);
  const conditions = [
    request.filter === undefined ? [] : [filterSql(list.fields, checkFilter(list.fields, request.filter), bind)],
    request.cursor === undefined ? [] : [behindSql(list.fields, terms, readCursor(list.fields, terms, request.cursor), bind)],
  ].flat();
  return {
    where: conditions.length === 0 ? "true" : `(${conditions.join(") and (")})`,
    orderBy: terms.map((term) => orderSql(list.fields, term)).join(", "),
    limit: bind(request.limit + 1),
    cursor: `array[${terms.map(({ field }) => cursorSql(of(list.fields, field))).join(", ")}]`,
    values,
    page: (rows) => {
      const page = rows.slice(0, request.limit);
      const last = rows.length > request.limit ? page.at(-1) : undefined;
      return { rows: page, nextCursor: last === undefined ? null : writeCursor(terms, last.cursor) };
    },
  };
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

function conditionSql(field: SqlField, condition: Filter & { kind: "condition" }, bind: Bind, negated: boolean): string {
  const { operator, value } = condition;
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

function positiveSql(
  { sql, type }: SqlField,
  operator: keyof typeof symbols | "in" | "contains" | "startsWith",
  value: FieldValue | readonly FieldValue[],
  bind: Bind,
): string {
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
};

function isId(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}

/** A text in a pattern of LIKE stands for itself. */
function literally(value: unknown): string {
  return `${value}`.replaceAll(/[\\%_]/g, "\\$&");
}

function orderSql(fields: Fields, { field, descending }: SortTerm): string {
  const { sql, optional } = of(fields, field);
  return `${sql}${descending ? " desc" : ""}${optional === true ? " nulls last" : ""}`;
}

/** Times go as whole numbers, for a text of them is rounded or of no certain form. */
function cursorSql({ sql, type }: SqlField): string {
  if (type === "instant") return `(extract(epoch from ${sql}) * 1000000)::bigint::text`;
  if (type === "date") return `(${sql} - date '1970-01-01')::text`;
  return `(${sql})::text`;
}

/** What comes behind a place. One comparison of rows, which an index answers, where all terms go the same way and are never empty. */
function behindSql(fields: Fields, terms: readonly SortTerm[], place: CursorValues, bind: Bind): string {
  const placed = terms.map((term, index) => {
    const field = of(fields, term.field);
    const value = place[index] ?? null;
    return { ...field, descending: term.descending, value: value === null ? null : placeSql(field.type, bind(value)) };
  });
  const oneWay = placed.every(({ descending, optional }) => descending === placed[0]?.descending && optional !== true);
  if (oneWay) {
    const sides = [placed.map(({ sql }) => sql), placed.map(({ value }) => value)].map((side) => `(${side.join(", ")})`);
    return sides.join(placed[0]?.descending === true ? " < " : " > ");
  }
  const alternatives = placed.flatMap(({ sql, optional, descending, value }, index) => {
    if (value === null) return [];
    const same = placed
      .slice(0, index)
      .map((before) => (before.value === null ? `${before.sql} is null` : `${before.sql} = ${before.value}`));
    const behind = `${sql} ${descending ? "<" : ">"} ${value}`;
    return [[...same, optional === true ? `(${behind} or ${sql} is null)` : behind].join(" and ")];
  });
  return alternatives.length === 0 ? "false" : `(${alternatives.join(") or (")})`;
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
