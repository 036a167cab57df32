import { z } from "zod";
import type { Sql } from "../../platform/database/database.ts";
import { announceMail } from "../../platform/mail/outbox.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { audit } from "../audit/audit.ts";
import { requireStepUp } from "../factors/stepUp.ts";
import type { Asked } from "../principal.ts";
import { insertIdentity } from "../providers/identityStore.ts";
import { networkOf } from "../sessions/networkOf.ts";
import type { SignedIn } from "../sessions/sessionStore.ts";
import { revokeSessions, sessionsOfAccount } from "../sessions/sessionStore.ts";
import { tooMany } from "../sessions/throttle.ts";
import { changeMail, knownMail, mailAccount, notice } from "./accountMails.ts";
import { type AccountOutside, limitMails, mailsOfAccount, needMail } from "./accountOutside.ts";
import { dropPassword, lockAccount, type StoredAccount, saveEmail, saveVerified } from "./accountStore.ts";
import { createLink, linkAddress, type MailLink, takeLink } from "./mailLinks.ts";
import { provePassword } from "./provePassword.ts";
import { checkedEmail } from "./registerAccount.ts";

/** What a mailed link that is false, used or late is told, on every page. */
export function badLink(): Refusal {
  return new Refusal("invalid_value", "This link was used already, has expired, or was cut; ask for a new one.", { path: "token" });
}

/**
 * Asks for another address: a link goes to the new one, which counts once it is opened, and a notice to the old one. An address that has an
 * account answers the same, and its owner is told. Refusals: `invalid_value` (`email`, `password`), `rate_limited`, `unavailable`.
 */
export async function askForEmailChange(
  outside: AccountOutside,
  by: SignedIn,
  { email: written, password }: { email: string; password?: string | undefined },
  asked: Asked,
): Promise<void> {
  needMail(outside);
  const { database, bus, clock, keys, throttle, publicUrl } = outside;
  const email = checkedEmail(written);
  await requireStepUp(outside, by);
  await provePassword(outside, by, password);
  if (email === by.email) throw new Refusal("invalid_value", "This is your address already.", { path: "email" });
  await limitMails(outside, networkOf(asked.address));
  const waitMs = await throttle.consume([mailsOfAccount("change", by.account)]);
  if (waitMs !== undefined) throw tooMany("The address was changed several times", waitMs);
  await database.acrossTenants.transaction(async (tx) => {
    const taken = await lockAccount(tx, { email });
    const token = await createLink(tx, clock.now(), { purpose: "changeEmail", account: by.account, email });
    const written = taken === undefined ? changeMail(linkAddress(publicUrl, "changeEmail", token)) : knownMail(publicUrl);
    await mailAccount(tx, keys, { to: email, ...written });
    const told = notice("Your mail address is about to change", `Somebody asked to use ${email} for your account instead of this address.`);
    await mailAccount(tx, keys, { to: by.email, ...told });
    const actor = { kind: "account", id: by.account, name: by.name, ...asked } as const;
    await audit(tx, {
      tenant: by.tenant?.id,
      actor,
      action: "account.email.ask",
      object: { kind: "account", id: by.account, name: by.name },
    });
  });
  announceMail({ bus });
}

/** Opens the link of a registration or of a changed address. Answers the address that counts now. Refusal `invalid_value` (`token`). */
export async function confirmEmail({ database, bus, clock, keys }: AccountOutside, token: string, asked: Asked): Promise<string> {
  const { email, tenants } = await database.acrossTenants.transaction(async (tx) => {
    const link = await takeLink(tx, clock.now(), token, ["verifyEmail", "changeEmail"]);
    const account = link?.account ? await lockAccount(tx, { id: link.account }) : undefined;
    if (link === undefined || account === undefined || !account.active) throw badLink();
    const sessions = await sessionsOfAccount(tx, account.id, new Date(clock.now()));
    if (link.purpose === "changeEmail") await change(tx, keys, account, link);
    else await verify(tx, account, link, new Date(clock.now()));
    await audit(tx, {
      tenant: undefined,
      actor: { kind: "account", id: account.id, name: account.name, ...asked },
      action: link.purpose === "changeEmail" ? "account.email.change" : "account.email.verify",
      object: { kind: "account", id: account.id, name: account.name },
    });
    return { email: link.email, tenants: sessions.map(({ tenant }) => tenant) };
  });
  announceAccessChange({ bus }, tenants);
  announceMail({ bus });
  return email;
}

/** By whom somebody registered who doesn't vouch for the address. */
const provided = z.object({ provider: z.string(), issuer: z.string(), subject: z.string(), email: z.string() });

async function change(tx: Sql, keys: AccountOutside["keys"], account: StoredAccount, link: MailLink): Promise<void> {
  if (!(await saveEmail(tx, account.id, link.email))) throw badLink();
  await mailAccount(tx, keys, {
    to: account.email,
    ...notice("Your mail address was changed", `Your account uses ${link.email} from now on; nothing more comes to this address.`),
  });
  await mailAccount(tx, keys, {
    to: link.email,
    ...notice("Your mail address was changed", "Your account uses this address from now on."),
  });
}

/** A password or a provider that came with the proof is its owner's: whoever sat in the account with another one is out. */
async function verify(tx: Sql, account: StoredAccount, { email, detail }: MailLink, now: Date): Promise<void> {
  if (account.email !== email) throw badLink();
  const { passwordHash, name } = detail;
  const identity = provided.safeParse(detail["identity"]).data;
  const replaced = typeof passwordHash === "string" || identity !== undefined;
  if (identity !== undefined) {
    await dropPassword(tx, account.id);
    if (!(await insertIdentity(tx, { ...identity, tenant: null, account: account.id, now }))) throw badLink();
  }
  await saveVerified(tx, account.id, now, {
    ...(typeof passwordHash === "string" ? { passwordHash } : {}),
    ...(typeof name === "string" ? { name } : {}),
  });
  if (replaced) await revokeSessions(tx, { account: account.id, except: undefined }, "password_changed", now);
}
