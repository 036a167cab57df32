import type { AccountPrincipal } from "../access/principal.ts";
import type { StaffCommand } from "../commands/command.ts";
import { keepTenantCommands } from "../commands/madeCommands.ts";
import type { TenantCommands } from "../commands/registry.ts";
import { aroundCommands } from "./around/aroundCommands.ts";
import { keptWhere } from "./around/talks.ts";
import { listBlueprints, type StoredBlueprint } from "./blueprints/blueprintStore.ts";
import { blueprintsSubject } from "./blueprints/saveBlueprints.ts";
import { bulkCommands } from "./bulk/bulkCommands.ts";
import type { CommandedBlueprint } from "./entityCommand.ts";
import { entityCommands } from "./entityCommands.ts";
import { exportCommand } from "./exports/exportCommand.ts";
import { transitionCommands } from "./flow/transitionCommands.ts";
import { groupCommands } from "./groups/groupCommands.ts";
import { importCommand } from "./imports/importCommand.ts";
import type { ImportOutside } from "./imports/prepareImport.ts";
import { nothing, reachOf, seenDefinition, seesField } from "./reach.ts";
import { viewCommands } from "./views/viewCommands.ts";

/** The commands of each tenant's blueprints, of those that aren't in the trash. */
export function createEntityCommands(outside: ImportOutside): TenantCommands & { stop(): void } {
  return keepTenantCommands(outside, blueprintsSubject("*"), async (tenant) => {
    const blueprints = await listBlueprints(outside.database.forTenant(tenant));
    return blueprints
      .filter(({ trashedAt }) => trashedAt === null)
      .flatMap((blueprint) =>
        commandsOf(outside, blueprint).map((command) => ({
          ...command,
          for: (by: AccountPrincipal) => {
            const theirs = theirsOf(by, blueprint);
            return theirs === "all" ? command : commandsOf(outside, theirs).find(({ name }) => name === command.name);
          },
        })),
      );
  });
}

function commandsOf(outside: ImportOutside, blueprint: CommandedBlueprint): StaffCommand[] {
  const singles = [...entityCommands(outside, blueprint), ...transitionCommands(outside, blueprint)].map((command) =>
    keptWhere(outside, blueprint, command),
  );
  return [
    ...singles,
    ...bulkCommands(outside, blueprint, singles),
    ...aroundCommands(outside, blueprint),
    ...groupCommands(outside, blueprint),
    ...viewCommands(outside, blueprint),
    exportCommand(outside, blueprint),
    // A file may say anything of any entity.
    ...(blueprint.writes === undefined ? [importCommand(outside, blueprint)] : []),
  ];
}

/** A blueprint with the fields that somebody sees, and which of them they may write. */
function theirsOf(by: AccountPrincipal, blueprint: StoredBlueprint): CommandedBlueprint | "all" {
  const [reach = nothing, changes = nothing] = [reachOf(by, "entities.read", blueprint), reachOf(by, "entities.change", blueprint)];
  if (reach === "all" && changes === "all") return "all";
  return {
    ...blueprint,
    definition: seenDefinition(reach, blueprint.definition),
    writes: (field) => seesField(changes, field),
    removes: changes === "all" || changes.parts.some(({ fields }) => fields === undefined),
  };
}
