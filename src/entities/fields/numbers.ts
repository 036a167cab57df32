import { Decimal } from "decimal.js";
import type { Field, FieldValue } from "../../protocol/blueprints.ts";
import { type FieldKind, unfit } from "./fieldKind.ts";

const mostDigits = 30;
const mostPlaces = 10;
const usualPlaces = 2;

export const integer: FieldKind = {
  options: ["min", "max"],
  read: (value, field, path) => {
    if (typeof value !== "number" || !Number.isSafeInteger(value)) throw unfit(field, (say) => say.wholeNumberUpTo(15), path, value);
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
      throw unfit(field, (say) => say.placesWithin(mostPlaces), `${path}.places`, places);
    checkBounds(field, path);
  },
  listed: { sql: (json) => `(${json})::numeric` },
  add: addExactly,
};

export const money: FieldKind = {
  options: ["currency", "min", "max"],
  read: (value, field, path) => readDecimal(value, field, path, placesOf(field.currency ?? "")),
  check: (field, path) => {
    if (!currencies.has(field.currency ?? "")) throw unfit(field, (say) => say.inCurrency, `${path}.currency`, field.currency ?? "");
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
    throw unfit(field, (say) => say.numberInText(like), path, value);
  const exact = new Exact(written);
  if (exact.decimalPlaces() > places) throw unfit(field, (say) => (places === 0 ? say.noFraction : say.placesUpTo(places)), path, written);
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
  const { min, max } = field;
  if (min !== undefined && new Exact(value).lt(min)) throw unfit(field, (say) => say.orMore(String(min)), path, value);
  if (max !== undefined && new Exact(value).gt(max)) throw unfit(field, (say) => say.orLess(String(max)), path, value);
}

function checkBounds(field: Field, path: string): void {
  for (const bound of ["min", "max"] as const) {
    const value = field[bound];
    if (value !== undefined && !/^-?\d{1,30}(\.\d{1,30})?$/.test(String(value)))
      throw unfit(field, (say) => say.boundedByNumbers, `${path}.${bound}`, value);
  }
  if (field.min !== undefined && field.max !== undefined && new Exact(field.min).gt(field.max))
    throw unfit(field, (say) => say.leastAboveMost, `${path}.min`);
}
