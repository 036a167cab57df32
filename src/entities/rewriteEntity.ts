import type { AccountPrincipal } from "../access/principal.ts";
import { holdingFiles } from "../files/holdingFiles.ts";
import { announceJobs } from "../platform/jobs/jobs.ts";
import type { Platform } from "../platform/platform.ts";
import type { EntityView, Field } from "../protocol/blueprints.ts";
import { ownValue } from "../protocol/ownValue.ts";
import { Refusal } from "../protocol/refusal.ts";
import { blueprintFor, inTrash } from "./blueprints/saveBlueprints.ts";
import { throughBlueprint } from "./blueprints/throughBlueprint.ts";
import { type ChangedEntity, changeEntity, listChanges } from "./changeStore.ts";
import type { StoredEntity } from "./entityStore.ts";
import { fieldsOf, raiseMissing, seekEntity } from "./findEntities.ts";
import { startKind } from "./flow/startKind.ts";
import { newFiles, referencesOf, unlike } from "./named/namedIds.ts";
import { type NamingOutside, viewOfOne } from "./named/nameValues.ts";
import { fieldsOn, type ReachedBlueprint } from "./reach.ts";
import { requireWithin, standingIn, takenRefusal } from "./reachWrites.ts";
import { told } from "./sentences/sentences.ts";
import { tellOfEntities } from "./tellEntities.ts";
import { uniqueOf, without } from "./uniqueValues.ts";
import { differingFields, type StoredValues } from "./values.ts";

export type EntityOutside = Pick<Platform, "database" | "bus" | "clock" | "files"> & Pick<NamingOutside, "fileAddresses">;

/** An entity as it was read, with the fields of the version that it fits. */
export interface SeenEntity {
  blueprint: ReachedBlueprint;
  entity: StoredEntity;
  fields: readonly Field[];
}

/** What shall become of it; of what somebody writes themselves, which fields (their ids). What a flow or what takes back writes is theirs who made it. */
export type Rewritten = Pick<ChangedEntity, "kind" | "content" | "trashedAt" | "starts"> & { written?: ReadonlySet<string> };

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
  const sql = outside.database.forTenant(by.tenant);
  for (let tries = 0; tries < attempts; tries++) {
    const { blueprint, found } = await throughBlueprint(outside, by, "entities.change", key, (through) => seekEntity(sql, through, wanted));
    requireKept(blueprint);
    const entity = found ?? raiseMissing(blueprint);
    const seen = { blueprint, entity, fields: await fieldsOf(sql, blueprint, entity) };
    const rewritten = await write(outside, by, seen, await decide(seen));
    if (rewritten !== undefined) return rewritten;
  }
  throw new Refusal(
    "conflict",
    told((say) => say.sameMoment),
  );
}

/**
 * Writes what stood there before the version `seen`, where nothing was changed since: a flow's state, too, and what whoever takes it back doesn't see.
 * Refusals: `not_found`, `stale`, `forbidden` for values that they may not write, and `conflict` for one that another has now.
 */
export async function putBack(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  { seen, wrote }: { seen: number; wrote: "values" | "flow" },
): Promise<EntityView> {
  const sql = outside.database.forTenant(by.tenant);
  return await rewriteEntity(outside, by, key, wanted, async ({ blueprint, entity, fields }) => {
    refuseTrashed(entity);
    const [line] = await listChanges(sql, blueprint.id, entity.id, { newerThan: seen - 1, limit: 1 });
    if (entity.version !== seen || line?.version !== seen)
      throw new Refusal(
        "stale",
        told((say) => say.changedSince(undefined, "")),
        { current: { version: entity.version } },
      );
    const { before, after } = line;
    const back = fields.filter(({ id }) => ownValue(before, id) !== undefined || ownValue(after, id) !== undefined);
    const content = { ...others(back, entity.content), ...only(back, before) };
    const written = new Set(back.map(({ id }) => id));
    if (wrote === "flow") return { kind: "change", content, trashedAt: null };
    requireWithin(blueprint, fields, entity, written, "values");
    return { kind: "change", content, trashedAt: null, written };
  });
}

/** Undefined where somebody was faster. */
async function write(
  outside: EntityOutside,
  by: AccountPrincipal,
  { blueprint, entity, fields }: SeenEntity,
  { kind, content, trashedAt, written, starts = [] }: Rewritten,
): Promise<EntityView | undefined> {
  const sql = outside.database.forTenant(by.tenant);
  const change = changeOf({ blueprint, entity, fields }, { kind, content, trashedAt, starts });
  if (change === undefined) return await viewOfOne(outside, by, blueprint, { entity, fields });
  const at = new Date(outside.clock.now());
  const changed = standingAfter(entity, { content, trashedAt }, { by, at });
  const [standing = changed] = await standingIn(sql, blueprint, [changed]);
  if (written !== undefined) requireWithin(blueprint, fields, standing, written, "values");
  const outcome = await holdingFiles(
    outside,
    { tenant: by.tenant, blueprint: blueprint.key, by: by.account },
    newFiles(fields, entity.id, content, entity.content),
    () => changeEntity(sql, blueprint.id, change, { by: by.account, at }),
    (isWritten) => isWritten === true,
  );
  if (typeof outcome !== "boolean")
    throw await takenRefusal(sql, blueprint, fieldsOn(blueprint.reach, fields, entity.parts), outcome, "values");
  if (!outcome) return undefined;
  tellOfEntities(outside, by.tenant, blueprint, [entity]);
  if (starts.length > 0) announceJobs(outside, startKind);
  return await viewOfOne(outside, by, blueprint, { entity: standing, fields });
}

/** What is written of an entity that shall become another; undefined where it is so already. */
export function changeOf({ entity, fields }: SeenEntity, { kind, content, trashedAt, starts = [] }: Rewritten): ChangedEntity | undefined {
  const differing = differingFields(fields, entity.content, content);
  if (kind === "change" && differing.length === 0 && starts.length === 0) return undefined;
  const had = kind === "restore" ? [] : uniqueOf(fields, entity.content);
  const has = kind === "trash" ? [] : uniqueOf(fields, content);
  return {
    id: entity.id,
    seen: entity.version,
    kind,
    content,
    trashedAt,
    before: only(differing, entity.content),
    after: only(differing, content),
    freed: without(had, has),
    taken: without(has, had),
    left: unlike(referencesOf(fields, entity.content), referencesOf(fields, content)),
    met: unlike(referencesOf(fields, content), referencesOf(fields, entity.content)),
    starts,
  };
}

/** As an entity stands once somebody has written this. */
export function standingAfter(
  entity: StoredEntity,
  { content, trashedAt }: Pick<StoredEntity, "content" | "trashedAt">,
  { by, at }: { by: AccountPrincipal; at: Date },
): StoredEntity {
  return { ...entity, content, trashedAt, version: entity.version + 1, changedAt: at, changedBy: by.name, changedById: by.account };
}

/** The blueprint, for whoever wants to change entities of it. Refusals: `not_found`, `conflict` where it is in the trash. */
export async function requireUsable(
  outside: Pick<EntityOutside, "database">,
  by: AccountPrincipal,
  key: string,
): Promise<ReachedBlueprint> {
  const blueprint = await blueprintFor(outside, by, "entities.change", key);
  requireKept(blueprint);
  return blueprint;
}

function requireKept({ key, trashedAt }: ReachedBlueprint): void {
  if (trashedAt !== null) throw inTrash(key);
}

export function refuseTrashed({ trashedAt }: Pick<StoredEntity, "trashedAt">): void {
  if (trashedAt !== null)
    throw new Refusal(
      "conflict",
      told((say) => say.restoreFirst),
      { path: "id" },
    );
}

function only(fields: readonly Field[], content: StoredValues): StoredValues {
  const ids = new Set(fields.map(({ id }) => id));
  return Object.fromEntries(Object.entries(content).filter(([id]) => ids.has(id)));
}

function others(fields: readonly Field[], content: StoredValues): StoredValues {
  const ids = new Set(fields.map(({ id }) => id));
  return Object.fromEntries(Object.entries(content).filter(([id]) => !ids.has(id)));
}
