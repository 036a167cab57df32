import { v7 as newId } from "uuid";
import { z } from "zod";
import type { Sql } from "../platform/database/database.ts";
import { Refusal } from "../protocol/refusal.ts";
import { announceAccessChange } from "./accessChanges.ts";
import type { AccountOutside } from "./accountOutside.ts";
import { insertAccount, lockAccount, type StoredAccount, saveVerified } from "./accountStore.ts";
import { audit } from "./audit.ts";
import { badLink } from "./confirmEmail.ts";
import { insertMembership, tenantName } from "./invitationStore.ts";
import { findLink, type MailLink, takeLink } from "./mailLinks.ts";
import { lockMembers } from "./membershipStore.ts";
import { checkNewPassword } from "./passwordRules.ts";
import { mayGive } from "./policy.ts";
import type { Asked } from "./principal.ts";
import { rightsOfMemberIn } from "./reachStore.ts";
import { checkedName } from "./registerAccount.ts";
import { ownGrants } from "./roleStore.ts";
import { grantsOf } from "./roles.ts";
import { revokeSessions } from "./sessionStore.ts";

const detailSchema = z.object({ tenant: z.uuid(), role: z.string(), team: z.string().nullable(), by: z.uuid() });

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
    const { tenant: to, role, team, by } = detailOf(link);
    await lockMembers(tx, to);
    await refuseOutdated(tx, to, by, role);
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

type Chosen = { name: string; passwordHash: string } | undefined;

async function chosenBy(
  passwords: AccountOutside["passwords"],
  { email }: Invited,
  name: string | undefined,
  password: string | undefined,
): Promise<Chosen> {
  const called = checkedName(name ?? "");
  checkNewPassword(password ?? "", ["switchboard", email, called], "password");
  return { name: called, passwordHash: await passwords.hash(password ?? "") };
}

/** Whoever was deactivated, or lost the rights that they gave, gives nothing by a letter that is still on its way. */
async function refuseOutdated(tx: Sql, tenant: string, by: string, role: string): Promise<void> {
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
