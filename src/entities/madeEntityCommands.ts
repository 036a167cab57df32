import { keepTenantCommands } from "../commands/madeCommands.ts";
import type { TenantCommands } from "../commands/registry.ts";
import { listBlueprints } from "./blueprints/blueprintStore.ts";
import { blueprintsSubject } from "./blueprints/saveBlueprints.ts";
import { entityCommands } from "./entityCommands.ts";
import { transitionCommands } from "./flow/transitionCommands.ts";
import type { EntityOutside } from "./rewriteEntity.ts";

/** The commands of each tenant's blueprints, of those that aren't in the trash. */
export function createEntityCommands(outside: EntityOutside): TenantCommands & { stop(): void } {
  return keepTenantCommands(outside, blueprintsSubject("*"), async (tenant) => {
    const blueprints = await listBlueprints(outside.database.forTenant(tenant));
    return blueprints
      .filter(({ trashedAt }) => trashedAt === null)
      .flatMap((blueprint) => [...entityCommands(outside, blueprint), ...transitionCommands(outside, blueprint)]);
  });
}
