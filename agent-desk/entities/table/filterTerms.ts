import type { Field } from "../../../src/protocol/blueprints.ts";
import type { Written } from "../entities.ts";
import { fieldTypes, type Operator } from "../fields/fieldTypes.ts";
import { ofEach } from "../fields/ofEach.ts";
import { valueWords } from "../fields/valueWords.ts";

/** One condition of a list; all of them must hold. */
export interface FilterTerm {
  field: string;
  operator: Operator;
  /** Of `empty`, whether it shall be. */
  value: Written;
}

const words: Readonly<Record<Operator, string>> = {
  eq: "is",
  ne: "is not",
  lt: "less than",
  lte: "at most",
  gt: "more than",
  gte: "at least",
  contains: "contains",
  startsWith: "begins with",
  empty: "is empty",
};
export function isOperator(word: string): word is Operator {
  return Object.hasOwn(words, word);
}

const timeWords: Partial<Record<Operator, string>> = { gte: "from", lt: "before", gt: "after", lte: "until", eq: "is" };

export function operatorWords(type: Field["type"], operator: Operator): string {
  return (type === "date" || type === "instant" ? timeWords[operator] : undefined) ?? words[operator];
}

/** "Status is PENDING", as a chip says it. */
export function termWords(field: Field, { operator, value }: FilterTerm): string {
  if (operator === "empty") return value === false ? "is not empty" : "is empty";
  return `${operatorWords(field.type, operator)} ${valueWords(field, value)}`;
}

/** As HTTP takes it; terms of fields that aren't there any more, or are compared otherwise now, are left out. Null where nothing is asked. */
export function filterOf(fields: readonly Field[], terms: readonly FilterTerm[]): object | null {
  const conditions = terms.flatMap(({ field: key, operator, value }) => {
    const field = [...fields, ...ofEach].find((one) => one.key === key);
    if (field === undefined || value === null || !fieldTypes[field.type].operators.includes(operator)) return [];
    return [{ [key]: { [operator]: value } }];
  });
  return conditions.length === 0 ? null : { and: conditions };
}

/** A condition as terms that all hold; null where it is one that only programs write. */
export function termsOf(condition: Readonly<Record<string, unknown>> | undefined): FilterTerm[] | null {
  if (condition === undefined) return [];
  const parts = Object.entries(condition).flatMap(([key, said]) =>
    key === "and" && Array.isArray(said) ? said.map((one) => termsOf(one)) : [termOf(key, said)],
  );
  return parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
}

function termOf(field: string, condition: unknown): FilterTerm[] | null {
  if (typeof condition !== "object" || condition === null || Array.isArray(condition) || ["or", "not"].includes(field)) return null;
  const terms = Object.entries(condition).map(([operator, value]): FilterTerm | null =>
    isOperator(operator) && (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      ? { field, operator, value }
      : null,
  );
  return terms.some((term) => term === null) ? null : terms.flatMap((term) => term ?? []);
}
