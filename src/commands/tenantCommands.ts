import { changeTenant, type TenantChange } from "../access/tenants/changeTenant.ts";
import { readTenant } from "../access/tenants/tenantStore.ts";
import type { Platform } from "../platform/platform.ts";
import { languages } from "../protocol/languages.ts";
import { Refusal } from "../protocol/refusal.ts";
import { atArgument } from "./atArgument.ts";
import type { StaffCommand } from "./command.ts";
import { settingsCommand } from "./settingsCommand.ts";

/** `tenant.show` and `tenant.update`. */
export function tenantCommands(deps: Pick<Platform, "database">): StaffCommand[] {
  return [
    {
      ...settingsCommand(
        "tenant.show",
        "Tells the name, the short name, the time zone and the language of the workspace.",
        {},
        [],
        async ({ principal }) => {
          const tenant = await readTenant(deps.database.acrossTenants, principal.tenant);
          return {
            messages: [{ text: `The workspace is ${tenant.name} (${tenant.slug}), ${tenant.timeZone}, ${tenant.language}.` }],
            data: { tenant: { ...tenant } },
          };
        },
        "tenant.manage",
      ),
      risk: "read",
    },
    settingsCommand(
      "tenant.update",
      "Changes the name, the short name, the time zone or the language of the workspace.",
      {
        name: { type: "string", description: "As people read it.", maxLength: 80 },
        slug: { type: "string", description: "For addresses (that of incoming mail too): letters a to z, digits, hyphens.", maxLength: 40 },
        timeZone: { type: "string", description: "Like Europe/Lisbon.", maxLength: 60 },
        language: { type: "string", description: "The usual language.", enum: [...languages] },
      },
      [],
      async ({ principal, args }) => {
        const change: TenantChange = Object.fromEntries(Object.entries(args).map(([key, value]) => [key, String(value)]));
        if (Object.keys(change).length === 0) throw new Refusal("invalid_value", "Write what to change.", { path: "args.name" });
        const tenant = await changeTenant(deps, principal, change).catch(atArgument);
        return {
          messages: [{ text: `The workspace is ${tenant.name} (${tenant.slug}), ${tenant.timeZone}.` }],
          data: { tenant: { ...tenant } },
        };
      },
      "tenant.manage",
    ),
  ];
}
