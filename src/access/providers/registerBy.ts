import { v7 as newId } from "uuid";
import { announceMail } from "../../platform/mail/outbox.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { knownMail, mailAccount, verifyMail } from "../accounts/accountMails.ts";
import { type AccountOutside, limitMails, mailsOfAccount, needMail } from "../accounts/accountOutside.ts";
import { dropPassword, insertAccount, lockAccount, type StoredAccount, saveVerified } from "../accounts/accountStore.ts";
import { deleteLinksOf } from "../accounts/mailLinkStore.ts";
import { createLink, linkAddress } from "../accounts/mailLinks.ts";
import { checkedEmail, checkedName } from "../accounts/registerAccount.ts";
import { audit } from "../audit/audit.ts";
import type { Asked } from "../principal.ts";
import { networkOf } from "../sessions/networkOf.ts";
import { revokeSessions } from "../sessions/sessionStore.ts";
import { tellOfTakeOver } from "./identityNotices.ts";
import { insertIdentity } from "./identityStore.ts";
import type { ProvidedIdentity, Provider } from "./provider.ts";

type WithEmail = ProvidedIdentity & { email: string };

/** An account whose address the provider vouches for: it is confirmed from the beginning, and has no password. */
export async function registerBy(
  { database, clock }: AccountOutside,
  provider: Provider,
  identity: WithEmail,
  asked: Asked,
): Promise<{ id: string; name: string; email: string }> {
  const email = checkedEmail(identity.email);
  const account = { id: newId(), email, name: nameOf(identity) };
  const now = new Date(clock.now());
  await database.acrossTenants.transaction(async (tx) => {
    if (!(await insertAccount(tx, { ...account, passwordHash: null, now }))) throw madeMeanwhile();
    await saveVerified(tx, account.id, now);
    const linked = await insertIdentity(tx, { ...identity, tenant: null, account: account.id, provider: provider.place, now });
    if (!linked) throw madeMeanwhile();
    const actor = { kind: "account", id: account.id, name: account.name, ...asked } as const;
    const object = { kind: "account", id: account.id, name: account.name };
    await audit(tx, { tenant: undefined, actor, action: "account.register", object, detail: { by: provider.place } });
  });
  return account;
}

/**
 * A provider that vouches for an address proves it, as a mailed link does: an account that was registered with it and never confirmed is its
 * owner's from now on, and whoever sat in it is out, with their password, and their sessions (advisory 22). Undefined where the
 * account was confirmed: then it is its person's to link it.
 */
export async function takeOver(
  { database, clock, keys }: AccountOutside,
  provider: Provider,
  identity: WithEmail,
  asked: Asked,
): Promise<{ account: StoredAccount; tenants: (string | null)[] } | undefined> {
  const now = new Date(clock.now());
  return await database.acrossTenants.transaction(async (tx) => {
    const account = await lockAccount(tx, { email: identity.email });
    if (account === undefined || account.verified || !account.active) return undefined;
    // A link that is still on its way may bring the password of whoever sat in it.
    await deleteLinksOf(tx, account.id);
    await dropPassword(tx, account.id);
    const sessions = await revokeSessions(tx, { account: account.id, except: undefined }, "identity_changed", now);
    await saveVerified(tx, account.id, now, { name: nameOf(identity) });
    if (!(await insertIdentity(tx, { ...identity, tenant: null, account: account.id, provider: provider.place, now })))
      throw madeMeanwhile();
    await tellOfTakeOver(tx, keys, account.email, provider.name);
    await audit(tx, {
      tenant: undefined,
      actor: { kind: "account", id: account.id, name: account.name, ...asked },
      action: "account.email.verify",
      object: { kind: "account", id: account.id, name: account.name },
      detail: { by: provider.place, sessionsEnded: sessions.length },
    });
    return { account, tenants: sessions.map(({ tenant }) => tenant) };
  });
}

/**
 * Where the provider doesn't vouch for the address, a mailed link does. The answer is the same for an address that has an account: its owner is
 * told, and nothing is linked. Refusals: `rate_limited`, `unavailable`.
 */
export async function mailProof(outside: AccountOutside, provider: Provider, identity: WithEmail, asked: Asked): Promise<void> {
  needMail(outside);
  const { database, bus, clock, keys, throttle, publicUrl } = outside;
  const email = checkedEmail(identity.email);
  const name = nameOf(identity);
  await limitMails(outside, networkOf(asked.address));
  const tooOften = (await throttle.consume([mailsOfAccount("register", email)])) !== undefined;
  await database.acrossTenants.transaction(async (tx) => {
    const id = newId();
    const made = await insertAccount(tx, { id, email, name, passwordHash: null, now: new Date(clock.now()) });
    const account = await lockAccount(tx, { email });
    if (account === undefined || tooOften) return;
    if (account.verified) return await mailAccount(tx, keys, { to: email, ...knownMail(publicUrl) });
    const { issuer, subject } = identity;
    const detail = { name, identity: { provider: provider.place, issuer, subject, email } };
    const token = await createLink(tx, clock.now(), { purpose: "verifyEmail", account: account.id, email, detail });
    await mailAccount(tx, keys, { to: email, ...verifyMail(linkAddress(publicUrl, "verifyEmail", token)) });
    const object = { kind: "account", id, name };
    const actor = { kind: "nobody", ...asked } as const;
    if (made) await audit(tx, { tenant: undefined, actor, action: "account.register", object, detail: { by: provider.place } });
  });
  announceMail({ bus });
}

function madeMeanwhile(): Refusal {
  return new Refusal("conflict", "This account was made in this very moment: begin again.");
}

/** As the provider says it, where that can be a name here; else what stands before the @. */
export function nameOf({ name, email }: WithEmail): string {
  for (const written of [name, email.split("@")[0]]) {
    try {
      return checkedName((written ?? "").slice(0, 80));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return "Somebody";
}
