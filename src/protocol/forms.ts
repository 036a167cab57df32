/** A field that a person fills in. A choice has `choices`; a checkbox that is `required` must be ticked. */
export interface FormField {
  name: string;
  label: string;
  type: "text" | "email" | "phone" | "number" | "date" | "choice" | "checkbox";
  required?: boolean;
  choices?: string[];
}

/** By the fields' names. Dates are `YYYY-MM-DD`; a field that was left empty is absent. */
export type FormValues = Record<string, string | number | boolean>;

/** Why a value doesn't fit its field. */
export type FieldProblem = "required" | "tooLong" | "notText" | "notEmail" | "notNumber" | "notDate" | "notChoice" | "notChecked";

export interface WrongField {
  field: string;
  problem: FieldProblem;
}

/** The longest text of a field, in characters. */
export const maxFieldLength = 1000;

/** The values as they are kept, or every field that doesn't fit with its reason. Both sides of the wire ask this. */
export function checkForm(
  fields: readonly FormField[],
  given: Readonly<Record<string, unknown>>,
): { values: FormValues; wrong: WrongField[] } {
  const values: FormValues = {};
  const wrong: WrongField[] = [];
  for (const field of fields) {
    const value = Object.hasOwn(given, field.name) ? given[field.name] : undefined;
    const trimmed = typeof value === "string" ? value.trim() : value;
    const checked = check(field, trimmed);
    if (typeof checked === "object") wrong.push({ field: field.name, ...checked });
    else if (checked !== undefined) values[field.name] = checked;
  }
  return { values, wrong };
}

function check(field: FormField, value: unknown): string | number | boolean | undefined | { problem: FieldProblem } {
  const empty = value === undefined || value === null || value === "" || (field.type === "checkbox" && value === false);
  if (empty) return field.required ? { problem: "required" } : field.type === "checkbox" && value === false ? false : undefined;
  switch (field.type) {
    case "checkbox":
      return typeof value === "boolean" ? value : { problem: "notChecked" };
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? value : { problem: "notNumber" };
    case "text":
    case "phone":
      return textWithin(value, "notText");
    case "email":
      return typeof value === "string" && isMailAddress(value) ? value : { problem: "notEmail" };
    case "date":
      return typeof value === "string" && isDate(value) ? value : { problem: "notDate" };
    case "choice":
      return typeof value === "string" && field.choices?.includes(value) === true ? value : { problem: "notChoice" };
  }
}

function textWithin(value: unknown, otherwise: FieldProblem): string | { problem: FieldProblem } {
  if (typeof value !== "string") return { problem: otherwise };
  return value.length <= maxFieldLength || [...value].length <= maxFieldLength ? value : { problem: "tooLong" };
}

/** One at sign, a dot in the domain, nothing that a header could be broken with; 254 characters (RFC 5321, 4.5.3.1.3). */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>()[\],;:\\"\p{Cc}]{1,64}@[^\s@<>()[\],;:\\"\p{Cc}]+\.[^\s@<>()[\],;:\\".\p{Cc}]{2,}$/u.test(text);
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
