import type { AccountOutside } from "../access/accounts/accountOutside.ts";
import { listInvitations } from "../access/members/invitationStore.ts";
import { endInvitation, inviteColleague, resendInvitation } from "../access/members/inviteColleague.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import type { StaffCommand } from "./command.ts";
import { settingsCommand } from "./settingsCommand.ts";

/** Nobody who has a place here already: no colleague is offered for it. */
const email: ArgSchema = { type: "string", format: "email", description: "Whom: a mail address.", maxLength: 254 };
const team: ArgSchema = { type: "string", description: "The key of the team that they join.", maxLength: 60 };
const role: ArgSchema = { type: "string", description: '"agent" where it is left out; "role.list" shows them.', maxLength: 60 };

/** `agent.invite`, `admin.invite`, and what is open. */
export function inviteCommands(outside: AccountOutside): StaffCommand[] {
  const invite = (name: string, summary: string, usual: string, args: Record<string, ArgSchema>): StaffCommand => ({
    ...settingsCommand(
      name,
      summary,
      { email, ...args },
      ["email"],
      async ({ principal, args: given }) => {
        const key = (argument: string) => (given[argument] === undefined ? undefined : String(given[argument]).trim().toLowerCase());
        const invited = await inviteColleague(outside, principal, {
          email: String(given["email"]),
          role: key("role") ?? usual,
          team: key("team") ?? null,
        });
        return { messages: [{ text: `${invited} is invited: the mail counts for 72 hours, once.` }], data: { email: invited } };
      },
      "people.manage",
    ),
    audited: "itself",
    stepUp: true,
  });
  return [
    invite("agent.invite", "Invites somebody by mail to work here.", "agent", { team, role }),
    invite("admin.invite", "Invites somebody by mail to manage this workspace.", "admin", {}),
    {
      ...settingsCommand(
        "invitation.list",
        "Lists who is invited and has not come yet.",
        {},
        [],
        async ({ principal: { tenant } }) => {
          const open = await listInvitations(outside.database.acrossTenants, tenant, new Date(outside.clock.now()));
          const lines = open.map(({ email: to, role: as, expiresAt }) => `${to} as ${as}, until ${expiresAt.toISOString()}`);
          const data = { invitations: JSON.parse(JSON.stringify(open)) };
          return { messages: [{ text: lines.length === 0 ? "Nobody is invited." : lines.join("\n") }], data };
        },
        "people.manage",
      ),
      risk: "read",
    },
    {
      ...settingsCommand(
        "invitation.resend",
        "Mails an invitation again: a new link, for 72 hours; the one before counts no more.",
        { email },
        ["email"],
        async ({ principal, args }) => {
          const invited = await resendInvitation(outside, principal, String(args["email"]));
          return { messages: [{ text: `${invited} is mailed a new link: it counts for 72 hours, once.` }] };
        },
        "people.manage",
      ),
      audited: "itself",
      stepUp: true,
    },
    {
      ...settingsCommand(
        "invitation.revoke",
        "Ends an invitation: its link counts no more.",
        { email },
        ["email"],
        async ({ principal, args }) => {
          const ended = await endInvitation(outside, principal, String(args["email"]));
          return { messages: [{ text: `${ended} is invited no more.` }] };
        },
        "people.manage",
      ),
      audited: "itself",
    },
  ];
}
