import type { FieldItem, FieldSubject, FieldValue, FieldValues } from "../protocol/aids.ts";
import { Refusal } from "../protocol/refusal.ts";

/** Changes of a tenant's own fields, each as its type has it; null takes the value away. Refusal `invalid_value` that names the field. */
export function checkFields(
  definitions: readonly FieldItem[],
  subject: FieldSubject,
  given: Readonly<Record<string, unknown>>,
): Record<string, FieldValue | null> {
  const mine = definitions.filter((field) => field.subject === subject);
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const field = mine.find((candidate) => candidate.key === key);
      if (field === undefined) throw wrong(key, `There is no field "${key.slice(0, 60)}" of a ${subject}.${known(mine)}`);
      return [key, value === null || value === "" ? null : checkValue(field, value)];
    }),
  );
}

/** The values with these changes. */
export function applyFields(values: FieldValues, changes: Readonly<Record<string, FieldValue | null>>): FieldValues {
  const next: FieldValues = { ...values };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete next[key];
    else next[key] = value;
  }
  return next;
}

function checkValue(field: FieldItem, value: unknown): FieldValue {
  const must = (what: string) => wrong(field.key, `"${field.name}" must be ${what}.`);
  switch (field.type) {
    case "text":
      if (typeof value !== "string") throw must("a text");
      if ([...value].length > 1000) throw must("at most 1,000 characters long");
      return value.toWellFormed().replaceAll("\u0000", "\uFFFD");
    case "number": {
      const number = typeof value === "string" && /^-?\d{1,15}(\.\d{1,10})?$/.test(value) ? Number(value) : value;
      if (typeof number !== "number" || !Number.isFinite(number)) throw must("a number");
      return number;
    }
    case "date":
      if (typeof value !== "string" || !isDate(value)) throw must("a date like 2026-11-21");
      return value;
    case "choice":
      if (typeof value !== "string" || !field.choices.includes(value)) throw must(`one of ${field.choices.join(", ")}`);
      return value;
    case "boolean":
      if (value === true || value === "true") return true;
      if (value === false || value === "false") return false;
      throw must("true or false");
  }
}

/** A day that is in the calendar: 2026-02-30 is none. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function known(fields: readonly FieldItem[]): string {
  return fields.length === 0 ? " None is defined yet." : ` There are: ${fields.map(({ key }) => key).join(", ")}.`;
}

function wrong(key: string, message: string): Refusal {
  return new Refusal("invalid_value", message, { path: `args.fields.${key.slice(0, 60)}` });
}
