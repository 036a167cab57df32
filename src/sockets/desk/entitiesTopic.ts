import type { AccountPrincipal } from "../../access/principal.ts";
import { blueprintFor, blueprintsSubject } from "../../entities/blueprints/saveBlueprints.ts";
import { entitiesSubject, mostTold } from "../../entities/rewriteEntity.ts";
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
  await blueprintFor({ database }, principal, "entities.read", blueprint);
  const topic = `entities:${blueprint}`;
  const changed = new Set<string>();
  let all = false;
  let number = 0;
  let cancel: (() => void) | undefined;

  const tell = () => {
    cancel = undefined;
    number += 1;
    if (all || changed.size >= mostTold) watcher.send(snapshotFrame(topic, `${number}`, []));
    else {
      const items = [...changed].map((id): EntityTold => ({ kind: "entity", id }));
      watcher.send(deltaFrame(topic, `${number}`, items));
    }
    changed.clear();
    all = false;
  };
  const tellSoon = () => {
    cancel ??= clock.after(gatherMs, tell);
  };
  const tellAll = () => {
    all = true;
    tellSoon();
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
    for (const end of endings) end();
  };
}

function idsIn(data: unknown): string[] {
  const ids: unknown = typeof data === "object" && data !== null && "ids" in data ? data.ids : [];
  return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === "string") : [];
}
