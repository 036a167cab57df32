import { v7 as newId } from "uuid";
import { actorOf, audit } from "../../access/audit/audit.ts";
import { reachesBlueprint } from "../../access/policy.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { Commands } from "../../commands/registry.ts";
import type { Database, Sql } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import type { BlueprintView } from "../../protocol/blueprints.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { shownShort } from "../../protocol/sentence.ts";
import { type BlueprintDraft, checkBlueprint } from "../blueprint.ts";
import { leaveNoState, type Moved } from "../flow/leftStates.ts";
import { requireStartable } from "../flow/requireStartable.ts";
import { announceIndexes, askForIndexes } from "../indexes/keepFieldIndexes.ts";
import { nothing, type ReachedBlueprint, type Reader, reachOf, seenDefinition } from "../reach.ts";
import { readAround } from "../relations/relatedBlueprints.ts";
import { toldOf, wrong } from "../sentences/definitions/sentences.ts";
import { tellOfEntities } from "../tellEntities.ts";

import { addVersion, findBlueprint, insertBlueprint, lockBlueprint, type StoredBlueprint, saveTrashed } from "./blueprintStore.ts";

export interface BlueprintOutside extends Pick<Platform, "database" | "bus" | "clock" | "files"> {
  /** Those that have their names already: fresh. */
  commands: (tenant: string) => Promise<Commands>;
}

/** Told to every process when a tenant's blueprints changed. */
export function blueprintsSubject(tenant: string): string {
  return `tenant.${tenant}.blueprints`;
}

const keyShape = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const longestKey = 40;

/** Makes a blueprint: from now on it has entities, and commands of its own. Refusals: `invalid_value` with the path, `conflict` for a key that is taken. */
export async function createBlueprint(
  outside: BlueprintOutside,
  by: AccountPrincipal,
  { key, ...draft }: BlueprintDraft & { key: string },
): Promise<StoredBlueprint> {
  if (key.length > longestKey || !keyShape.test(key)) throw wrong("key", (say) => say.noBlueprintKey(shownShort(key)));
  const taken = (await outside.commands(by.tenant)).all().find(({ name }) => name === key || name.startsWith(`${key}.`));
  if (taken !== undefined)
    throw new Refusal(
      "conflict",
      toldOf((say) => say.commandAlready(taken.name, key)),
      {
        path: "key",
      },
    );
  const around = await readAround(outside.database.forTenant(by.tenant), by, { key, fields: draft.fields, before: [] });
  const { definition, nextField } = checkBlueprint(draft, { fields: [] }, 1, around);
  await requireStartable(outside.commands, by, definition);
  await change(outside, by, "blueprint.create", { key }, async (tx, at) => {
    const version = { id: newId(), number: 1, definition, nextField, by: by.account, at };
    if (!(await insertBlueprint(tx, { key, ...version })))
      throw new Refusal(
        "conflict",
        toldOf((say) => say.blueprintAlready(key)),
        { path: "key" },
      );
    await askForIndexes(tx, version.id, undefined, definition);
  });
  return await requireBlueprint(outside, by.tenant, key);
}

/**
 * Makes a new version: entities stay as they are, those to come fit it; whoever is in a state that the flow has no more goes on where `moved` says.
 * `seen` is the version that was changed. Refusals: `not_found`, `invalid_value`, `stale` with who was first, `conflict` with the states that were left out.
 */
export async function changeBlueprint(
  outside: BlueprintOutside,
  by: AccountPrincipal,
  key: string,
  { seen, moved = {}, ...changes }: Partial<BlueprintDraft> & { seen?: number; moved?: Moved },
): Promise<StoredBlueprint> {
  const before = await requireBlueprint(outside, by.tenant, key);
  const { name, fields } = before.definition;
  const draft = { name, fields, ...changes };
  const around = await readAround(outside.database.forTenant(by.tenant), by, { key, fields: draft.fields, before: fields });
  const { definition, nextField } = checkBlueprint(draft, before.definition, before.nextField, around);
  await requireStartable(outside.commands, by, definition, before.definition);
  let gone: { id: string }[] = [];
  await change(outside, by, "blueprint.update", { key }, async (tx, at) => {
    const held = await heldBlueprint(tx, key);
    if (held.trashedAt !== null) throw inTrash(key);
    if (held.latest !== (seen ?? before.latest) || held.latest !== before.latest)
      throw new Refusal(
        "stale",
        toldOf((say) => say.savedFirst(held.changedBy ?? undefined, held.latest)),
        {
          path: "version",
          current: { version: held.latest },
        },
      );
    gone = await leaveNoState(tx, { id: held.id, before: before.definition, after: definition }, moved, { by: by.account, at });
    await addVersion(tx, { id: held.id, number: held.latest + 1, definition, nextField, by: by.account, at });
    await askForIndexes(tx, held.id, before.definition, definition);
  });
  if (gone.length > 0) tellOfEntities(outside, by.tenant, before, gone);
  return await requireBlueprint(outside, by.tenant, key);
}

/** Into the trash: its entities stay readable, and nothing more can be done with them. Refusals: `not_found`, `conflict` where it is there already. */
export async function trashBlueprint(outside: BlueprintOutside, by: AccountPrincipal, key: string): Promise<StoredBlueprint> {
  await change(outside, by, "blueprint.delete", { key }, async (tx, at) => {
    const held = await heldBlueprint(tx, key);
    if (held.trashedAt !== null) throw inTrash(key);
    await saveTrashed(tx, held.id, at, by.account, at);
  });
  return await requireBlueprint(outside, by.tenant, key);
}

/** Out of the trash again, with everything that belongs to it. Refusals: `not_found`, `conflict` where it isn't there. */
export async function restoreBlueprint(outside: BlueprintOutside, by: AccountPrincipal, key: string): Promise<StoredBlueprint> {
  await change(outside, by, "blueprint.restore", { key }, async (tx, at) => {
    const held = await heldBlueprint(tx, key);
    if (held.trashedAt === null)
      throw new Refusal(
        "conflict",
        toldOf((say) => say.blueprintNotTrashed(key)),
      );
    await saveTrashed(tx, held.id, null, by.account, at);
  });
  return await requireBlueprint(outside, by.tenant, key);
}

/** With its latest version, or the one that is named. Refusal `not_found`. */
export async function requireBlueprint(
  { database }: { database: Pick<Database, "forTenant"> },
  tenant: string,
  key: string,
  version?: number,
): Promise<StoredBlueprint> {
  return (await findBlueprint(database.forTenant(tenant), key, version)) ?? raiseNotFound(version);
}

/**
 * The one way to a blueprint's entities, for whoever may read or change some: with what of them they reach (`EntityReach`). To be read its definition
 * is what they may see of it, to be changed it is whole. What their roles don't name is not looked for: it answers as what isn't there, and as late. Refusal `not_found`.
 */
export async function blueprintFor(
  outside: { database: Pick<Database, "forTenant"> },
  by: Reader,
  permission: "entities.read" | "entities.change",
  key: string,
  version?: number,
): Promise<ReachedBlueprint> {
  if (!reachesBlueprint(by, permission, key)) throw noBlueprint(version);
  return reachedBy(by, permission, await requireBlueprint(outside, by.tenant, key, version)) ?? raiseNotFound(version);
}

/** Undefined where they reach nothing of it. */
export function reachedBy(
  by: Reader,
  permission: "entities.read" | "entities.change",
  stored: StoredBlueprint,
): ReachedBlueprint | undefined {
  const reach = reachOf(by, "entities.read", stored);
  if (permission === "entities.read") return reach && { ...stored, definition: seenDefinition(reach, stored.definition), reach };
  const changes = reachOf(by, "entities.change", stored);
  return changes && { ...stored, reach: reach ?? nothing, changes };
}

/** The same as whoever asks may know it: whole for who makes blueprints. Refusal `not_found`. */
export async function blueprintShown(
  outside: { database: Pick<Database, "forTenant"> },
  by: AccountPrincipal,
  key: string,
  version?: number,
): Promise<StoredBlueprint> {
  if (!reachesBlueprint(by, "entities.read", key)) throw noBlueprint(version);
  return shownTo(by, await requireBlueprint(outside, by.tenant, key, version)) ?? raiseNotFound(version);
}

/** Undefined where it isn't theirs to know of. */
export function shownTo(by: AccountPrincipal, blueprint: StoredBlueprint): StoredBlueprint | undefined {
  const reach = reachOf(by, "entities.read", blueprint);
  if (reach === undefined) return undefined;
  return by.permissions.has("blueprints.manage") ? blueprint : { ...blueprint, definition: seenDefinition(reach, blueprint.definition) };
}

export function inTrash(key: string): Refusal {
  return new Refusal(
    "conflict",
    toldOf((say) => say.blueprintTrashed(key)),
  );
}

export function viewOfBlueprint({ key, definition, number, latest, trashedAt, changedBy, changedAt }: StoredBlueprint): BlueprintView {
  return {
    key,
    ...definition,
    version: number,
    latest,
    trashedAt: trashedAt?.toISOString() ?? null,
    changedBy: changedBy ?? "somebody who left",
    changedAt: changedAt.toISOString(),
  };
}

/** A change and its entry in the audit, in one transaction; then every process hears that it happened. */
async function change(
  { database, bus, clock }: BlueprintOutside,
  by: AccountPrincipal,
  action: string,
  detail: Readonly<Record<string, string>>,
  work: (tx: Sql, at: Date) => Promise<void>,
): Promise<void> {
  await database.forTenant(by.tenant).transaction(async (tx) => {
    await work(tx, new Date(clock.now()));
    const object = { kind: "blueprint", id: String(detail["key"]) };
    await audit(tx, { tenant: by.tenant, actor: actorOf(by), action, object, detail });
  });
  bus.publish(blueprintsSubject(by.tenant), {});
  announceIndexes({ bus });
}

async function heldBlueprint(tx: Sql, key: string) {
  return (await lockBlueprint(tx, key)) ?? raiseNotFound(undefined);
}

function raiseNotFound(version: number | undefined): never {
  throw noBlueprint(version);
}

export function noBlueprint(version?: number): Refusal {
  return new Refusal(
    "not_found",
    toldOf((say) => (version === undefined ? say.noBlueprint : say.noVersion)),
  );
}
