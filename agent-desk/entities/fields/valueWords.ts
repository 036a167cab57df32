import type { EntityView, Field, FieldValue } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import type { Written } from "../entities.ts";
import { fieldTypes, titleField } from "./fieldTypes.ts";
import { namedOf } from "./named.ts";

/** A value as this person reads it, in their zone and by their customs; empty where there is none. */
export function valueWords({ type, currency, places }: Pick<Field, "type" | "currency" | "places">, value: Written | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (fieldTypes[type].named === true) return (typeof value === "object" ? value : [String(value)]).map(nameOf).join(", ");
  if (typeof value === "object") return value.join(", ");
  if (type === "instant" || type === "date") return timeWords(type, String(value));
  if (type === "formula" && isNumber(String(value)))
    return numberWords(currency === undefined ? "decimal" : "money", String(value), currency, String(value).split(".")[1]?.length ?? 0);
  if ((type === "money" || type === "decimal" || type === "integer") && isNumber(String(value)))
    return numberWords(type, String(value), currency, places);
  return String(value);
}

/** What isn't known stays what it is: a word that was typed and not saved. */
function nameOf(id: string): string {
  const named = namedOf(id);
  if (named === undefined) return isId(id) ? "somebody or something that isn’t there" : id;
  return named.trashed === true ? `${named.title} (in the trash)` : named.title;
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

function timeWords(type: "instant" | "date", value: string): string {
  const at = Date.parse(type === "date" ? `${value}T00:00:00Z` : value);
  if (Number.isNaN(at)) return value;
  return type === "date" ? day.format(at) : moment.format(at);
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** From its text, exactly: a double would round what has more than 15 digits. */
function numberWords(
  type: "money" | "decimal" | "integer",
  value: string,
  currency: string | undefined,
  places: number | undefined,
): string {
  const key = `${type} ${currency ?? ""} ${places ?? ""}`;
  const known = formats.get(key) ?? new Intl.NumberFormat(undefined, optionsOf(type, currency, places));
  formats.set(key, known);
  return isNumber(value) ? known.format(value) : value;
}

const formats = new Map<string, Intl.NumberFormat>();

function optionsOf(type: string, currency: string | undefined, places: number | undefined): Intl.NumberFormatOptions {
  if (type === "money" && currency !== undefined && /^[A-Z]{3}$/.test(currency)) return { style: "currency", currency };
  const digits = type === "integer" ? 0 : Math.min(10, Math.max(0, places ?? 2));
  return { minimumFractionDigits: digits, maximumFractionDigits: digits };
}

function isNumber(value: string): value is `${number}` {
  return /^-?\d+(\.\d+)?$/.test(value);
}

/** What people call it. */
export function titleOf(fields: readonly Field[], { id, values }: Pick<EntityView, "id" | "values">): string {
  const field = titleField(fields);
  const value = field === undefined ? undefined : ownValue(values, field.key);
  return value === undefined || value === "" ? id.slice(0, 8) : String(value);
}

/** Whether two values are the same, an empty one and none too. */
export function isSameValue(one: Written | undefined, other: Written | undefined): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** A value as it stands in a field that is typed into. */
export function asText({ type }: Pick<Field, "type">, value: Written | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "object") return value.join(", ");
  return type === "instant" ? localTime(String(value)) : String(value);
}

/** What was typed, as a value; what doesn't fit stays text, and the server says what is wrong with it. */
export function fromText({ type }: Pick<Field, "type">, typed: string): FieldValue | null {
  const text = typed.trim();
  if (text === "") return null;
  if (type === "integer" && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === "decimal" || type === "money") return text.replace(/^(-?\d+),(\d+)$/, "$1.$2");
  if (type === "instant") return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text) ? new Date(text).toISOString() : text;
  return type === "text" || type === "longText" ? typed : text;
}

/** `2026-11-21T09:30`, as fields of browsers want it, in this person's zone. */
function localTime(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const two = (part: number) => String(part).padStart(2, "0");
  const days = `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${days}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
