import { defineCommand, type StaffCommand } from "../commands/command.ts";
import type { Platform } from "../platform/platform.ts";
import type { Presence } from "../protocol/desk.ts";
import { declarePresence } from "./presence.ts";

const declarations: { declared: Presence; summary: string; says: string }[] = [
  { declared: "online", summary: "Declares that you answer conversations.", says: "You are online." },
  { declared: "away", summary: "Declares that you are away for a while.", says: "You are away." },
  { declared: "offline", summary: "Declares that you don't answer conversations.", says: "You are offline." },
];

/** `me.online`, `me.away`, `me.offline`. */
export function presenceCommands(deps: Pick<Platform, "database" | "bus">): StaffCommand[] {
  return declarations.map(({ declared, summary, says }) =>
    defineCommand({
      name: `me.${declared}`,
      summary,
      risk: "write",
      audience: "staff",
      source: "built-in",
      permission: "presence.declare",
      args: { type: "object", properties: {}, additionalProperties: false },
      run: async ({ principal }) => {
        await declarePresence(deps, principal.tenant, principal.account, declared);
        return { messages: [{ text: says }], data: { presence: declared } };
      },
    }),
  );
}
