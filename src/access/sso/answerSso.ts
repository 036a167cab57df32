import { v7 as newId } from "uuid";
import { announceMail } from "../../platform/mail/outbox.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { linkIdentityMail, mailAccount } from "../accounts/accountMails.ts";
import { type AccountOutside, mailsOfAccount, needMail } from "../accounts/accountOutside.ts";
import { findAccount, insertAccount, lockAccount, saveVerified } from "../accounts/accountStore.ts";
import { createLink, linkAddress } from "../accounts/mailLinks.ts";
import { checkedEmail } from "../accounts/registerAccount.ts";
import { joinByInvitation } from "../members/acceptInvitation.ts";
import { hasInvitation } from "../members/invitationStore.ts";
import type { Asked } from "../principal.ts";
import { badFlow, type FlowOutcome, type TakenFlow } from "../providers/flow.ts";
import { identify } from "../providers/identify.ts";
import { findAccountOf, insertIdentity, touchIdentity } from "../providers/identityStore.ts";
import type { ProvidedIdentity } from "../providers/provider.ts";
import { nameOf } from "../providers/registerBy.ts";
import { beginSession, placesOf } from "../sessions/beginSession.ts";
import { foldEmail } from "../sessions/signIn.ts";
import { tooMany } from "../sessions/throttle.ts";
import { isMember, type SsoTenant, type StoredSso } from "./ssoStore.ts";
import { providerOfTenant } from "./tenantSso.ts";

interface Known {
  id: string;
  name: string;
  email: string;
}

/**
 * Who came by a tenant's single sign-on: known by issuer and subject, or invited and new here. An account that is there already is linked by a mailed
 * link alone, since the provider is the tenant's and the account is its person's. Refusals: as of `answerFlow`, and `forbidden` for who has no place.
 */
export async function answerSso(
  outside: AccountOutside,
  taken: TakenFlow,
  id: string,
  { userAgent, ...asked }: Asked & { userAgent: string },
): Promise<FlowOutcome> {
  const found = await providerOfTenant(outside, id);
  if (found === undefined) throw badFlow();
  const { provider, tenant, sso } = found;
  const identity = await identify(outside, provider, taken);
  const account = await accountFor(outside, { tenant, sso, identity, asked });
  if (account === "mailed") return { done: "mailed", back: taken.back };
  const places = await placesOf(outside, account.id, tenant.id);
  if (places.kind !== "open") throw noPlace(tenant);
  const grant = await beginSession(outside, account, places.places, { ...asked, userAgent, by: "sso", sso: tenant.id });
  return { done: "signedIn", back: taken.back, grant };
}

interface Came {
  tenant: SsoTenant;
  sso: StoredSso;
  identity: ProvidedIdentity;
  asked: Asked;
}

async function accountFor(outside: AccountOutside, came: Came): Promise<Known | "mailed"> {
  const { database, clock } = outside;
  const { tenant, sso, identity } = came;
  const sql = database.acrossTenants;
  const key = { tenant: tenant.id, issuer: identity.issuer, subject: identity.subject };
  const linked = await findAccountOf(sql, key);
  if (linked !== undefined) {
    const account = await findAccount(sql, linked);
    if (account === undefined || !account.active) throw noPlace(tenant);
    await touchIdentity(sql, key, new Date(clock.now()));
    return account;
  }
  if (identity.email === undefined)
    throw new Refusal("forbidden", `The provider of ${tenant.name} tells no mail address of yours; ask an admin.`);
  const email = checkedEmail(foldEmail(identity.email));
  if (!sso.domains.includes(email.split("@")[1] ?? ""))
    throw new Refusal("forbidden", `${tenant.name} lets nobody in with the address ${email}; ask an admin.`);
  return await newcomer(outside, came, email);
}

async function newcomer(outside: AccountOutside, came: Came, email: string): Promise<Known | "mailed"> {
  const { database, bus, clock, keys, throttle, publicUrl } = outside;
  const { tenant, identity, asked } = came;
  const now = new Date(clock.now());
  const outcome = await database.acrossTenants.transaction(async (tx) => {
    const account = await lockAccount(tx, { email });
    const invited = await hasInvitation(tx, tenant.id, email, now);
    if (!invited && (account === undefined || !(await isMember(tx, tenant.id, account.id)))) throw noPlace(tenant);
    if (account !== undefined || !identity.emailVerified) return undefined;
    const made = { id: newId(), email, name: nameOf({ ...identity, email }) };
    if (!(await insertAccount(tx, { ...made, passwordHash: null, now, ssoTenant: tenant.id }))) throw noPlace(tenant);
    await saveVerified(tx, made.id, now);
    await insertIdentity(tx, { ...identity, tenant: tenant.id, account: made.id, provider: "sso", email, now });
    if (!(await joinByInvitation(tx, tenant.id, made, now, asked))) throw noPlace(tenant);
    return made;
  });
  if (outcome !== undefined) return outcome;
  needMail(outside);
  const waitMs = await throttle.consume([mailsOfAccount("link", email)]);
  if (waitMs !== undefined) throw tooMany("This mail was sent several times", waitMs);
  await database.acrossTenants.transaction(async (tx) => {
    const account = await lockAccount(tx, { email });
    const { issuer, subject } = identity;
    const detail = { tenant: tenant.id, issuer, subject, name: nameOf({ ...identity, email }) };
    const token = await createLink(tx, clock.now(), { purpose: "linkIdentity", account: account?.id, email, detail });
    await mailAccount(tx, keys, { to: email, ...linkIdentityMail(tenant.name, linkAddress(publicUrl, "linkIdentity", token)) });
  });
  announceMail({ bus });
  return "mailed";
}

function noPlace({ name }: SsoTenant): Refusal {
  return new Refusal("forbidden", `You have no place in ${name}: an admin can invite you.`);
}
