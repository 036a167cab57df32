import { Temporal } from "temporal-polyfill";
import { validate as isId, v7 as newId } from "uuid";
import type { AccountPrincipal } from "../access/principal.ts";
import { readTenant } from "../access/tenants/tenantStore.ts";
import type { TenantSql } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import type { EntityView, Field } from "../protocol/blueprints.ts";
import { ownValue } from "../protocol/ownValue.ts";
import { Refusal } from "../protocol/refusal.ts";
import { findVersions, type StoredBlueprint, takeNumbers } from "./blueprints/blueprintStore.ts";
import { inTrash, requireBlueprint } from "./blueprints/saveBlueprints.ts";
import {
  type ChangedEntity,
  findByUnique,
  findEntity,
  insertEntities,
  listChanges,
  type StoredEntity,
  type TakenValue,
  changeEntity as writeChange,
} from "./entityStore.ts";
import { uniqueOf, valuesLike, without } from "./uniqueValues.ts";
import {
  changedValues,
  differingFields,
  isMoment,
  type Moment,
  newValues,
  type StoredValues,
  shownValues,
  type WrittenValues,
} from "./values.ts";

export type EntityOutside = Pick<Platform, "database" | "bus" | "clock">;

/** Told to whoever watches the entities of a blueprint. */
export function entitiesSubject(tenant: string, blueprint: string): string {
  return `tenant.${tenant}.entities.${blueprint}`;
}

export const mostAtOnce = 1000;

/**
 * Makes entities of the latest version, all or none. Refusals: `not_found`, `conflict` for a value that another has, `invalid_value`; the path is that of
 * the value, under `pathOf` its item.
 */
export async function createEntities(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  items: readonly WrittenValues[],
  pathOf: (item: number) => string = () => "values",
): Promise<EntityView[]> {
  const { database, clock } = outside;
  const blueprint = await usable(outside, by.tenant, key);
  const { fields } = blueprint.definition;
  const sql = database.forTenant(by.tenant);
  const moment = await momentOf(outside, by.tenant, fields);
  const checked = items.map((written, index) => newValues(fields, written, moment, pathOf(index)));
  const numbered = await withNumbers(sql, blueprint, checked);
  const entities = numbered.map((content) => ({ id: newId(), content, unique: uniqueOf(fields, content) }));
  const at = new Date(clock.now());
  const taken = await insertEntities(sql, { id: blueprint.id, version: blueprint.number }, entities, { by: by.account, at });
  if (taken !== undefined) {
    const item = entities.findLastIndex(({ unique }) => unique.some((one) => one.field === taken.field && one.value === taken.value));
    throw takenRefusal(fields, taken, pathOf(Math.max(0, item)));
  }
  tell(outside, by.tenant, blueprint, entities);
  const told = {
    blueprintVersion: blueprint.number,
    version: 1,
    createdAt: at,
    createdBy: by.name,
    changedAt: at,
    changedBy: by.name,
    trashedAt: null,
  };
  return entities.map(({ id, content }) => viewOf(blueprint.key, fields, { id, content, ...told }));
}

/**
 * Changes what is written and nothing else; `seen` is the version that whoever changes it saw. What others changed meanwhile stays, where it is about
 * other fields. Refusals: `not_found`, `invalid_value`, `conflict`, and `stale` with what stands there now where it is about the same.
 */
export async function changeEntity(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  { values, seen }: { values: WrittenValues; seen?: number | undefined },
): Promise<EntityView> {
  const { database } = outside;
  const blueprint = await usable(outside, by.tenant, key);
  const sql = database.forTenant(by.tenant);
  for (let tries = 0; tries < attempts; tries++) {
    const entity = await requireEntity(sql, blueprint, wanted);
    if (entity.trashedAt !== null) throw new Refusal("conflict", "It is in the trash; restore it first.", { path: "id" });
    const fields = await fieldsOf(sql, blueprint, entity);
    if (seen !== undefined) await refuseOverlap(sql, blueprint, { entity, fields, written: values, seen });
    const content = changedValues(fields, entity.content, values);
    const changed = await write(outside, by, blueprint, { entity, fields, content, kind: "change", trashedAt: null });
    if (changed !== undefined) return changed;
  }
  throw new Refusal("conflict", "Others changed it at the same moment; look at it again.");
}

/** Into the trash, where it stays readable, or out of it. Refusals: `not_found`, `conflict` where it is there already, or where a value of it is another's now. */
export async function moveEntity(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  kind: "trash" | "restore",
): Promise<EntityView> {
  const blueprint = await usable(outside, by.tenant, key);
  const sql = outside.database.forTenant(by.tenant);
  for (let tries = 0; tries < attempts; tries++) {
    const entity = await requireEntity(sql, blueprint, wanted);
    if ((entity.trashedAt !== null) === (kind === "trash"))
      throw new Refusal("conflict", kind === "trash" ? "It is in the trash already." : "It is not in the trash.", { path: "id" });
    const fields = await fieldsOf(sql, blueprint, entity);
    const trashedAt = kind === "trash" ? new Date(outside.clock.now()) : null;
    const moved = await write(outside, by, blueprint, { entity, fields, content: entity.content, kind, trashedAt });
    if (moved !== undefined) return moved;
  }
  throw new Refusal("conflict", "Others changed it at the same moment; look at it again.");
}

const attempts = 5;

/** Undefined where somebody was faster. */
async function write(
  outside: EntityOutside,
  by: AccountPrincipal,
  blueprint: StoredBlueprint,
  {
    entity,
    fields,
    content,
    kind,
    trashedAt,
  }: { entity: StoredEntity; fields: readonly Field[] } & Pick<ChangedEntity, "content" | "kind" | "trashedAt">,
): Promise<EntityView | undefined> {
  const differing = differingFields(fields, entity.content, content);
  if (kind === "change" && differing.length === 0) return viewOf(blueprint.key, fields, entity);
  const had = kind === "restore" ? [] : uniqueOf(fields, entity.content);
  const has = kind === "trash" ? [] : uniqueOf(fields, content);
  const at = new Date(outside.clock.now());
  const outcome = await writeChange(
    outside.database.forTenant(by.tenant),
    blueprint.id,
    {
      id: entity.id,
      seen: entity.version,
      kind,
      content,
      trashedAt,
      before: only(differing, entity.content),
      after: only(differing, content),
      freed: without(had, has),
      taken: without(has, had),
    },
    { by: by.account, at },
  );
  if (typeof outcome !== "boolean") throw takenRefusal(fields, outcome, "values");
  if (!outcome) return undefined;
  tell(outside, by.tenant, blueprint, [entity]);
  return viewOf(blueprint.key, fields, { ...entity, content, version: entity.version + 1, changedAt: at, changedBy: by.name, trashedAt });
}

/** Somebody who saw an older version may still change what nobody changed since. */
async function refuseOverlap(
  sql: TenantSql,
  blueprint: StoredBlueprint,
  { entity, fields, written, seen }: { entity: StoredEntity; fields: readonly Field[]; written: WrittenValues; seen: number },
): Promise<void> {
  if (seen === entity.version) return;
  const since = seen > entity.version ? [] : await listChanges(sql, blueprint.id, entity.id, { newerThan: seen, limit: 1000 });
  const changed = new Set(since.flatMap(({ before, after }) => [...Object.keys(before), ...Object.keys(after)]));
  const both = fields.filter(({ id, key }) => changed.has(id) && ownValue(written, key) !== undefined);
  if (seen < entity.version && both.length === 0) return;
  const [last] = since;
  const names = both.map(({ name }) => `"${name}"`).join(", ");
  throw new Refusal("stale", `${last?.by ?? "Somebody"} changed ${names || "it"} since then; look at it again.`, {
    path: both[0] === undefined ? "version" : `values.${both[0].key}`,
    current: { version: entity.version, values: shownValues(fields, entity.content) },
  });
}

/** The blueprint, for whoever wants to change entities of it. */
async function usable(outside: EntityOutside, tenant: string, key: string): Promise<StoredBlueprint> {
  const blueprint = await requireBlueprint(outside, tenant, key);
  if (blueprint.trashedAt !== null) throw inTrash(key);
  return blueprint;
}

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

async function withNumbers(
  sql: TenantSql,
  blueprint: StoredBlueprint,
  contents: readonly StoredValues[],
): Promise<readonly StoredValues[]> {
  const field = blueprint.definition.fields.find(({ type }) => type === "sequence");
  if (field === undefined) return contents;
  const first = await takeNumbers(sql, blueprint.id, contents.length);
  return contents.map((content, index) => ({ ...content, [field.id]: `${field.prefix ?? ""}${first + index}` }));
}

/** Which day it is depends on where the tenant is; only asked where a field begins with it. */
async function momentOf({ database, clock }: EntityOutside, tenant: string, fields: readonly Field[]): Promise<Moment> {
  const instant = Temporal.Instant.fromEpochMilliseconds(clock.now());
  const asked = fields.some((field) => field.type === "date" && isMoment(field));
  const { timeZone } = asked ? await readTenant(database.acrossTenants, tenant) : { timeZone: "UTC" };
  const today = instant.toZonedDateTimeISO(timeZone).toPlainDate().toString();
  return { now: instant.toString({ fractionalSecondDigits: 3 }), today };
}

function only(fields: readonly Field[], content: StoredValues): StoredValues {
  const ids = new Set(fields.map(({ id }) => id));
  return Object.fromEntries(Object.entries(content).filter(([id]) => ids.has(id)));
}

function takenRefusal(fields: readonly Field[], { field: id, value, entity }: TakenValue, path: string): Refusal {
  const field = fields.find((one) => one.id === id);
  const message =
    entity === undefined
      ? `"${field?.name}" must be unique, and "${value}" stands there twice.`
      : `"${field?.name}" must be unique, and another has "${value}".`;
  return new Refusal("conflict", message, { path: `${path}.${field?.key}`, ...(entity === undefined ? {} : { current: { id: entity } }) });
}

function tell({ bus }: Pick<EntityOutside, "bus">, tenant: string, { key }: StoredBlueprint, entities: readonly { id: string }[]): void {
  bus.publish(entitiesSubject(tenant, key), { ids: entities.slice(0, mostTold).map(({ id }) => id) });
}

/** Who watches reads the list again when there are more. */
export const mostTold = 100;
