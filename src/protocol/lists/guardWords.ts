import type { Field } from "../blueprints.ts";
import type { Language } from "../languages.ts";
import { Refusal } from "../refusal.ts";
import { conditionFields } from "./comparedAs.ts";
import { checkFilter, type Filter } from "./filter.ts";
import { conditionsIn, type ListSentences } from "./sentences/sentences.ts";

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
export function guardWords(fields: readonly Pick<Field, "key" | "name">[], filter: Filter, language: Language = "en"): string {
  return wordsOf(fields, filter, conditionsIn(language), false);
}

function wordsOf(
  fields: readonly Pick<Field, "key" | "name">[],
  filter: Filter,
  say: ListSentences["conditions"],
  isWithin: boolean,
): string {
  if (filter.kind === "condition") {
    const { field: key, operator, value } = filter;
    const name = fields.find((field) => field.key === key)?.name ?? key;
    if (operator === "empty") return value === true ? say.empty(name) : say.filled(name);
    return say[operator](name, Array.isArray(value) ? value.join(", ") : String(value));
  }
  if (filter.kind === "not") return say.not(wordsOf(fields, filter.filter, say, false));
  const [only, ...more] = filter.filters;
  if (only !== undefined && more.length === 0) return wordsOf(fields, only, say, isWithin);
  const all = filter.filters.map((inner) => wordsOf(fields, inner, say, true)).join(filter.kind === "all" ? say.and : say.or);
  return isWithin ? `(${all})` : all;
}
