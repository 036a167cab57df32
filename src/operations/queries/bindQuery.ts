import type { Parameter, ParameterValue, ParameterValues } from "../../protocol/operations.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Dialect } from "./dialect.ts";
import type { QueryText, SlotPiece, TextPiece } from "./queryText.ts";

/** What a slot is named that says who asks; its value comes from the session, whatever a caller says. */
export const reservedSlots = ["me", "team", "tenant"] as const;
export type ReservedSlot = (typeof reservedSlots)[number];

/** Who asks: ids. `team` are all of their teams. A principal of its own kind may be no account. */
export interface QuerySession {
  me: string | undefined;
  team: readonly string[];
  tenant: string;
}

/** A statement as a data source takes it: placeholders of its dialect, and their values in order. */
export interface Statement {
  dialect: Dialect;
  text: string;
  values: readonly (string | number)[];
  /** What a place in `text` is in the text that a person wrote; both in UTF-16 units. */
  source: { text: string; indexOf: (index: number) => number };
}

/**
 * The statement of a query for these values, which are bound by their type and never spliced. A list takes as many placeholders as it has values;
 * an empty one matches nothing (and everything behind `not in`). An optional part goes where one of its values was left out; who asks is never
 * left out. Refusal `invalid_value` for what is missing, `forbidden` where the session has no `:me`.
 */
export function bindQuery(
  dialect: Dialect,
  written: string,
  query: QueryText,
  parameters: readonly Parameter[],
  values: ParameterValues,
  session: QuerySession,
): Statement {
  const types = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const bound: (string | number)[] = [];
  const placeOf = new Map<string, string>();
  const places: { out: number; source: number }[] = [];
  let text = "";

  const valueFor = ({ name }: SlotPiece) =>
    isReserved(name) ? ofSession(name, session) : (ownValue(values, name) ?? types.get(name)?.default);
  const append = (piece: TextPiece | SlotPiece) => {
    places.push({ out: text.length, source: piece.at });
    text += piece.kind === "text" ? piece.text : slotText(piece);
  };
  const slotText = (piece: SlotPiece): string => {
    const value = valueFor(piece);
    const type = types.get(piece.name)?.type ?? "text";
    if (value === undefined) throw new Refusal("invalid_value", `"${piece.name}" has no value.`, { path: `args.${piece.name}` });
    if (typeof value !== "object") return test(piece, [placeholder(value, type, `${piece.name}`)]);
    if ("url" in value) throw new Refusal("invalid_value", "A query takes no file.", { path: `args.${piece.name}` });
    return test(
      piece,
      value.map((each, index) => placeholder(each, type, `${piece.name} ${index}`)),
    );
  };
  const placeholder = (value: ParameterValue, type: Parameter["type"], key: string): string => {
    const known = placeOf.get(key);
    // PostgreSQL takes the same expression twice for one, in GROUP BY, only under the same number.
    if (known !== undefined && dialect === "postgresql") return known;
    bound.push(boundValue(dialect, value, type));
    const place = dialect === "postgresql" ? cast(`$${bound.length}`, value, type) : (mysqlCasts[type] ?? "?");
    placeOf.set(key, place);
    return place;
  };
  const test = ({ test }: SlotPiece, places: readonly string[]): string => {
    if (test === undefined) return places.join(", ");
    if (places.length > 0) return `${test.negated ? "not in" : "in"} (${places.join(", ")})`;
    if (dialect === "postgresql") return test.negated ? "<> all ('{}')" : "= any ('{}')";
    return `${test.negated ? "not in" : "in"} (select null from dual where false)`;
  };

  for (const piece of query.pieces) {
    if (piece.kind !== "optional") append(piece);
    else if (piece.pieces.every((inner) => inner.kind === "text" || isReserved(inner.name) || valueFor(inner) !== undefined)) {
      for (const inner of piece.pieces) append(inner);
    }
  }
  return { dialect, text, values: bound, source: { text: written, indexOf: (index) => sourceIndex(places, index) } };
}

export function isReserved(name: string): name is ReservedSlot {
  return reservedSlots.some((reserved) => reserved === name);
}

function ofSession(name: ReservedSlot, { me, team, tenant }: QuerySession): string | readonly string[] {
  if (name === "tenant") return tenant;
  if (name === "team") return team;
  // A condition on who asks that went away with them would show everybody's rows.
  if (me === undefined) throw new Refusal("forbidden", "This query shows what is somebody's own (:me), and you are signed in as nobody.");
  return me;
}

const postgresqlCasts: Partial<Record<Parameter["type"], string>> = {
  decimal: "numeric",
  date: "date",
  instant: "timestamptz",
  boolean: "boolean",
};

/** Texts stay untyped: the database takes them for what they are compared with, a uuid or an enum too. */
function cast(place: string, value: ParameterValue, type: Parameter["type"]): string {
  // `date + bigint` and `round(x, bigint)` don't exist.
  const name = type === "integer" ? (Math.abs(Number(value)) < 2 ** 31 ? "integer" : "bigint") : postgresqlCasts[type];
  return name === undefined ? place : `${place}::${name}`;
}

const mysqlCasts: Partial<Record<Parameter["type"], string>> = {
  decimal: "cast(? as decimal(65,30))",
  date: "cast(? as date)",
  instant: "cast(? as datetime(6))",
};

function boundValue(dialect: Dialect, value: ParameterValue, type: Parameter["type"]): string | number {
  if (dialect === "postgresql") return String(value);
  if (type === "boolean") return value === true || value === "true" ? 1 : 0;
  // The session's zone is UTC.
  if (type === "instant") return new Date(String(value)).toISOString().slice(0, -1).replace("T", " ");
  return typeof value === "boolean" ? String(value) : value;
}

function sourceIndex(places: readonly { out: number; source: number }[], index: number): number {
  const place = places.findLast(({ out }) => out <= index);
  return place === undefined ? 0 : place.source + index - place.out;
}
