import type { Holding } from "../../files/heldFileStore.ts";
import type { Field, FieldValue } from "../../protocol/blueprints.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import type { Reference } from "../entityStore.ts";
import type { NamedKind } from "../fields/fieldKind.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import type { StoredValues } from "../values.ts";

/** The fields whose values are ids of this kind. */
export function fieldsNaming(fields: readonly Field[], kind: NamedKind): Field[] {
  return fields.filter(({ type }) => fieldKinds[type].names === kind);
}

/** Whether any of them has ids as its values: then nothing needs to be looked up. */
export function nameNothing(fields: readonly Field[]): boolean {
  return fields.every(({ type }) => fieldKinds[type].names === undefined);
}

/** The ids of this kind that stand in these values. */
export function idsNamed(fields: readonly Field[], kind: NamedKind, content: StoredValues): string[] {
  return fieldsNaming(fields, kind).flatMap(({ id }) => idsIn(ownValue(content, id)));
}

export function idsIn(value: FieldValue | undefined): string[] {
  if (value === undefined) return [];
  return typeof value === "object" ? [...value] : [String(value)];
}

/** Whom an entity with these values has in its relations. */
export function referencesOf(fields: readonly Field[], content: StoredValues): Reference[] {
  return fieldsNaming(fields, "entity").flatMap(({ id }) => idsIn(ownValue(content, id)).map((target) => ({ field: id, target })));
}

/** Those that the others aren't. */
export function unlike(references: readonly Reference[], others: readonly Reference[]): Reference[] {
  const known = new Set(others.map(({ field, target }) => `${field} ${target}`));
  return references.filter(({ field, target }) => !known.has(`${field} ${target}`));
}

/** The files that stand in an entity's values and didn't before. */
export function newFiles(fields: readonly Field[], entity: string, content: StoredValues, before: StoredValues): Holding[] {
  const had = new Set(idsNamed(fields, "file", before));
  return [...new Set(idsNamed(fields, "file", content))].filter((file) => !had.has(file)).map((file) => ({ file, entity }));
}
