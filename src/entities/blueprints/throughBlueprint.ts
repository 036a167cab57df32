import { reachesBlueprint } from "../../access/policy.ts";
import type { Database } from "../../platform/database/database.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { ReachedBlueprint, Reader } from "../reach.ts";
import type { StoredBlueprint } from "./blueprintStore.ts";
import { noBlueprint, reachedBy, requireBlueprint } from "./saveBlueprints.ts";

const mostRemembered = 500;
/** The blueprints that this process, which has one database, read last, as they were then; by tenant and key. */
const rememberedOf = new WeakMap<object, Map<string, StoredBlueprint>>();

/**
 * What `find` finds through `blueprintFor`. A blueprint that this process remembers is tried at once, as a guess of which the statements of `entityStore`
 * ask whether it still is so: one round trip in place of two. Where nothing is found so, the blueprint is read, and it is looked for again.
 */
export async function throughBlueprint<Found>(
  { database }: { database: Pick<Database, "forTenant"> },
  by: Reader,
  permission: "entities.read" | "entities.change",
  key: string,
  find: (blueprint: ReachedBlueprint) => Promise<Found | undefined>,
): Promise<{ blueprint: ReachedBlueprint; found: Found | undefined }> {
  const remembered = rememberedOf.get(database) ?? new Map<string, StoredBlueprint>();
  rememberedOf.set(database, remembered);
  const name = `${by.tenant} ${key}`;
  if (!reachesBlueprint(by, permission, key)) throw noBlueprint();
  const stored = remembered.get(name);
  const guess = stored && reachedBy(by, permission, stored);
  if (guess !== undefined) {
    const blueprint = { ...guess, isGuess: true };
    const found = await find(blueprint).catch(unlessRefused);
    if (found !== undefined) return { blueprint, found };
  }
  const read = { ...(await requireBlueprint({ database }, by.tenant, key)), otherVersions: new Map(), people: new Map() };
  remember(remembered, name, read);
  const blueprint = reachedBy(by, permission, read);
  if (blueprint === undefined) throw noBlueprint();
  return { blueprint, found: await find(blueprint) };
}

/** A guess may ask for a field that isn't there any more. */
function unlessRefused(error: unknown): undefined {
  if (error instanceof Refusal && error.code !== "unavailable") return undefined;
  throw error;
}

function remember(remembered: Map<string, StoredBlueprint>, name: string, stored: StoredBlueprint): void {
  remembered.delete(name);
  remembered.set(name, stored);
  for (const oldest of remembered.keys()) if (remembered.size > mostRemembered) remembered.delete(oldest);
}
