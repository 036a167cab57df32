import type { EntityValues, Field, FieldValue } from "../protocol/blueprints.ts";
import { ownValue } from "../protocol/ownValue.ts";
import { Refusal } from "../protocol/refusal.ts";
import { shownShort } from "../protocol/sentence.ts";
import { hiddenFields } from "../protocol/shownFields.ts";
import type { Moment } from "./fields/fieldKind.ts";
import { fieldKinds } from "./fields/fieldKinds.ts";
import { told } from "./sentences/sentences.ts";

/** Values by the ids of their fields, as they are stored: a field that is renamed keeps them. What is empty isn't there. */
export type StoredValues = Readonly<Record<string, FieldValue>>;

/** What somebody writes: by keys, and null where a field shall be empty. */
export type WrittenValues = Readonly<Record<string, unknown>>;

/** What of the moment a value stands for, where it is a word for that. */
export function momentWord({ type }: Pick<Field, "type">, value: unknown): keyof Moment | undefined {
  return typeof value === "string" ? ownValue(fieldKinds[type].moments ?? {}, value) : undefined;
}

/** Whether a field's default is of the moment in which an entity is made. */
export function isMoment(field: Pick<Field, "type" | "default">): boolean {
  return momentWord(field, field.default) !== undefined;
}

/** The values of a new entity, defaults put in. What the product gives isn't there yet. Refusals: `invalid_value` with `values.<key>`. */
export function newValues(fields: readonly Field[], written: WrittenValues, moment: Moment, path = "values"): StoredValues {
  refuseUnknown(fields, written, path);
  const values = Object.fromEntries(
    fields.flatMap((field): [string, FieldValue][] => {
      const given = readValue(field, ownValue(written, field.key), path);
      const value = given ?? (given === null ? undefined : defaultOf(field, moment));
      return value === undefined ? [] : [[field.id, value]];
    }),
  );
  const hidden = hiddenFields(fields, () => shownValues(fields, values));
  for (const field of fields) if (!hidden.has(field.key)) requireThere(field, ownValue(values, field.id), path);
  return values;
}

/**
 * Values of an entity with what is written over them: absent stays, null empties. What a change brings to light is required as what is written.
 * Refusals as `newValues`.
 */
export function changedValues(fields: readonly Field[], before: StoredValues, written: WrittenValues, path = "values"): StoredValues {
  refuseUnknown(fields, written, path);
  const after: Record<string, FieldValue> = { ...before };
  for (const field of fields) {
    const given = readValue(field, ownValue(written, field.key), path);
    if (given === undefined) continue;
    if (given === null) delete after[field.id];
    else after[field.id] = given;
  }
  const [hid, hides] = [before, after].map((values) => hiddenFields(fields, () => shownValues(fields, values)));
  for (const field of fields)
    if (hides?.has(field.key) !== true && (ownValue(written, field.key) !== undefined || hid?.has(field.key) === true))
      requireThere(field, ownValue(after, field.id), path);
  return after;
}

/** As people and programs read them: by keys, of the fields that there are. */
export function shownValues(fields: readonly Field[], stored: StoredValues): EntityValues {
  const shown: Record<string, FieldValue> = {};
  for (const { id, key } of fields) {
    const value = ownValue(stored, id);
    if (value !== undefined) shown[key] = value;
  }
  return shown;
}

/** The fields whose values differ. */
export function differingFields(fields: readonly Field[], before: StoredValues, after: StoredValues): Field[] {
  return fields.filter(({ id }) => JSON.stringify(ownValue(before, id)) !== JSON.stringify(ownValue(after, id)));
}

/** Undefined where nothing is written, null where it shall be empty. */
function readValue(field: Field, written: unknown, path: string): FieldValue | null | undefined {
  if (written === undefined) return undefined;
  const kind = fieldKinds[field.type];
  const at = `${path}.${field.key}`;
  const isEmpty = written === null || written === "" || (Array.isArray(written) && written.length === 0);
  if (isEmpty && kind.given !== true) return null;
  return kind.read(written, field, at);
}

function defaultOf(field: Field, moment: Moment): FieldValue | undefined {
  const word = momentWord(field, field.default);
  if (word !== undefined) return moment[word];
  return field.default === undefined ? undefined : fieldKinds[field.type].read(field.default, field, field.key);
}

function requireThere(field: Field, value: FieldValue | undefined, path: string): void {
  if (value === undefined && field.required === true && fieldKinds[field.type].given !== true)
    throw new Refusal(
      "invalid_value",
      told((say) => say.missing(field.name)),
      { path: `${path}.${field.key}` },
    );
}

function refuseUnknown(fields: readonly Field[], written: WrittenValues, path: string): void {
  const keys = new Set(fields.map(({ key }) => key));
  const unknown = Object.keys(written).find((key) => !keys.has(key));
  if (unknown === undefined) return;
  throw unknownField(unknown, [...keys], path);
}

const mostNamed = 20;

/** Of what somebody writes: there is no such field. */
export function unknownField(written: string, keys: readonly string[], path: string): Refusal {
  const known = keys.slice(0, mostNamed).join(", ");
  return new Refusal(
    "invalid_value",
    told((say) => say.noField(shownShort(written), known)),
    { path: `${path}.${written.slice(0, 60)}` },
  );
}
