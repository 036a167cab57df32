import { createHash } from "node:crypto";
import type { Field, FieldValue } from "../protocol/blueprints.ts";
import { ownValue } from "../protocol/ownValue.ts";
import type { UniqueValue } from "./entityStore.ts";
import { fieldKinds } from "./fields/fieldKinds.ts";
import type { StoredValues } from "./values.ts";

/** What somebody may call an entity by: a value of a unique field, the sequence number first. */
export function valuesLike(fields: readonly Field[], wanted: string): UniqueValue[] {
  const own = fields.filter(isUnique).sort((a, b) => Number(b.type === "sequence") - Number(a.type === "sequence"));
  return own.map((field) => uniqueValueOf(field, wanted.trim()));
}

export function isUnique({ type, unique }: Field): boolean {
  return unique === true || type === "sequence";
}

/** What nobody else may have, of these values. */
export function uniqueOf(fields: readonly Field[], content: StoredValues): UniqueValue[] {
  return fields.filter(isUnique).flatMap((field): UniqueValue[] => {
    const value = ownValue(content, field.id);
    return value === undefined ? [] : [uniqueValueOf(field, value)];
  });
}

/** A value of a unique field as it is compared. */
export function uniqueValueOf({ id, type }: Field, value: FieldValue): UniqueValue {
  return { field: id, value: comparable(fieldKinds[type].same?.(value) ?? String(value)) };
}

/** PostgreSQL's index takes no more than a third of a page. */
const longestComparable = 300;

function comparable(value: string): string {
  return value.length <= longestComparable ? value : `${value.slice(0, 60)} ${createHash("sha256").update(value).digest("base64url")}`;
}

/** Those that the others aren't. */
export function without(values: readonly UniqueValue[], others: readonly UniqueValue[]): UniqueValue[] {
  return values.filter((one) => !others.some((other) => other.field === one.field && other.value === one.value));
}
