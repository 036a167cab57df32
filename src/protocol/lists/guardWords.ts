import type { Field } from "../blueprints.ts";
import { Refusal } from "../refusal.ts";
import { conditionFields } from "./comparedAs.ts";
import { checkFilter, type Filter } from "./filter.ts";
import type { Operator } from "./listFields.ts";

const words: Readonly<Record<Exclude<Operator, "empty">, string>> = {
  eq: "is",
  ne: "is not",
  lt: "is less than",
  lte: "is at most",
  gt: "is more than",
  gte: "is at least",
  in: "is one of",
  contains: "contains",
  startsWith: "begins with",
};

/** The same of one as it is written; as it stands, where it doesn't fit the fields. */
export function conditionWords(fields: readonly Pick<Field, "key" | "name" | "type" | "choices">[], written: object): string {
  try {
    return guardWords(fields, checkFilter(conditionFields(fields), JSON.stringify(written)));
  } catch (error) {
    if (error instanceof Refusal) return JSON.stringify(written);
    throw error;
  }
}

/** A condition as people read it: `Parcels is at least 1 and Status is not LOST`. */
export function guardWords(fields: readonly Pick<Field, "key" | "name">[], filter: Filter, isWithin = false): string {
  if (filter.kind === "condition") {
    const { field: key, operator, value } = filter;
    const name = fields.find((field) => field.key === key)?.name ?? key;
    if (operator === "empty") return `${name} is ${value === true ? "" : "not "}empty`;
    return `${name} ${words[operator]} ${Array.isArray(value) ? value.join(", ") : String(value)}`;
  }
  if (filter.kind === "not") return `not (${guardWords(fields, filter.filter)})`;
  const [only, ...more] = filter.filters;
  if (only !== undefined && more.length === 0) return guardWords(fields, only, isWithin);
  const all = filter.filters.map((inner) => guardWords(fields, inner, true)).join(filter.kind === "all" ? " and " : " or ");
  return isWithin ? `(${all})` : all;
}
