import { v7 as newId } from "uuid";
import type { AccountPrincipal } from "../access/principal.ts";
import type { TenantSql } from "../platform/database/database.ts";
import type { EntityView, Field } from "../protocol/blueprints.ts";
import { ownValue } from "../protocol/ownValue.ts";
import { Refusal } from "../protocol/refusal.ts";
import { type StoredBlueprint, takeNumbers } from "./blueprints/blueprintStore.ts";
import { insertEntities, listChanges, type StoredEntity } from "./entityStore.ts";
import { fieldKinds } from "./fields/fieldKinds.ts";
import { viewOf } from "./findEntities.ts";
import { inFirstState, refuseState } from "./flow/flow.ts";
import { momentOf } from "./moment.ts";
import { type EntityOutside, refuseTrashed, requireUsable, rewriteEntity, takenRefusal, tellOfEntities } from "./rewriteEntity.ts";
import { uniqueOf } from "./uniqueValues.ts";
import { changedValues, isMoment, newValues, type StoredValues, shownValues, type WrittenValues } from "./values.ts";

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
  const blueprint = await requireUsable(outside, by, key);
  const { fields } = blueprint.definition;
  const sql = database.forTenant(by.tenant);
  const moment = await momentOf(
    outside,
    by.tenant,
    fields.some((field) => field.type === "date" && isMoment(field)),
  );
  const checked = items.map((written, index) =>
    newValues(fields, inFirstState(blueprint.definition, written, pathOf(index)), moment, pathOf(index)),
  );
  const numbered = await withNumbers(sql, blueprint, checked);
  const entities = numbered.map((content) => ({ id: newId(), content, unique: uniqueOf(fields, content) }));
  const at = new Date(clock.now());
  const taken = await insertEntities(sql, { id: blueprint.id, version: blueprint.number }, entities, { by: by.account, at });
  if (taken !== undefined) {
    const item = entities.findLastIndex(({ unique }) => unique.some((one) => one.field === taken.field && one.value === taken.value));
    throw takenRefusal(fields, taken, pathOf(Math.max(0, item)));
  }
  tellOfEntities(outside, by.tenant, blueprint, entities);
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

/** Whether values could be those of a new entity. Refusals as `createEntities`, but for what others have. */
export async function checkEntity(outside: EntityOutside, by: AccountPrincipal, key: string, written: WrittenValues): Promise<void> {
  const { definition } = await requireUsable(outside, by, key);
  newValues(definition.fields, inFirstState(definition, written, "values"), await momentOf(outside, by.tenant, false));
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
  const sql = outside.database.forTenant(by.tenant);
  return await rewriteEntity(outside, by, key, wanted, async ({ blueprint, entity, fields }) => {
    refuseTrashed(entity);
    if (seen !== undefined) await refuseOverlap(sql, blueprint, { entity, fields, written: values, seen });
    refuseState(blueprint.definition, fields, entity.content, values);
    return { kind: "change", content: changedValues(fields, entity.content, values), trashedAt: null };
  });
}

/** Adds so much to a field that counts; less than nothing takes away. Exact, whoever else adds at the same moment. Refusals as `changeEntity`. */
export async function adjustEntity(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  { field: named, by: more }: { field: string; by: string },
): Promise<EntityView> {
  return await rewriteEntity(outside, by, key, wanted, ({ entity, fields }) => {
    refuseTrashed(entity);
    const field = fields.find((one) => one.key === named);
    const add = field === undefined ? undefined : fieldKinds[field.type].add;
    if (field === undefined || add === undefined)
      throw new Refusal("invalid_value", `There is no field "${named.slice(0, 60)}" that counts.`, { path: "field" });
    const value = fieldKinds[field.type].read(add(ownValue(entity.content, field.id), more), field, "by");
    return { kind: "change", content: { ...entity.content, [field.id]: value }, trashedAt: null };
  });
}

/** Into the trash, where it stays readable, or out of it. Refusals: `not_found`, `conflict` where it is there already, or where a value of it is another's now. */
export async function moveEntity(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  kind: "trash" | "restore",
): Promise<EntityView> {
  return await rewriteEntity(outside, by, key, wanted, ({ entity }) => {
    if ((entity.trashedAt !== null) === (kind === "trash"))
      throw new Refusal("conflict", kind === "trash" ? "It is in the trash already." : "It is not in the trash.", { path: "id" });
    return { kind, content: entity.content, trashedAt: kind === "trash" ? new Date(outside.clock.now()) : null };
  });
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
