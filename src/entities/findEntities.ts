import { validate as isId } from "uuid";
import type { TenantSql } from "../platform/database/database.ts";
import type { EntityView, Field } from "../protocol/blueprints.ts";
import { Refusal } from "../protocol/refusal.ts";
import { findVersions, type StoredBlueprint } from "./blueprints/blueprintStore.ts";
import { findByUnique, findEntity, type StoredEntity } from "./entityStore.ts";
import { valuesLike } from "./uniqueValues.ts";
import { shownValues } from "./values.ts";

/** By its id, or by its value of a unique field, the sequence number first: `DEL-17`. Refusal `not_found`. */
export async function requireEntity(sql: TenantSql, blueprint: StoredBlueprint, wanted: string): Promise<StoredEntity> {
  const id = isId(wanted) ? wanted.toLowerCase() : await findByUnique(sql, blueprint.id, valuesLike(blueprint.definition.fields, wanted));
  const found = id === undefined ? undefined : await findEntity(sql, blueprint.id, id);
  if (found === undefined) throw new Refusal("not_found", `There is no such ${blueprint.definition.name.toLowerCase()}.`, { path: "id" });
  return found;
}

/** Of the version that it fits, which may be an older one. */
export async function fieldsOf(sql: TenantSql, blueprint: StoredBlueprint, { blueprintVersion }: Pick<StoredEntity, "blueprintVersion">) {
  if (blueprintVersion === blueprint.number) return blueprint.definition.fields;
  const versions = await findVersions(sql, blueprint.id, [blueprintVersion]);
  return versions.get(blueprintVersion)?.fields ?? blueprint.definition.fields;
}

export function viewOf(blueprint: string, fields: readonly Field[], entity: StoredEntity): EntityView {
  const { id, blueprintVersion, version, content, createdAt, createdBy, changedAt, changedBy, trashedAt } = entity;
  return {
    id,
    blueprint,
    blueprintVersion,
    version,
    values: shownValues(fields, content),
    createdAt: createdAt.toISOString(),
    createdBy: createdBy ?? "somebody who left",
    updatedAt: changedAt.toISOString(),
    updatedBy: changedBy ?? "somebody who left",
    trashed: trashedAt !== null,
    trashedAt: trashedAt?.toISOString() ?? null,
  };
}
