import { announceAccessChange } from "../../access/accessChanges.ts";
import { actorOf, audit } from "../../access/audit/audit.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import { forgetGivenUp } from "../../files/forgetFiles.ts";
import type { Sql, TenantSql } from "../../platform/database/database.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { StoredBlueprint } from "../blueprints/blueprintStore.ts";
import { type BlueprintOutside, blueprintFor, blueprintsSubject, requireBlueprint } from "../blueprints/saveBlueprints.ts";
import { titleOf } from "../entityBlocks.ts";
import type { Doing } from "../entityStore.ts";
import { fieldsOf, requireEntity, viewOf } from "../findEntities.ts";
import { requireWhole } from "../reachWrites.ts";
import { countReferring, type Emptied, emptyReferences } from "../relations/relationStore.ts";
import type { EntityOutside } from "../rewriteEntity.ts";
import { told } from "../sentences/sentences.ts";
import { tellOfEntities } from "../tellEntities.ts";
import { countOfBlueprint, deleteBlueprint, type Gone, purgeSomeEntities, purgeTrashedEntity } from "./trashStore.ts";

/** What would be gone for good. Refusals: `not_found`, `conflict` where the blueprint isn't in the trash. */
export async function planPurge(
  { database }: Pick<BlueprintOutside, "database">,
  tenant: string,
  key: string,
): Promise<{ entities: number; changes: number; versions: number; referring: number }> {
  const blueprint = await requireTrashed({ database }, tenant, key);
  const sql = database.forTenant(tenant);
  const referring = await countReferring(sql, blueprint.id);
  return { ...(await countOfBlueprint(sql, blueprint.id)), versions: blueprint.latest, referring };
}

/** Takes a blueprint in the trash away for good, with its entities, their history and its versions, some at a time; whoever asks again goes on. */
export async function purgeBlueprint(
  { database, bus, files, clock }: BlueprintOutside,
  by: AccountPrincipal,
  key: string,
  { signal, progress }: { signal: AbortSignal; progress: (gone: number) => void },
): Promise<number> {
  const { id } = await requireTrashed({ database }, by.tenant, key);
  const sql = database.forTenant(by.tenant);
  let gone = 0;
  for (let some = 1; some > 0; ) {
    if (signal.aborted)
      throw new Refusal(
        "conflict",
        told((say) => say.purgeStopped(gone)),
      );
    const doing = { by: by.account, at: new Date(clock.now()) };
    const { emptied, ...went } = await goneFor(sql, doing, (tx) => purgeSomeEntities(tx, id));
    tellOfEmptied({ bus }, by.tenant, emptied);
    await forgetGivenUp({ database, files }, by.tenant, went.files);
    some = went.entities;
    gone += some;
    progress(gone);
  }
  await sql.transaction(async (tx) => {
    if (!(await deleteBlueprint(tx, id)))
      throw new Refusal(
        "conflict",
        told((say) => say.restoredMeanwhile),
      );
    const object = { kind: "blueprint", id: key };
    await audit(tx, { tenant: by.tenant, actor: actorOf(by), action: "blueprint.purge", object, detail: { entities: String(gone) } });
  });
  bus.publish(blueprintsSubject(by.tenant), {});
  // Roles that named it don't any more.
  announceAccessChange({ bus }, [by.tenant]);
  return gone;
}

/** Takes an entity in the trash away for good, with its history. Refusals: `not_found`, `conflict` where it isn't there. */
export async function purgeEntity(outside: EntityOutside, by: AccountPrincipal, key: string, wanted: string): Promise<string> {
  const blueprint = await blueprintFor(outside, by, "entities.change", key);
  const sql = outside.database.forTenant(by.tenant);
  const entity = await requireEntity(sql, blueprint, wanted);
  requireWhole(blueprint, entity);
  const doing = { by: by.account, at: new Date(outside.clock.now()) };
  const { emptied, ...went } = await goneFor(sql, doing, (tx) => purgeTrashedEntity(tx, blueprint.id, entity.id));
  tellOfEmptied(outside, by.tenant, emptied);
  if (went.entities === 0)
    throw new Refusal(
      "conflict",
      told((say) => say.notTrashed),
      { path: "id" },
    );
  await forgetGivenUp(outside, by.tenant, went.files);
  tellOfEntities(outside, by.tenant, blueprint, [entity]);
  const fields = await fieldsOf(sql, blueprint, entity);
  return titleOf(fields, viewOf(blueprint, fields, entity));
}

/** What would be gone with an entity, as its plan says it. Refusals as `purgeEntity`. */
export async function planEntityPurge(
  outside: Pick<EntityOutside, "database">,
  by: AccountPrincipal,
  key: string,
  wanted: string,
): Promise<{ title: string; referring: number }> {
  const blueprint = await blueprintFor(outside, by, "entities.change", key);
  const sql = outside.database.forTenant(by.tenant);
  const entity = await requireEntity(sql, blueprint, wanted);
  if (entity.trashedAt === null)
    throw new Refusal(
      "conflict",
      told((say) => say.notTrashed),
      { path: "id" },
    );
  const fields = await fieldsOf(sql, blueprint, entity);
  return { title: titleOf(fields, viewOf(blueprint, fields, entity)), referring: await countReferring(sql, blueprint.id, entity.id) };
}

/** Takes entities away, and out of the relations of others, or neither. */
async function goneFor(sql: TenantSql, doing: Doing, purge: (tx: Sql) => Promise<Gone>): Promise<Gone & { emptied: Emptied[] }> {
  return await sql.transaction(async (tx) => {
    const gone = await purge(tx);
    return { ...gone, emptied: gone.ids.length === 0 ? [] : await emptyReferences(tx, gone.ids, doing) };
  });
}

function tellOfEmptied(outside: Pick<EntityOutside, "bus">, tenant: string, emptied: readonly Emptied[]): void {
  for (const key of new Set(emptied.map(({ blueprint }) => blueprint)))
    tellOfEntities(
      outside,
      tenant,
      { key },
      emptied.filter(({ blueprint }) => blueprint === key),
    );
}

async function requireTrashed(outside: Pick<BlueprintOutside, "database">, tenant: string, key: string): Promise<StoredBlueprint> {
  const blueprint = await requireBlueprint(outside, tenant, key);
  if (blueprint.trashedAt === null)
    throw new Refusal(
      "conflict",
      told((say) => say.blueprintNotTrashed(key, "blueprint.delete")),
      { path: "blueprint" },
    );
  return blueprint;
}
