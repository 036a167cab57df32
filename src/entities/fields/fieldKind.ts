import type { FieldType as ListType } from "../../platform/lists/fields.ts";
import type { Field, FieldValue } from "../../protocol/blueprints.ts";
import { Refusal } from "../../protocol/refusal.ts";

/** What a type of field is: how its values are read, kept and compared. A pure thing, whose file is all that a new type needs besides its line in the list. */
export interface FieldKind {
  /** Which options it takes besides those that every field has. */
  options: readonly FieldOption[];
  /** The value as it is kept, in its one form. Refusal `invalid_value` at `path`, which names the field and the rule. */
  read(value: unknown, field: Field, path: string): FieldValue;
  /** Checks the options of a field. Refusal `invalid_value` under `path`. */
  check?(field: Field, path: string): void;
  /** How lists compare it, and the immutable expression by which they do, of the value's text in the database; missing where they can't. */
  listed?: { type: ListType; sql(text: string): string };
  /** How two values are known as the same, where they are unique. */
  same?(value: FieldValue): string;
  /** A value with so much more; of what counts. Exactly. */
  add?(value: FieldValue | undefined, more: string | number): FieldValue;
  /** Whether the product gives its value, and nobody else. */
  given?: true;
}

export const fieldOptions = ["choices", "maxLength", "min", "max", "places", "currency", "prefix"] as const;
export type FieldOption = (typeof fieldOptions)[number];

/** `"Cargo" must be a text.`, at its path. */
export function unfit({ name }: Pick<Field, "name">, must: string, path: string): Refusal {
  return new Refusal("invalid_value", `"${name}" must be ${must}.`, { path });
}

/** Texts that a database can hold, in one Unicode form. */
export function readText(value: unknown, field: Field, path: string, longest: number): string {
  if (typeof value !== "string") throw unfit(field, "a text", path);
  const text = value.normalize("NFC");
  if (text.length > longest) throw unfit(field, `at most ${longest} characters long; it has ${text.length}`, path);
  if (text.includes("\0") || !text.isWellFormed()) throw unfit(field, "without U+0000 and halves of surrogate pairs", path);
  return text;
}

export function folded(value: FieldValue): string {
  return String(value).normalize("NFKC").toLowerCase();
}
