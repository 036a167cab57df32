import { Decimal } from "decimal.js";
import type { Field, FieldValue } from "../../protocol/blueprints.ts";
import { type FieldKind, unfit } from "./fieldKind.ts";

const mostDigits = 30;
const mostPlaces = 10;
const usualPlaces = 2;

export const integer: FieldKind = {
  options: ["min", "max"],
  read: (value, field, path) => {
    if (typeof value !== "number" || !Number.isSafeInteger(value)) throw unfit(field, "a whole number of at most 15 digits", path);
    requireWithin(value, field, path);
    return Object.is(value, -0) ? 0 : value;
  },
  check: checkBounds,
  listed: { sql: (json) => `(${json})::bigint` },
  add: (value = 0, more) => new Exact(Number(value)).plus(more).toNumber(),
};

export const decimal: FieldKind = {
  options: ["places", "min", "max"],
  read: (value, field, path) => readDecimal(value, field, path, field.places ?? usualPlaces),
  check: (field, path) => {
    const { places = usualPlaces } = field;
    if (!Number.isInteger(places) || places < 0 || places > mostPlaces)
      throw unfit(field, `of 0 to ${mostPlaces} digits behind its point`, `${path}.places`);
    checkBounds(field, path);
  },
  listed: { sql: (json) => `(${json})::numeric` },
  add: addExactly,
};

export const money: FieldKind = {
  options: ["currency", "min", "max"],
  read: (value, field, path) => readDecimal(value, field, path, placesOf(field.currency ?? "")),
  check: (field, path) => {
    if (!currencies.has(field.currency ?? "")) throw unfit(field, "of a currency like EUR", `${path}.currency`);
    checkBounds(field, path);
  },
  listed: { sql: (json) => `(${json})::numeric` },
  add: addExactly,
};

const currencies = new Set(Intl.supportedValuesOf("currency"));

/** ISO 4217's minor units, as ICU has them: 2 of EUR, 0 of JPY, 3 of KWD. */
function placesOf(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? usualPlaces;
}

/** Exactly, as a text with all its places: never as a binary fraction. A JSON number counts where it has no more digits than one keeps. */
function readDecimal(value: unknown, field: Field, path: string, places: number): string {
  const like = places === 0 ? "12" : `12.${"5".padEnd(places, "0")}`;
  const written = typeof value === "number" && Number.isFinite(value) && keepsDigits(value) ? new Decimal(value).toFixed() : value;
  if (typeof written !== "string" || !new RegExp(`^-?\\d{1,${mostDigits}}(\\.\\d{1,${mostDigits}})?$`).test(written))
    throw unfit(field, `a number, as a text like "${like}"`, path);
  const exact = new Exact(written);
  if (exact.decimalPlaces() > places)
    throw unfit(field, places === 0 ? "without a fraction" : `of at most ${places} digits behind the point`, path);
  requireWithin(written, field, path);
  return exact.isZero() ? new Exact(0).toFixed(places) : exact.toFixed(places);
}

/** Enough for every number that is read: nothing is rounded. */
const Exact = Decimal.clone({ precision: 2 * mostDigits });

function addExactly(value: FieldValue | undefined, more: string | number): string {
  return new Exact(String(value ?? 0)).plus(more).toFixed();
}

/** A double tells 15 digits apart; JSON with more has become another number before anybody saw it. */
function keepsDigits(value: number): boolean {
  return value.toPrecision(15).length > 0 && Number(value.toPrecision(15)) === value;
}

function requireWithin(value: string | number, field: Field, path: string): void {
  if (field.min !== undefined && new Exact(value).lt(field.min)) throw unfit(field, `${field.min} or more`, path);
  if (field.max !== undefined && new Exact(value).gt(field.max)) throw unfit(field, `${field.max} or less`, path);
}

function checkBounds(field: Field, path: string): void {
  for (const bound of ["min", "max"] as const) {
    const value = field[bound];
    if (value !== undefined && !/^-?\d{1,30}(\.\d{1,30})?$/.test(String(value)))
      throw unfit(field, "bounded by numbers", `${path}.${bound}`);
  }
  if (field.min !== undefined && field.max !== undefined && new Exact(field.min).gt(field.max))
    throw unfit(field, "of a least value that isn't above the most", `${path}.min`);
}
