import { actorOf, audit } from "../../access/audit/audit.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { StoredBlueprint } from "../blueprints/blueprintStore.ts";
import { type BlueprintOutside, blueprintFor, blueprintsSubject, requireBlueprint } from "../blueprints/saveBlueprints.ts";
import { titleOf } from "../entityBlocks.ts";
import { fieldsOf, requireEntity, viewOf } from "../findEntities.ts";
import { type EntityOutside, tellOfEntities } from "../rewriteEntity.ts";
import { countOfBlueprint, deleteBlueprint, purgeSomeEntities, purgeTrashedEntity } from "./trashStore.ts";

/** What would be gone for good. Refusals: `not_found`, `conflict` where the blueprint isn't in the trash. */
export async function planPurge(
  { database }: Pick<BlueprintOutside, "database">,
  tenant: string,
  key: string,
): Promise<{ entities: number; changes: number; versions: number }> {
  const blueprint = await requireTrashed({ database }, tenant, key);
  return { ...(await countOfBlueprint(database.forTenant(tenant), blueprint.id)), versions: blueprint.latest };
}

/** Takes a blueprint in the trash away for good, with its entities, their history and its versions, some at a time; whoever asks again goes on. */
export async function purgeBlueprint(
  { database, bus }: BlueprintOutside,
  by: AccountPrincipal,
  key: string,
  { signal, progress }: { signal: AbortSignal; progress: (gone: number) => void },
): Promise<number> {
  const { id } = await requireTrashed({ database }, by.tenant, key);
  const sql = database.forTenant(by.tenant);
  let gone = 0;
  for (let some = 1; some > 0; ) {
    if (signal.aborted) throw new Refusal("conflict", `Stopped: ${gone} are gone; running it again takes the rest.`);
    some = await purgeSomeEntities(sql, id);
    gone += some;
    progress(gone);
  }
  await sql.transaction(async (tx) => {
    if (!(await deleteBlueprint(tx, id))) throw new Refusal("conflict", "Somebody restored it meanwhile; what is gone is gone.");
    const object = { kind: "blueprint", id: key };
    await audit(tx, { tenant: by.tenant, actor: actorOf(by), action: "blueprint.purge", object, detail: { entities: String(gone) } });
  });
  bus.publish(blueprintsSubject(by.tenant), {});
  return gone;
}

/** Takes an entity in the trash away for good, with its history. Refusals: `not_found`, `conflict` where it isn't there. */
export async function purgeEntity(outside: EntityOutside, by: AccountPrincipal, key: string, wanted: string): Promise<string> {
  const blueprint = await blueprintFor(outside, by, "entities.change", key);
  const sql = outside.database.forTenant(by.tenant);
  const entity = await requireEntity(sql, blueprint, wanted);
  if (!(await purgeTrashedEntity(sql, blueprint.id, entity.id))) throw new Refusal("conflict", "It is not in the trash.", { path: "id" });
  tellOfEntities(outside, by.tenant, blueprint, [entity]);
  const fields = await fieldsOf(sql, blueprint, entity);
  return titleOf(fields, viewOf(key, fields, entity));
}

async function requireTrashed(outside: Pick<BlueprintOutside, "database">, tenant: string, key: string): Promise<StoredBlueprint> {
  const blueprint = await requireBlueprint(outside, tenant, key);
  if (blueprint.trashedAt === null)
    throw new Refusal("conflict", `"${key}" is not in the trash; "blueprint.delete" puts it there.`, { path: "blueprint" });
  return blueprint;
}
