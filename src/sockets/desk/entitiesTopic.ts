import type { AccountPrincipal } from "../../access/principal.ts";
import { blueprintFor, blueprintsSubject } from "../../entities/blueprints/saveBlueprints.ts";
import { reachedAmong } from "../../entities/entityStore.ts";
import { entitiesSubject, mostTold } from "../../entities/tellEntities.ts";
import type { Platform } from "../../platform/platform.ts";
import type { EntityTold } from "../../protocol/desk.ts";
import { deltaFrame, snapshotFrame, type Watcher } from "./topic.ts";

/** News of a burst are one frame. */
const gatherMs = 100;

/**
 * The topic `entities:<blueprint>`: which entities changed. What they are now, whoever shows them reads, by the filter that they look through.
 * A snapshot has none, and says that anything may have changed, the blueprint too. Refusal `not_found`. The answer ends it.
 */
export async function watchEntities(
  { database, bus, clock }: Pick<Platform, "database" | "bus" | "clock">,
  blueprint: string,
  principal: AccountPrincipal,
  watcher: Watcher,
): Promise<() => void> {
  const { tenant } = principal;
  const { reach } = await blueprintFor({ database }, principal, "entities.read", blueprint);
  const topic = `entities:${blueprint}`;
  const changed = new Set<string>();
  let all = false;
  let number = 0;
  let cancel: (() => void) | undefined;

  let ended = false;
  /** Of some, those that are theirs to see now: that one left them is seen when the page is read again. */
  const theirs = async (ids: readonly string[]) => {
    if (reach === "all") return ids;
    const reached = await blueprintFor({ database }, principal, "entities.read", blueprint);
    return await reachedAmong(database.forTenant(tenant), reached, ids);
  };
  const tell = async () => {
    cancel = undefined;
    const [ids, everything] = [[...changed], all || changed.size >= mostTold];
    changed.clear();
    all = false;
    const items = everything ? [] : (await theirs(ids)).map((id): EntityTold => ({ kind: "entity", id }));
    if (ended || (!everything && items.length === 0)) return;
    number += 1;
    watcher.send(everything ? snapshotFrame(topic, `${number}`, []) : deltaFrame(topic, `${number}`, items));
  };
  const tellSoon = () => {
    // What can't be asked for a moment may have been of any.
    cancel ??= clock.after(gatherMs, () => void tell().catch(tellAll));
  };
  const tellAll = () => {
    all = true;
    if (!ended) tellSoon();
  };
  const endings = [
    bus.subscribe(entitiesSubject(tenant, blueprint), ({ data }) => {
      for (const id of idsIn(data)) changed.add(id);
      tellSoon();
    }),
    bus.subscribe(blueprintsSubject(tenant), tellAll),
    // What the bus lost may have been of these.
    bus.onGap(tellAll),
    () => cancel?.(),
  ];
  watcher.send(snapshotFrame(topic, "0", []));
  return () => {
    ended = true;
    for (const end of endings) end();
  };
}

function idsIn(data: unknown): string[] {
  const ids: unknown = typeof data === "object" && data !== null && "ids" in data ? data.ids : [];
  return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === "string") : [];
}
