import type { Field, FieldValue } from "../../protocol/blueprints.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { hiddenFields } from "../../protocol/shownFields.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import { isMoment, type StoredValues, shownValues } from "../values.ts";
import { convertValue, fits } from "./convertValue.ts";

/**
 * What an entity had, by the ids of fields: in those that its version doesn't have, or before `became` was put in its place for want of a limit that it
 * fits; null for nothing. It comes back on the way back.
 */
export type KeptValues = Readonly<Record<string, Kept>>;

interface Kept {
  was: FieldValue;
  became?: FieldValue | null;
}

/** How one version's values become another's. */
export interface Way {
  from: readonly Field[];
  to: readonly Field[];
  /** What becomes of values that don't fit: by keys, what is written in the place of which words. */
  replace?: Readonly<Record<string, Readonly<Record<string, FieldValue>>>>;
  /** By keys: what a field begins with where an entity has nothing for it. */
  fill?: Readonly<Record<string, FieldValue>>;
  /** In which days are days. */
  zone: string;
}

export interface Unfit {
  /** The key of the field that has no value for it. */
  field: string;
  /** What can't stand there; undefined where a value is missing that is required. */
  value?: FieldValue;
}

export interface Migrated {
  content: StoredValues;
  kept: KeptValues;
  /** Of fields that are empty now for want of a value that fits. */
  unfit: Unfit[];
}

/** An entity's values as another version has them: nothing is lost that the way back needs. Pure. */
export function migrateContent(way: Way, content: StoredValues, before: KeptValues): Migrated {
  const after: Record<string, FieldValue> = {};
  const kept: Record<string, Kept> = { ...before };
  const unfit: Unfit[] = [];
  for (const field of way.to) {
    const isThere = way.from.some(({ id }) => id === field.id);
    const { value, keep, lost } = isThere
      ? standing(way, field, ownValue(content, field.id), ownValue(before, field.id))
      : arriving(way, field, content, ownValue(before, field.id));
    if (keep === undefined) delete kept[field.id];
    else kept[field.id] = keep;
    if (value !== undefined) after[field.id] = value;
    if (lost !== undefined) unfit.push({ field: field.key, value: lost });
  }
  const isLost = new Set(unfit.map(({ field }) => field));
  unfit.push(...missingFields(way.to, after).flatMap(({ key }) => (isLost.has(key) ? [] : [{ field: key }])));
  for (const { id } of way.from) {
    if (way.to.some((field) => field.id === id)) continue;
    const leaves = leaving(ownValue(content, id), ownValue(before, id));
    if (leaves === undefined) delete kept[id];
    else kept[id] = leaves;
  }
  return { content: after, kept, unfit };
}

/** What is required and isn't there, of what is shown. */
export function missingFields(fields: readonly Field[], content: StoredValues): Field[] {
  const hidden = hiddenFields(fields, () => shownValues(fields, content));
  return fields.filter(
    ({ id, key, type, required }) =>
      required === true && fieldKinds[type].given !== true && ownValue(content, id) === undefined && !hidden.has(key),
  );
}

interface Become {
  value: FieldValue | undefined;
  keep?: Kept;
  /** What has no place there. */
  lost?: FieldValue;
}

/** A value whose field stays, with limits that may be others. */
function standing(way: Way, field: Field, now: FieldValue | undefined, held: Kept | undefined): Become {
  const replaced = held?.became !== undefined && isSame(held.became ?? undefined, now) ? held : undefined;
  if (replaced !== undefined && fits(replaced.was, field)) return { value: replaced.was };
  const keep = replaced === undefined ? {} : { keep: replaced };
  if (now === undefined) return { value: replaced === undefined ? fillOf(way, field) : undefined, ...keep };
  if (fieldKinds[field.type].given === true || fits(now, field)) return { value: now, ...keep };
  const value = convertValue(now, field, field, way.zone) ?? replacementOf(way, field, now);
  const kept = { was: replaced?.was ?? now, became: value ?? null };
  return value === undefined ? { value, keep: kept, lost: now } : { value, keep: kept };
}

/** A value whose field the version of before doesn't have: one of its key may have been of another type. */
function arriving(way: Way, field: Field, content: StoredValues, held: Kept | undefined): Become {
  if (fieldKinds[field.type].computed === true) return { value: undefined };
  const source = way.from.find(({ id, key }) => key === field.key && !way.to.some((one) => one.id === id));
  if (source === undefined) return held === undefined ? { value: fillOf(way, field) ?? defaultOf(field) } : returning(way, field, held);
  const now = ownValue(content, source.id);
  const shown = held === undefined ? undefined : shownOf(held);
  if (held !== undefined && isSame(shown === undefined ? undefined : convertValue(shown, field, source, way.zone), now))
    return returning(way, field, held);
  if (now === undefined) return { value: fillOf(way, field) };
  const value = convertValue(now, source, field, way.zone) ?? replacementOf(way, field, now);
  return value === undefined ? { value, lost: now } : { value };
}

function returning(way: Way, field: Field, held: Kept): Become {
  return standing(way, field, shownOf(held), held);
}

/** What is kept of a value whose field goes. */
function leaving(now: FieldValue | undefined, held: Kept | undefined): Kept | undefined {
  if (held?.became !== undefined && isSame(held.became ?? undefined, now)) return held;
  return now === undefined ? undefined : { was: now };
}

/** What stood there when it was kept. */
function shownOf({ was, became }: Kept): FieldValue | undefined {
  return became === undefined ? was : (became ?? undefined);
}

function replacementOf({ replace = {} }: Way, field: Field, value: FieldValue): FieldValue | undefined {
  const said = ownValue(ownValue(replace, field.key) ?? {}, typeof value === "object" ? value.join(", ") : String(value));
  return said !== undefined && fits(said, field) ? said : undefined;
}

function fillOf({ fill = {} }: Way, field: Field): FieldValue | undefined {
  const said = ownValue(fill, field.key);
  return said !== undefined && fits(said, field) ? said : undefined;
}

/** Not the moment of the migration, which says nothing of the entity. */
function defaultOf(field: Field): FieldValue | undefined {
  return field.default === undefined || isMoment(field) ? undefined : fieldKinds[field.type].read(field.default, field, field.key);
}

export function isSame(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));
}
