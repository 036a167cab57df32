import { validate as isId } from "uuid";
import { listKeys } from "../access/apiKeys/apiKeyStore.ts";
import { createKey, endKey, longestDays, notForKeys } from "../access/apiKeys/apiKeys.ts";
import { allPermissions, isPermission } from "../access/permissions.ts";
import type { Platform } from "../platform/platform.ts";
import type { KeyView } from "../protocol/people.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { StaffCommand } from "./command.ts";
import { settingsCommand } from "./settingsCommand.ts";

const possible = allPermissions.filter((permission) => !notForKeys.has(permission));

/** `key.*`: keys with which programs ask over HTTP. */
export function keyCommands(deps: Pick<Platform, "database" | "clock">): StaffCommand[] {
  return [
    {
      ...settingsCommand(
        "key.list",
        "Lists the API keys that count: by their beginning, what they may do, and when they were used last.",
        {},
        [],
        async ({ principal }) => {
          const keys = await listKeys(deps.database.forTenant(principal.tenant), new Date(deps.clock.now()));
          return {
            messages: [{ text: keys.length === 0 ? "There are no keys." : keys.map(line).join("\n") }],
            data: JSON.parse(JSON.stringify({ keys })),
          };
        },
        "keys.manage",
      ),
      risk: "read",
    },
    {
      ...settingsCommand(
        "key.create",
        "Makes an API key, which does in your name what its scopes allow. It is shown once.",
        {
          name: { type: "string", description: "What it is for.", minLength: 1, maxLength: 100 },
          scopes: { type: "string", description: `What it may do, with commas: ${possible.join(", ")}.`, maxLength: 1000 },
          days: {
            type: "integer",
            description: `How long it counts; ${longestDays} where it is left out.`,
            minimum: 1,
            maximum: longestDays,
          },
        },
        ["name", "scopes"],
        async ({ principal, args }) => {
          const days = Number(args["days"] ?? longestDays);
          const made = await createKey(deps, principal, {
            name: String(args["name"]).trim(),
            scopes: readScopes(String(args["scopes"])),
            days,
          });
          return {
            messages: [{ text: "The key is made. Copy it now: it is not shown again." }],
            data: { id: made.id, expiresAt: made.expiresAt },
            once: { key: made.key },
          };
        },
        "keys.manage",
      ),
      audited: "itself",
      stepUp: true,
    },
    {
      ...settingsCommand(
        "key.revoke",
        "Ends an API key at once.",
        { key: { type: "string", description: "Its id, as key.list tells it.", format: "uuid" } },
        ["key"],
        async ({ principal, args }) => {
          const id = String(args["key"]).toLowerCase();
          if (!isId(id)) throw new Refusal("not_found", "There is no such key.", { path: "args.key" });
          const name = await endKey(deps, principal, id);
          return { messages: [{ text: `The key ${name} counts no more.` }] };
        },
        "keys.manage",
      ),
      risk: "destructive",
      audited: "itself",
    },
  ];
}

function readScopes(written: string) {
  const words = [...new Set(written.split(",").map((word) => word.trim().toLowerCase()))].filter((word) => word !== "");
  const unknown = words.find((word) => !isPermission(word));
  if (unknown !== undefined || words.length === 0)
    throw new Refusal("invalid_value", `There is no scope "${(unknown ?? "").slice(0, 60)}"; there are ${possible.join(", ")}.`, {
      path: "args.scopes",
    });
  return words.filter(isPermission);
}

function line({ id, name, prefix, scopes, maker, expiresAt, lastUsedAt }: KeyView): string {
  const used = lastUsedAt === null ? "never used" : `used last ${lastUsedAt}`;
  return `${name} (${prefix}…, ${id}) of ${maker.name}: ${scopes.join(", ")}; until ${expiresAt}, ${used}`;
}
