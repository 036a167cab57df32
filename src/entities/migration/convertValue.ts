import { Temporal } from "temporal-polyfill";
import { type Field, type FieldValue, fieldWords } from "../../protocol/blueprints.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { folded } from "../fields/fieldKind.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";

/** A value of one field as another field has it; undefined where it says nothing there that isn't something else. Days begin at midnight of `zone`. Pure. */
export function convertValue(value: FieldValue, from: Field, to: Field, zone: string): FieldValue | undefined {
  if (fieldKinds[to.type].given === true) return undefined;
  for (const candidate of candidates(value, from, to, zone)) {
    const read = readOrNothing(candidate, to);
    if (read !== undefined) return read;
  }
  return undefined;
}

/** Whether a value may stand in a field as it is. */
export function fits(value: FieldValue, field: Field): boolean {
  const read = readOrNothing(value, field);
  return read !== undefined && JSON.stringify(read) === JSON.stringify(value);
}

function readOrNothing(value: unknown, field: Field): FieldValue | undefined {
  try {
    return fieldKinds[field.type].read(value, field, field.key);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** What it may be written as there, the nearest first. */
function candidates(value: FieldValue, from: Field, to: Field, zone: string): unknown[] {
  const words = fieldWords(value) ?? "";
  switch (to.type) {
    case "integer":
      return /^-?\d{1,15}(\.0+)?$/.test(words) ? [Number(words)] : [];
    case "boolean":
      return /^(yes|true)$/i.test(words) ? [true] : /^(no|false)$/i.test(words) ? [false] : [];
    case "choice":
      return [words, ...(to.choices ?? []).filter((one) => folded(one) === folded(words))];
    case "choices":
      return [typeof value === "object" ? value : [words], words.split(",").map((one) => one.trim())];
    case "instant":
      return from.type === "date" ? [startOfDay(words, zone)] : [words];
    case "date":
      return from.type === "instant" ? [dayOf(words, zone)] : [words];
    case "file":
    case "relation":
      // The ids of the same things.
      return from.type === to.type && from.blueprint === to.blueprint ? [value] : [];
    default:
      return [words];
  }
}

function startOfDay(day: string, zone: string): string {
  return Temporal.PlainDate.from(day).toZonedDateTime(zone).toInstant().toString();
}

function dayOf(instant: string, zone: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString();
}
