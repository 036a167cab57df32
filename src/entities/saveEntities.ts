import { v7 as newId } from "uuid";
import type { AccountPrincipal } from "../access/principal.ts";
import { holdingFiles } from "../files/holdingFiles.ts";
import type { TenantSql } from "../platform/database/database.ts";
import type { EntityView, Field } from "../protocol/blueprints.ts";
import { ownValue } from "../protocol/ownValue.ts";
import { Refusal } from "../protocol/refusal.ts";
import { shownShort } from "../protocol/sentence.ts";
import { type StoredBlueprint, takeNumbers } from "./blueprints/blueprintStore.ts";
import { listChanges } from "./changeStore.ts";
import { insertEntities, type StoredEntity } from "./entityStore.ts";
import { fieldKinds } from "./fields/fieldKinds.ts";
import { inFirstState, refuseState } from "./flow/flow.ts";
import { momentOf } from "./moment.ts";
import { findNamed } from "./named/findNamed.ts";
import { newFiles, referencesOf } from "./named/namedIds.ts";
import { viewsOf } from "./named/nameValues.ts";
import { fieldsOn, type ReachedBlueprint, seesField, withSeenConditions } from "./reach.ts";
import { requireWhole, requireWithin, requireWritable, standingIn, takenRefusal, writtenFields } from "./reachWrites.ts";
import { type EntityOutside, type Rewritten, refuseTrashed, requireUsable, rewriteEntity, type SeenEntity } from "./rewriteEntity.ts";
import { told } from "./sentences/sentences.ts";
import { tellOfEntities } from "./tellEntities.ts";
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
  const writes = items.map((written, index) => writtenFields(blueprint, fields, written, pathOf(index)));
  const moment = await momentOf(
    outside,
    by,
    fields.some((field) => field.type === "date" && isMoment(field)),
  );
  const found = await findNamed(
    outside,
    by,
    fields,
    items.map((values, index) => ({ values, path: pathOf(index) })),
  );
  const told = withSeenConditions(blueprint.reach, fields);
  const checked = found.map((written, index) =>
    hiding(blueprint, pathOf(index), () =>
      newValues(told, inFirstState(blueprint.definition, written, pathOf(index)), moment, pathOf(index)),
    ),
  );
  const at = new Date(clock.now());
  const begun = {
    blueprintVersion: blueprint.number,
    version: 1,
    createdAt: at,
    createdBy: by.name,
    createdById: by.account,
    changedAt: at,
    changedBy: by.name,
    changedById: by.account,
    trashedAt: null,
    parts: null,
    changeParts: null,
  };
  const within = async (contents: readonly StoredValues[]) =>
    await standingIn(
      sql,
      blueprint,
      contents.map((content) => ({ id: newId(), content, ...begun })),
    );
  // Before any number is given: a refusal takes none.
  for (const [index, one] of (await within(checked)).entries())
    requireWithin(blueprint, fields, one, writes[index] ?? new Set(), pathOf(index));
  const standing = await within(await withNumbers(sql, blueprint, checked));
  const entities = standing.map(({ id, content }) => ({
    id,
    content,
    unique: uniqueOf(fields, content),
    references: referencesOf(fields, content),
  }));
  const taken = await holdingFiles(
    outside,
    { tenant: by.tenant, blueprint: key, by: by.account },
    entities.flatMap(({ id, content }) => newFiles(fields, id, content, {})),
    () => insertEntities(sql, { id: blueprint.id, version: blueprint.number }, entities, { by: by.account, at }),
    (refused) => refused === undefined,
  );
  if (taken !== undefined) {
    const item = entities.findLastIndex(({ unique }) => unique.some((one) => one.field === taken.field && one.value === taken.value));
    const seen = fieldsOn(blueprint.reach, fields, standing[item]?.parts ?? null);
    throw await takenRefusal(sql, blueprint, seen, taken, pathOf(Math.max(0, item)));
  }
  tellOfEntities(outside, by.tenant, blueprint, entities);
  return await viewsOf(
    outside,
    by,
    blueprint,
    standing.map((entity) => ({ entity, fields })),
  );
}

/** Whether values could be those of a new entity. Refusals as `createEntities`, but for what others have. */
export async function checkEntity(outside: EntityOutside, by: AccountPrincipal, key: string, written: WrittenValues): Promise<void> {
  const blueprint = await requireUsable(outside, by, key);
  const { definition } = blueprint;
  writtenFields(blueprint, definition.fields, written, "values");
  const [values = written] = await findNamed(outside, by, definition.fields, [{ values: written, path: "values" }]);
  const moment = await momentOf(outside, by, false);
  const fields = withSeenConditions(blueprint.reach, definition.fields);
  hiding(blueprint, "values", () => newValues(fields, inFirstState(definition, values, "values"), moment));
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
    const written = requireWritable(blueprint, fields, entity, values);
    if (seen !== undefined) await refuseOverlap(sql, blueprint, { entity, fields, written: values, seen });
    refuseState(blueprint.definition, fields, entity.content, values);
    const [found = values] = await findNamed(outside, by, fields, [{ values, before: entity, path: "values" }]);
    const told = withSeenConditions(blueprint.reach, fields);
    return { kind: "change", content: changedValues(told, entity.content, found), trashedAt: null, written };
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
  return await rewriteEntity(outside, by, key, wanted, ({ blueprint, entity, fields }) => {
    refuseTrashed(entity);
    const field = fieldsOn(blueprint.reach, fields, entity.parts).find((one) => one.key === named);
    const add = field === undefined ? undefined : fieldKinds[field.type].add;
    if (field === undefined || add === undefined)
      throw new Refusal(
        "invalid_value",
        told((say) => say.noCounting(shownShort(named))),
        { path: "field" },
      );
    const written = requireWritable(blueprint, fields, entity, { [field.key]: more });
    const value = fieldKinds[field.type].read(add(ownValue(entity.content, field.id), more), field, "by");
    return { kind: "change", content: { ...entity.content, [field.id]: value }, trashedAt: null, written };
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
  return await rewriteEntity(outside, by, key, wanted, (seen) => movedTo(seen, kind, new Date(outside.clock.now())));
}

/** Refusals: `forbidden` for who may write a part of it only, `conflict` where it is there already. */
export function movedTo({ blueprint, entity }: SeenEntity, kind: "trash" | "restore", at: Date): Rewritten {
  requireWhole(blueprint, entity);
  if ((entity.trashedAt !== null) === (kind === "trash"))
    throw new Refusal(
      "conflict",
      told((say) => (kind === "trash" ? say.trashedAlready : say.notTrashed)),
      { path: "id" },
    );
  return { kind, content: entity.content, written: new Set(), trashedAt: kind === "trash" ? at : null };
}

/** Somebody who saw an older version may still change what nobody changed since. */
async function refuseOverlap(
  sql: TenantSql,
  blueprint: ReachedBlueprint,
  { entity, fields, written, seen }: { entity: StoredEntity; fields: readonly Field[]; written: WrittenValues; seen: number },
): Promise<void> {
  if (seen === entity.version) return;
  const since = seen > entity.version ? [] : await listChanges(sql, blueprint.id, entity.id, { newerThan: seen, limit: 1000 });
  const changed = new Set(since.flatMap(({ before, after }) => [...Object.keys(before), ...Object.keys(after)]));
  const both = fields.filter(({ id, key }) => changed.has(id) && ownValue(written, key) !== undefined);
  if (seen < entity.version && both.length === 0) return;
  const [last] = since;
  const names = both.map(({ name }) => `"${name}"`).join(", ");
  throw new Refusal(
    "stale",
    told((say) => say.changedSince(last?.by ?? undefined, names)),
    {
      path: both[0] === undefined ? "version" : `values.${both[0].key}`,
      current: { version: entity.version, values: shownValues(fieldsOn(blueprint.reach, fields, entity.parts), entity.content) },
    },
  );
}

/** What is wrong with a field that they don't see is told without it. */
function hiding<Result>({ reach, definition }: ReachedBlueprint, path: string, check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    const field = error instanceof Refusal ? definition.fields.find(({ key }) => error.path === `${path}.${key}`) : undefined;
    if (field === undefined || seesField(reach, field)) throw error;
    throw new Refusal(
      "forbidden",
      told((say) => say.needsMore(definition.name)),
      { path },
    );
  }
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
