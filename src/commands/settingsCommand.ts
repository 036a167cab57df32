import type { Permission } from "../access/permissions.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { defineCommand, type StaffCommand } from "./command.ts";

/** A command that changes how a tenant works: for whoever holds `settings.manage`, where nothing else is said. */
export function settingsCommand(
  name: string,
  summary: string,
  properties: Record<string, ArgSchema>,
  required: string[],
  run: StaffCommand["run"],
  permission: Permission = "settings.manage",
): StaffCommand {
  return defineCommand<StaffCommand>({
    name,
    summary,
    risk: "write",
    audience: "staff",
    source: "built-in",
    permission,
    args: { type: "object", properties, required, additionalProperties: false },
    run,
  });
}
