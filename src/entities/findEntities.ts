import { validate as isId } from "uuid";
import type { TenantSql } from "../platform/database/database.ts";
import type { EntityView, Field } from "../protocol/blueprints.ts";
import { Refusal } from "../protocol/refusal.ts";
import { type StoredBlueprint, versionsOf } from "./blueprints/blueprintStore.ts";
import { findByUnique, findEntity, type StoredEntity, type UniqueValue } from "./entityStore.ts";
import { fieldsOn, type ReachedBlueprint, seesField } from "./reach.ts";
import { told } from "./sentences/sentences.ts";
import { uniqueOf, valuesLike, without } from "./uniqueValues.ts";
import { shownValues } from "./values.ts";

/** By its id, or by its value of a unique field that whoever asks sees on it, the sequence number first: `DEL-17`. Refusal `not_found`. */
export async function requireEntity(sql: TenantSql, blueprint: ReachedBlueprint, wanted: string): Promise<StoredEntity> {
  return (await seekEntity(sql, blueprint, wanted)) ?? raiseMissing(blueprint);
}

export function raiseMissing({ definition }: ReachedBlueprint): never {
  throw new Refusal(
    "not_found",
    told((say) => say.noSuch(definition.name)),
    { path: "id" },
  );
}

/** The same where it may be missing. */
export async function seekEntity(sql: TenantSql, blueprint: ReachedBlueprint, wanted: string): Promise<StoredEntity | undefined> {
  const isNamed = !isId(wanted);
  const fields = blueprint.definition.fields.filter((field) => seesField(blueprint.reach, field));
  const called = isNamed ? valuesLike(fields, wanted) : [];
  const id = isNamed ? await findByUnique(sql, blueprint.id, called) : wanted.toLowerCase();
  const found = id === undefined ? undefined : await findEntity(sql, blueprint, id);
  return found === undefined || (isNamed && !isCalled(blueprint, found, called)) ? undefined : found;
}

/** Whether a field by which it was named is seen on this one. */
function isCalled({ reach, definition }: ReachedBlueprint, { content, parts }: StoredEntity, called: readonly UniqueValue[]): boolean {
  if (reach === "all") return true;
  return without(called, uniqueOf(fieldsOn(reach, definition.fields, parts), content)).length < called.length;
}

/** Of the version that it fits, which may be an older one. */
export async function fieldsOf(sql: TenantSql, blueprint: StoredBlueprint, { blueprintVersion }: Pick<StoredEntity, "blueprintVersion">) {
  if (blueprintVersion === blueprint.number) return blueprint.definition.fields;
  const versions = await versionsOf(sql, blueprint, [blueprintVersion]);
  return versions.get(blueprintVersion)?.fields ?? blueprint.definition.fields;
}

/** An entity as whoever found it may see it, without what its values name: `viewsOf` knows that. */
export function viewOf(
  { key, reach }: Pick<ReachedBlueprint, "key" | "reach">,
  fields: readonly Field[],
  entity: StoredEntity,
): EntityView {
  const { id, blueprintVersion, version, content, createdAt, createdBy, changedAt, changedBy, trashedAt, parts } = entity;
  return {
    id,
    blueprint: key,
    blueprintVersion,
    version,
    values: shownValues(fieldsOn(reach, fields, parts), content),
    named: {},
    createdAt: createdAt.toISOString(),
    createdBy: createdBy ?? "somebody who left",
    updatedAt: changedAt.toISOString(),
    updatedBy: changedBy ?? "somebody who left",
    trashed: trashedAt !== null,
    trashedAt: trashedAt?.toISOString() ?? null,
  };
}
