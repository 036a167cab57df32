import { announceMail } from "../../platform/mail/outbox.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { invitationMail, mailAccount } from "../accounts/accountMails.ts";
import { type AccountOutside, needMail } from "../accounts/accountOutside.ts";
import { createLink, linkAddress } from "../accounts/mailLinks.ts";
import { checkedEmail } from "../accounts/registerAccount.ts";
import { actorOf, audit } from "../audit/audit.ts";
import { unauthenticated } from "../authenticate.ts";
import type { AccountPrincipal } from "../principal.ts";
import { checkGivable } from "../roles/giveRoles.ts";
import { grantsOf } from "../roles/roles.ts";
import { tooMany } from "../sessions/throttle.ts";
import { deleteInvitations, findInvitation, hasTeam, tenantName } from "./invitationStore.ts";
import { findColleagues, lockMembers } from "./membershipStore.ts";

export interface NewInvitation {
  email: string;
  role: string;
  team: string | null;
}

const anHour = { points: 50, periodMs: 3_600_000 };

/**
 * Mails an invitation: 72 h, once, for this tenant, role and address. Its secret is in that mail and nowhere else; without mail there is none
 * (advisory 7). An older one to the same address ends. Refusals: `invalid_value`, `forbidden` for a role above one's own, `conflict` for whoever
 * is here already, `rate_limited`, `unavailable`.
 */
export async function inviteColleague(
  outside: AccountOutside,
  by: AccountPrincipal,
  { email: written, role, team }: NewInvitation,
): Promise<string> {
  needMail(outside);
  const { database, bus, clock, keys, throttle, publicUrl } = outside;
  const email = inArguments(() => checkedEmail(written));
  const waitMs = await throttle.consume([{ what: "invitations", who: by.tenant, ...anHour }]);
  if (waitMs !== undefined) throw tooMany("Many people were invited", waitMs);
  await database.acrossTenants.transaction(async (tx) => {
    await lockMembers(tx, by.tenant);
    const { asking, meant } = await findColleagues(tx, { tenant: by.tenant, email, by: by.account });
    const held = asking === undefined ? [] : grantsOf(asking.roles, asking.own);
    if (!held.some(({ permission }) => permission === "people.manage")) throw unauthenticated();
    if (meant !== undefined) {
      const lead = meant.active ? '"role.grant" gives them another role' : '"agent.activate" lets them in again';
      throw new Refusal("conflict", `${meant.name} has a place here already; ${lead}.`, { path: "args.email" });
    }
    await checkGivable(tx, by.tenant, role, held);
    if (team !== null && !(await hasTeam(tx, by.tenant, team)))
      throw new Refusal("invalid_value", `There is no active team "${team.slice(0, 60)}"; "team.list" shows them.`, { path: "args.team" });
    await deleteInvitations(tx, by.tenant, email);
    const detail = { tenant: by.tenant, role, team, by: by.account };
    const token = await createLink(tx, clock.now(), { purpose: "invitation", account: undefined, email, detail });
    const where = (await tenantName(tx, by.tenant)) ?? "Switchboard";
    await mailAccount(tx, keys, { to: email, ...invitationMail(by.name, where, linkAddress(publicUrl, "invitation", token)) });
    await audit(tx, {
      tenant: by.tenant,
      actor: actorOf(by),
      action: "agent.invite",
      object: { kind: "invitation", id: email },
      detail: { role, team },
    });
  });
  announceMail({ bus });
  return email;
}

/** The same invitation anew, for 72 h from now, by whoever sends it again. Refusals: `not_found`, and those of `inviteColleague`. */
export async function resendInvitation(outside: AccountOutside, by: AccountPrincipal, written: string): Promise<string> {
  const email = inArguments(() => checkedEmail(written));
  const open = await findInvitation(outside.database.acrossTenants, by.tenant, email, new Date(outside.clock.now()));
  if (open === undefined) throw nobodyInvited(email);
  return await inviteColleague(outside, by, { email, ...open });
}

/** Ends the open invitation of an address. Refusal `not_found`. */
export async function endInvitation(
  { database }: Pick<AccountOutside, "database">,
  by: AccountPrincipal,
  written: string,
): Promise<string> {
  const email = inArguments(() => checkedEmail(written));
  await database.acrossTenants.transaction(async (tx) => {
    if ((await deleteInvitations(tx, by.tenant, email)) === 0) throw nobodyInvited(email);
    await audit(tx, { tenant: by.tenant, actor: actorOf(by), action: "invitation.revoke", object: { kind: "invitation", id: email } });
  });
  return email;
}

function nobodyInvited(email: string): Refusal {
  return new Refusal("not_found", `Nobody is invited as "${email}".`, { path: "args.email" });
}

/** What forms call `email` is an argument here. */
function inArguments(check: () => string): string {
  try {
    return check();
  } catch (error) {
    if (error instanceof Refusal && error.path !== undefined) throw new Refusal(error.code, error.message, { path: `args.${error.path}` });
    throw error;
  }
}
