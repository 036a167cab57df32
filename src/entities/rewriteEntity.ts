import type { AccountPrincipal } from "../access/principal.ts";
import type { Platform } from "../platform/platform.ts";
import type { EntityView, Field } from "../protocol/blueprints.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { StoredBlueprint } from "./blueprints/blueprintStore.ts";
import { blueprintFor, inTrash } from "./blueprints/saveBlueprints.ts";
import { type ChangedEntity, changeEntity, type StoredEntity, type TakenValue } from "./entityStore.ts";
import { fieldsOf, requireEntity, viewOf } from "./findEntities.ts";
import { uniqueOf, without } from "./uniqueValues.ts";
import { changedValues, differingFields, type StoredValues, type WrittenValues } from "./values.ts";

export type EntityOutside = Pick<Platform, "database" | "bus" | "clock">;

/** An entity as it was read, with the fields of the version that it fits. */
export interface SeenEntity {
  blueprint: StoredBlueprint;
  entity: StoredEntity;
  fields: readonly Field[];
}

/** What shall become of it. */
export type Rewritten = Pick<ChangedEntity, "kind" | "content" | "trashedAt">;

const attempts = 5;

/**
 * Reads an entity, lets `decide` say what becomes of it, and writes that with its line in the history; where somebody was faster, once more. Refusals:
 * `not_found`, `conflict`, and those of `decide`.
 */
export async function rewriteEntity(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  decide: (seen: SeenEntity) => Rewritten | Promise<Rewritten>,
): Promise<EntityView> {
  const blueprint = await requireUsable(outside, by, key);
  const sql = outside.database.forTenant(by.tenant);
  for (let tries = 0; tries < attempts; tries++) {
    const entity = await requireEntity(sql, blueprint, wanted);
    const seen = { blueprint, entity, fields: await fieldsOf(sql, blueprint, entity) };
    const rewritten = await write(outside, by, seen, await decide(seen));
    if (rewritten !== undefined) return rewritten;
  }
  throw new Refusal("conflict", "Others changed it at the same moment; look at it again.");
}

/**
 * Writes what stood there before, where nothing was changed since `seen`: a flow's state, too. Refusals: `not_found`, `stale`, and `conflict` for a value
 * that another has now.
 */
export async function putBack(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  { values, seen }: { values: WrittenValues; seen: number },
): Promise<EntityView> {
  return await rewriteEntity(outside, by, key, wanted, ({ entity, fields }) => {
    refuseTrashed(entity);
    if (entity.version !== seen) throw new Refusal("stale", "It was changed since then.", { current: { version: entity.version } });
    return { kind: "change", content: changedValues(fields, entity.content, values), trashedAt: null };
  });
}

/** Undefined where somebody was faster. */
async function write(
  outside: EntityOutside,
  by: AccountPrincipal,
  { blueprint, entity, fields }: SeenEntity,
  { kind, content, trashedAt }: Rewritten,
): Promise<EntityView | undefined> {
  const differing = differingFields(fields, entity.content, content);
  if (kind === "change" && differing.length === 0) return viewOf(blueprint.key, fields, entity);
  const had = kind === "restore" ? [] : uniqueOf(fields, entity.content);
  const has = kind === "trash" ? [] : uniqueOf(fields, content);
  const at = new Date(outside.clock.now());
  const outcome = await changeEntity(
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
  tellOfEntities(outside, by.tenant, blueprint, [entity]);
  return viewOf(blueprint.key, fields, { ...entity, content, version: entity.version + 1, changedAt: at, changedBy: by.name, trashedAt });
}

/** The blueprint, for whoever wants to change entities of it. Refusals: `not_found`, `conflict` where it is in the trash. */
export async function requireUsable(outside: EntityOutside, by: AccountPrincipal, key: string): Promise<StoredBlueprint> {
  const blueprint = await blueprintFor(outside, by, "entities.change", key);
  if (blueprint.trashedAt !== null) throw inTrash(key);
  return blueprint;
}

export function refuseTrashed({ trashedAt }: Pick<StoredEntity, "trashedAt">): void {
  if (trashedAt !== null) throw new Refusal("conflict", "It is in the trash; restore it first.", { path: "id" });
}

function only(fields: readonly Field[], content: StoredValues): StoredValues {
  const ids = new Set(fields.map(({ id }) => id));
  return Object.fromEntries(Object.entries(content).filter(([id]) => ids.has(id)));
}

/** That another has a value that is unique. */
export function takenRefusal(fields: readonly Field[], { field: id, value, entity }: TakenValue, path: string): Refusal {
  const field = fields.find((one) => one.id === id);
  const message =
    entity === undefined
      ? `"${field?.name}" must be unique, and "${value}" stands there twice.`
      : `"${field?.name}" must be unique, and another has "${value}".`;
  return new Refusal("conflict", message, { path: `${path}.${field?.key}`, ...(entity === undefined ? {} : { current: { id: entity } }) });
}

/** Told to whoever watches the entities of a blueprint. */
export function entitiesSubject(tenant: string, blueprint: string): string {
  return `tenant.${tenant}.entities.${blueprint}`;
}

export function tellOfEntities(
  { bus }: Pick<EntityOutside, "bus">,
  tenant: string,
  { key }: StoredBlueprint,
  entities: readonly { id: string }[],
): void {
  bus.publish(entitiesSubject(tenant, key), { ids: entities.slice(0, mostTold).map(({ id }) => id) });
}

/** Who watches reads the list again when there are more. */
export const mostTold = 100;
