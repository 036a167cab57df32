import { Refusal } from "../refusal.ts";
import { shownShort } from "../sentence.ts";
import { type ListSentences, refused } from "./sentences/sentences.ts";

export type FieldType = "text" | "integer" | "decimal" | "boolean" | "date" | "instant" | "choice" | "id" | "reference";

/** A field by which a list may be filtered and sorted. */
export interface ListField {
  type: FieldType;
  /** An entry may be without a value. */
  optional?: true;
  /** Of a choice. */
  choices?: readonly string[];
  /** Why nothing can be asked of it, though it is there. */
  refused?: string;
}

export type ListFields = Readonly<Record<string, ListField>>;

export type FieldValue = string | number | boolean;

const compared = ["lt", "lte", "gt", "gte"] as const;
const operatorsOf = {
  text: ["eq", "ne", ...compared, "in", "contains", "startsWith", "empty"],
  integer: ["eq", "ne", ...compared, "in", "empty"],
  decimal: ["eq", "ne", ...compared, "in", "empty"],
  boolean: ["eq", "ne", "empty"],
  date: ["eq", "ne", ...compared, "in", "empty"],
  instant: ["eq", "ne", ...compared, "in", "empty"],
  choice: ["eq", "ne", "in", "empty"],
  id: ["eq", "ne", "in", "empty"],
  reference: ["eq", "ne", "in", "empty"],
} as const satisfies Record<FieldType, readonly string[]>;

export type Operator = (typeof operatorsOf)[FieldType][number];

/** The operator of this name that fields of the type know, or none. */
export function operatorOf(type: FieldType, name: string): Operator | undefined {
  const known: readonly Operator[] = operatorsOf[type];
  return known.find((operator) => operator === name);
}

export function operatorNames(type: FieldType): string {
  return operatorsOf[type].join(", ");
}

/** The field of this name. Refusal `invalid_value` with `path`, which names those that there are. */
export function fieldOf<Field extends ListField>(fields: Readonly<Record<string, Field>>, name: string, path: string): Field {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field?.refused !== undefined) throw new Refusal("invalid_value", `"${name}" ${field.refused}.`, { path });
  if (field !== undefined) return field;
  const known = Object.keys(fields).join(", ");
  throw refused(path, (say) => say.noField(shownShort(name), known));
}

const mostCharacters = 1000;

/** A value of a field as JSON says it. Instants and dates become UTC in one form, decimals text. Refusal `invalid_value` with `path`. */
export function checkValue(field: ListField, value: unknown, path: string): FieldValue {
  const wrong = (rule: (say: ListSentences) => string) => refused(path, (say) => say.mustBe(path, rule(say), shownShort(value)));
  switch (field.type) {
    case "boolean":
      if (typeof value !== "boolean") throw wrong((say) => say.trueOrFalse);
      return value;
    case "integer":
      if (typeof value !== "number" || !Number.isSafeInteger(value)) throw wrong((say) => say.wholeNumber);
      return value;
    case "decimal":
      if (typeof value === "number" && Number.isFinite(value)) return `${value}`;
      if (typeof value !== "string" || !/^-?\d{1,30}(\.\d{1,30})?$/.test(value)) throw wrong((say) => say.numberLike("12.50"));
      return value;
    case "instant":
      return instantOf(value) ?? raise(wrong((say) => say.instantLike("2026-01-31T09:00:00Z")));
    case "date":
      return dateOf(value) ?? raise(wrong((say) => say.dateLike("2026-01-31")));
    case "choice":
      if (typeof value !== "string" || field.choices?.includes(value) === false)
        throw wrong((say) => say.oneOf(field.choices?.join(", ") ?? ""));
      return value;
    case "id":
    case "reference":
    case "text":
      if (typeof value !== "string" || value.length > mostCharacters) throw wrong((say) => say.textUpTo(mostCharacters));
      if (value.includes("\0") || /\p{Cs}/u.test(value)) throw wrong((say) => say.storable);
      return value;
  }
}

const instantForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

function instantOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !instantForm.test(value) || dateOf(value.slice(0, 10)) === undefined) return undefined;
  const at = Date.parse(value);
  const text = Number.isNaN(at) ? "" : new Date(at).toISOString();
  return dateOf(text.slice(0, 10)) === undefined ? undefined : text;
}

/** From the year 1, where PostgreSQL's begin; `Date` would make the 2nd of March of a 30th of February. */
function dateOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^(?!0000)\d{4}-\d\d-\d\d$/.test(value)) return undefined;
  const at = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(value) ? value : undefined;
}

function raise(error: Error): never {
  throw error;
}
