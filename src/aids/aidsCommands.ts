import type { StaffCommand } from "../commands/command.ts";
import type { Registry } from "../commands/registry.ts";
import type { Recording } from "../conversations/ledger/record.ts";
import type { Platform } from "../platform/platform.ts";
import { teamExists } from "./aidStore.ts";
import { cannedCommands } from "./cannedCommands.ts";
import { detailCommands } from "./detailCommands.ts";
import { fieldCommands } from "./fieldCommands.ts";
import { macroCommands } from "./macroCommands.ts";
import { tagCommands } from "./tagCommands.ts";
import { taggingCommands } from "./taggingCommands.ts";
import { viewCommands } from "./viewCommands.ts";

/** Every command of this room. */
export function aidsCommands(outside: Recording & Pick<Platform, "database"> & { registry: () => Pick<Registry, "find"> }): StaffCommand[] {
  const deps = { ...outside, teamExists: (tenant: string, key: string) => teamExists(outside.database.forTenant(tenant), key) };
  return [
    ...tagCommands(deps),
    ...taggingCommands(deps),
    ...fieldCommands(deps),
    ...detailCommands(deps),
    ...cannedCommands(deps),
    ...macroCommands(deps),
    ...viewCommands(deps),
  ];
}
