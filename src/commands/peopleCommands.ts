import { activateColleague, deactivateColleague } from "../access/members/deactivateColleague.ts";
import { listMembers } from "../access/members/membershipStore.ts";
import { permissionsOf } from "../access/roles/roles.ts";
import type { Platform } from "../platform/platform.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import type { MemberView } from "../protocol/people.ts";
import type { StaffCommand } from "./command.ts";
import { settingsCommand } from "./settingsCommand.ts";

export interface PeopleCommandDependencies extends Pick<Platform, "database" | "bus" | "clock" | "log"> {
  /** Who watches colleagues and who routes look again. */
  changed: (tenant: string) => void;
}

const email: ArgSchema = { type: "string", description: "The colleague's mail address.", maxLength: 254 };

/** `member.list`, and for agents and admins alike to activate and deactivate. */
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
    stepUp: true,
  });
  const listing = (name: string, summary: string, listed: (member: Listed) => boolean): StaffCommand => ({
    ...settingsCommand(
      name,
      summary,
      {},
      [],
      async ({ principal }) => {
        const members = (await listMembers(deps.database.forTenant(principal.tenant)))
          .filter(listed)
          .map(({ own: _, ...member }) => member);
        return { messages: [{ text: members.map(line).join("\n") }], data: { members } };
      },
      "people.manage",
    ),
    risk: "read",
  });
  const verbs = (group: "agent" | "admin") => [
    define(
      `${group}.deactivate`,
      "Ends a colleague's work here at once: signs them out, and gives back what they hold.",
      deactivateColleague,
      (name) => `${name} is deactivated and signed out. What they held goes back to the queue.`,
    ),
    define(
      `${group}.activate`,
      "Lets a colleague who was deactivated sign in again.",
      activateColleague,
      (name) => `${name} is active and may sign in.`,
    ),
  ];
  return [
    ...verbs("agent"),
    ...verbs("admin"),
    listing("member.list", "Lists everybody who has a place here, with their roles and teams.", () => true),
    listing("admin.list", "Lists those who manage people here.", ({ roles, own }) => permissionsOf(roles, own).has("people.manage")),
  ];
}

type Listed = Awaited<ReturnType<typeof listMembers>>[number];

function line({ name, email, active, roles, teams }: MemberView): string {
  const where = teams.length === 0 ? "" : `; teams ${teams.join(", ")}`;
  return `${name} (${email})${active ? "" : ", not active"}: ${roles.join(", ") || "no role"}${where}`;
}
