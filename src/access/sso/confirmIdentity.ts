import { v7 as newId } from "uuid";
import { z } from "zod";
import type { Sql } from "../../platform/database/database.ts";
import { announceMail } from "../../platform/mail/outbox.ts";
import { announceAccessChange } from "../accessChanges.ts";
import type { AccountOutside } from "../accounts/accountOutside.ts";
import { dropPassword, insertAccount, lockAccount, saveVerified } from "../accounts/accountStore.ts";
import { badLink } from "../accounts/confirmEmail.ts";
import { takeLink } from "../accounts/mailLinks.ts";
import { audit } from "../audit/audit.ts";
import { joinByInvitation } from "../members/acceptInvitation.ts";
import type { Asked } from "../principal.ts";
import { tellOfLink } from "../providers/identityNotices.ts";
import { insertIdentity } from "../providers/identityStore.ts";
import { revokeSessions } from "../sessions/sessionStore.ts";
import { findSso, findSsoTenant, isMember } from "./ssoStore.ts";

const detailSchema = z.object({ tenant: z.uuid(), issuer: z.string(), subject: z.string(), name: z.string() });

/**
 * Opens the link that was mailed to whoever came by a tenant's single sign-on with an address that has an account, or that nobody vouched for: the
 * account and the identity belong together from now on, and an open invitation is accepted. Answers the address. Refusal `invalid_value` (`token`).
 */
export async function confirmIdentity({ database, bus, clock, keys }: AccountOutside, token: string, asked: Asked): Promise<string> {
  const now = new Date(clock.now());
  const { email, tenant } = await database.acrossTenants.transaction(async (tx) => {
    const link = await takeLink(tx, clock.now(), token, ["linkIdentity"]);
    const detail = detailSchema.safeParse(link?.detail).data;
    if (link === undefined || detail === undefined) throw badLink();
    const sso = await findSso(tx, detail.tenant);
    const tenant = await findSsoTenant(tx, { id: detail.tenant });
    // The tenant may have another provider by now.
    if (sso?.issuer !== detail.issuer || tenant === undefined) throw badLink();
    const account = await accountOf(tx, link.email, detail, now);
    if (!(await isMember(tx, tenant.id, account.id)) && !(await joinByInvitation(tx, tenant.id, account, now, asked))) throw badLink();
    if (!(await insertIdentity(tx, { ...detail, account: account.id, provider: "sso", email: link.email, now }))) throw badLink();
    await tellOfLink(tx, keys, link.email, `${tenant.name}'s single sign-on`);
    await audit(tx, {
      tenant: tenant.id,
      actor: { kind: "account", id: account.id, name: account.name, ...asked },
      action: "account.identity.link",
      object: { kind: "account", id: account.id, name: account.name },
      detail: { provider: "sso", issuer: detail.issuer },
    });
    return { email: link.email, tenant: tenant.id };
  });
  announceMail({ bus });
  announceAccessChange({ bus }, [tenant, null]);
  return email;
}

async function accountOf(
  tx: Sql,
  email: string,
  { tenant, name }: z.output<typeof detailSchema>,
  now: Date,
): Promise<{ id: string; name: string; email: string }> {
  const known = await lockAccount(tx, { email });
  if (known === undefined) {
    const made = { id: newId(), email, name };
    if (!(await insertAccount(tx, { ...made, passwordHash: null, now, ssoTenant: tenant }))) throw badLink();
    await saveVerified(tx, made.id, now);
    return made;
  }
  if (!known.active) throw badLink();
  if (known.verified) return known;
  // Whoever sat in it without proving the address is out (advisory 22).
  await dropPassword(tx, known.id);
  await revokeSessions(tx, { account: known.id, except: undefined }, "identity_changed", now);
  await saveVerified(tx, known.id, now, { name });
  return known;
}
