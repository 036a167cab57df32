import type { Platform } from "../platform/platform.ts";
import type { StoredBlueprint } from "./blueprints/blueprintStore.ts";

/** Told to whoever watches the entities of a blueprint. */
export function entitiesSubject(tenant: string, blueprint: string): string {
  return `tenant.${tenant}.entities.${blueprint}`;
}

export function tellOfEntities(
  { bus }: Pick<Platform, "bus">,
  tenant: string,
  { key }: Pick<StoredBlueprint, "key">,
  entities: readonly { id: string }[],
): void {
  bus.publish(entitiesSubject(tenant, key), { ids: entities.slice(0, mostTold).map(({ id }) => id) });
}

/** Who watches reads the list again when there are more. */
export const mostTold = 100;
