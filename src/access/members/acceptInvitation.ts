import { v7 as newId } from "uuid";
import { z } from "zod";
import type { Sql } from "../../platform/database/database.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { announceAccessChange } from "../accessChanges.ts";
import type { AccountOutside } from "../accounts/accountOutside.ts";
import { insertAccount, lockAccount, type StoredAccount, saveVerified } from "../accounts/accountStore.ts";
import { badLink } from "../accounts/confirmEmail.ts";
import { findLink, type MailLink, takeLink } from "../accounts/mailLinks.ts";
import { checkNewPassword } from "../accounts/passwordRules.ts";
import { checkedName } from "../accounts/registerAccount.ts";
import { audit } from "../audit/audit.ts";
import { mayGive } from "../policy.ts";
import type { Asked } from "../principal.ts";
import { rightsOfMemberIn } from "../roles/reachStore.ts";
import { ownGrants } from "../roles/roleStore.ts";
import { grantsOf } from "../roles/roles.ts";
import { revokeSessions } from "../sessions/sessionStore.ts";
import { isActiveSuper } from "../super/superAdminStore.ts";
import { insertMembership, takeInvitation, tenantName } from "./invitationStore.ts";
import { lockMembers } from "./membershipStore.ts";

const detailSchema = z.object({
  tenant: z.uuid(),
  role: z.string(),
  team: z.string().nullable(),
  /** An account; or a super admin, where `bySuper` says so. */
  by: z.uuid(),
  bySuper: z.boolean().default(false),
});

/** To where one is invited, and whether there is an account with a proven address, which then needs no new password. */
export interface Invited {
  email: string;
  tenant: string;
  hasAccount: boolean;
}

/** What an invitation's page shows before it is accepted. Refusal `invalid_value` (`token`). */
export async function readInvitation({ database, clock }: AccountOutside, token: string): Promise<Invited> {
  return await database.acrossTenants.transaction(async (tx) => {
    const link = await findLink(tx, clock.now(), token, ["invitation"]);
    if (link === undefined) throw badLink();
    const name = await tenantName(tx, detailOf(link).tenant);
    if (name === undefined) throw badLink();
    const account = await lockAccount(tx, { email: link.email });
    return { email: link.email, tenant: name, hasAccount: account?.verified === true };
  });
}

/**
 * Accepts an invitation, which proves the address: of its account where there is one, else with a name and a password of a new one. No session
 * begins: whoever accepts signs in as always. An account whose address was never proven gets the new password, and whoever sat in it is out
 * (advisory 22). The inviter must still be allowed to. Refusals: `invalid_value` (`token`, `name`, `password`), which use nothing up.
 */
export async function acceptInvitation(
  outside: AccountOutside,
  { token, name, password }: { token: string; name?: string | undefined; password?: string | undefined },
  asked: Asked,
): Promise<Invited> {
  const { database, bus, clock, passwords } = outside;
  const invited = await readInvitation(outside, token);
  const chosen = invited.hasAccount ? undefined : await chosenBy(passwords, invited, name, password);
  const tenant = await database.acrossTenants.transaction(async (tx) => {
    const link = await takeLink(tx, clock.now(), token, ["invitation"]);
    if (link === undefined) throw badLink();
    const { tenant: to, role, team, by, bySuper } = detailOf(link);
    await lockMembers(tx, to);
    await refuseOutdated(tx, to, { by, bySuper, role });
    const account = await accountOf(tx, link.email, chosen, new Date(clock.now()));
    if (!(await insertMembership(tx, { tenant: to, account: account.id, role, team, by }))) throw badLink();
    await audit(tx, {
      tenant: to,
      actor: { kind: "account", id: account.id, name: account.name, ...asked },
      action: "invitation.accept",
      object: { kind: "account", id: account.id, name: account.name },
      detail: { role, team, by },
    });
    return to;
  });
  announceAccessChange({ bus }, [tenant, null]);
  return { ...invited, hasAccount: true };
}

/** Accepts the open invitation of an address that was proven otherwise, if there is one and its inviter still may. */
export async function joinByInvitation(
  tx: Sql,
  tenant: string,
  account: { id: string; name: string; email: string },
  now: Date,
  asked: Asked,
): Promise<boolean> {
  await lockMembers(tx, tenant);
  const invitation = await takeInvitation(tx, tenant, account.email, now);
  if (invitation === undefined) return false;
  const { role, team, by, bySuper } = detailSchema.parse(invitation);
  await refuseOutdated(tx, tenant, { by, bySuper, role });
  if (!(await insertMembership(tx, { tenant, account: account.id, role, team, by }))) return false;
  await audit(tx, {
    tenant,
    actor: { kind: "account", id: account.id, name: account.name, ...asked },
    action: "invitation.accept",
    object: { kind: "account", id: account.id, name: account.name },
    detail: { role, team, by },
  });
  return true;
}

type Chosen = { name: string; passwordHash: string } | undefined;

async function chosenBy(
  passwords: AccountOutside["passwords"],
  { email, tenant }: Invited,
  name: string | undefined,
  password: string | undefined,
): Promise<Chosen> {
  const called = checkedName(name ?? "");
  checkNewPassword(password ?? "", [email, called, tenant], "password");
  return { name: called, passwordHash: await passwords.hash(password ?? "") };
}

/** Whoever was deactivated, or lost the rights that they gave, gives nothing by a letter that is still on its way. */
async function refuseOutdated(
  tx: Sql,
  tenant: string,
  { by, bySuper, role }: { by: string; bySuper: boolean; role: string },
): Promise<void> {
  if (bySuper) {
    if (!(await isActiveSuper(tx, by)) || (await tenantName(tx, tenant)) === undefined) throw badLink();
    return;
  }
  const inviter = await rightsOfMemberIn(tx, tenant, by);
  const given = grantsOf([role], await ownGrants(tx, tenant));
  const may = inviter.grants.some(({ permission }) => permission === "people.manage") && mayGive(inviter.grants, given);
  if (!may || given.length === 0 || (await tenantName(tx, tenant)) === undefined) throw badLink();
}

async function accountOf(tx: Sql, email: string, chosen: Chosen, now: Date): Promise<Pick<StoredAccount, "id" | "name">> {
  const known = await lockAccount(tx, { email });
  if (known !== undefined && !known.active) throw badLink();
  if (known?.verified === true) return known;
  // It was made, or its proof went, between the two looks.
  if (chosen === undefined) throw new Refusal("invalid_value", "Choose a name and a password.", { path: "password" });
  const { name, passwordHash } = chosen;
  const id = known?.id ?? newId();
  if (known === undefined) await insertAccount(tx, { id, email, name, passwordHash, now });
  await saveVerified(tx, id, now, { name, passwordHash });
  await revokeSessions(tx, { account: id, except: undefined }, "password_changed", now);
  return { id, name };
}

function detailOf({ detail }: MailLink): z.output<typeof detailSchema> {
  const read = detailSchema.safeParse(detail);
  if (!read.success) throw badLink();
  return read.data;
}
