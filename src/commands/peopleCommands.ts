import { activateColleague, deactivateColleague } from "../access/deactivateColleague.ts";
import type { Platform } from "../platform/platform.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import type { StaffCommand } from "./command.ts";
import { settingsCommand } from "./settingsCommand.ts";

export interface PeopleCommandDependencies extends Pick<Platform, "database" | "bus" | "clock" | "log"> {
  /** Who watches colleagues and who routes look again. */
  changed: (tenant: string) => void;
}

const email: ArgSchema = { type: "string", description: "The colleague's mail address.", maxLength: 254 };

/** `agent.deactivate` and `agent.activate`. */
export function peopleCommands(deps: PeopleCommandDependencies): StaffCommand[] {
  const define = (name: string, summary: string, change: typeof deactivateColleague, says: (name: string) => string): StaffCommand => ({
    ...settingsCommand(
      name,
      summary,
      { email },
      ["email"],
      async ({ principal, args }) => {
        const colleague = await change(deps, principal, String(args["email"]));
        deps.changed(principal.tenant);
        return { messages: [{ text: says(colleague.name) }], data: { agent: colleague.account } };
      },
      "people.manage",
    ),
    audited: "itself",
  });
  return [
    define(
      "agent.deactivate",
      "Ends a colleague's work here at once: signs them out, and gives back what they hold.",
      deactivateColleague,
      (name) => `${name} is deactivated and signed out. What they held goes back to the queue.`,
    ),
    define(
      "agent.activate",
      "Lets a colleague who was deactivated sign in again.",
      activateColleague,
      (name) => `${name} is active and may sign in.`,
    ),
  ];
}
