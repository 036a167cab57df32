import { validate as isId } from "uuid";
import { cutAt } from "../../platform/lists/listSql.ts";
import type { Field, FieldValue } from "../../protocol/blueprints.ts";
import type { FieldOption } from "../../protocol/fieldOptions.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { shownShort } from "../../protocol/sentence.ts";
import { type Rule, told } from "../sentences/sentences.ts";

/** What a type of field is: how its values are read, kept and compared. A pure thing, whose file is all that a new type needs besides its line in the list. */
export interface FieldKind {
  /** Which options it takes besides those that every field has. */
  options: readonly FieldOption[];
  /** The value as it is kept, in its one form. Refusal `invalid_value` at `path`, which names the field and the rule. */
  read(value: unknown, field: Field, path: string): FieldValue;
  /** Checks the options of a field. Refusal `invalid_value` under `path`. */
  check?(field: Field, path: string): void;
  /** The immutable expression by which lists compare it as `comparedAs` says, of the value's text in the database; missing where they can't. */
  listed?: Listed;
  /** How two values are known as the same, where they are unique. */
  same?(value: FieldValue): string;
  /** A value with so much more; of what counts. Exactly. */
  add?(value: FieldValue | undefined, more: string | number): FieldValue;
  /** Whether the product gives its value, and nobody else. */
  given?: true;
  /** Whether it is computed where it is read, and never stored. */
  computed?: true;
  /** What its values are the ids of. People write what they call it; `findNamed` has the id, of what whoever writes may name. */
  names?: NamedKind;
  /** Words that stand for what is only known in the moment: `now`, `me`. */
  moments?: Readonly<Record<string, keyof Moment>>;
}

export interface Listed {
  sql(text: string): string;
  /** Where `sql` cuts what would be too long for an index: the whole. */
  whole?(text: string): string;
  /** What must hold too of one that has any of these, as `bound` has them: what an index answers. */
  near?(id: string, bound: string): string;
}

/** Of texts that may be long. */
export const longListed: Listed = { sql: (text) => `left(${text}, ${cutAt})`, whole: (text) => text };

export const namedKinds = ["account", "file", "entity"] as const;
export type NamedKind = (typeof namedKinds)[number];

/** The instant of now, the day that it is where the tenant is, and the account of whoever is at it. */
export interface Moment {
  now: string;
  today: string;
  me: string;
}

/** `"Cargo" must be a text; "12" isn't.`, at its path; without the value where the rule says what of it doesn't fit. */
export function unfit({ name }: Pick<Field, "name">, rule: Rule, path: string, ...values: [value?: unknown]): Refusal {
  const shown = values.length === 0 ? undefined : shownShort(values[0]);
  return new Refusal(
    "invalid_value",
    told((say) => say.mustBe(name, rule(say), shown)),
    { path },
  );
}

/** Texts that a database can hold, in one Unicode form. */
export function readText(value: unknown, field: Field, path: string, longest: number): string {
  if (typeof value !== "string") throw unfit(field, (say) => say.text, path, value);
  const text = value.normalize("NFC");
  if (text.length > longest) throw unfit(field, (say) => say.charactersUpTo(longest, text.length), path);
  if (text.includes("\0") || !text.isWellFormed()) throw unfit(field, (say) => say.storable, path);
  return text;
}

/** An id in the one form that databases answer. */
export function readId(value: unknown, field: Field, path: string, what: Rule): string {
  if (typeof value !== "string" || !isId(value)) throw unfit(field, what, path, value);
  return value.toLowerCase();
}

export function folded(value: FieldValue): string {
  return String(value).normalize("NFKC").toLowerCase();
}
