import { v7 as newId } from "uuid";
import { readAddress } from "../../platform/mail/address.ts";
import { announceMail } from "../../platform/mail/outbox.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { audit } from "../audit/audit.ts";
import type { Asked } from "../principal.ts";
import { networkOf } from "../sessions/networkOf.ts";
import type { SignedIn } from "../sessions/sessionStore.ts";
import { foldEmail } from "../sessions/signIn.ts";
import { tooMany } from "../sessions/throttle.ts";
import { knownMail, mailAccount, verifyMail } from "./accountMails.ts";
import { type AccountOutside, limitMails, mailsOfAccount, needMail } from "./accountOutside.ts";
import { insertAccount, lockAccount } from "./accountStore.ts";
import { createLink, linkAddress } from "./mailLinks.ts";
import { checkNewPassword } from "./passwordRules.ts";
import { rehearsed } from "./rehearsalStore.ts";

export interface Registration {
  email: string;
  password: string;
  name: string;
}

/**
 * Makes an account, and mails the link that confirms its address. What is answered, and after what time, is the same for an address that has one:
 * its owner gets a mail that says so. An account that was never confirmed gets the new password when its owner opens the link, so that nobody can
 * wait in it for its owner (advisory 22). Refusals: `invalid_value`, `rate_limited`, `unavailable`.
 */
export async function registerAccount(outside: AccountOutside, registration: Registration, asked: Asked): Promise<void> {
  needMail(outside);
  const { database, bus, clock, keys, passwords, throttle, publicUrl } = outside;
  const email = checkedEmail(registration.email);
  const name = checkedName(registration.name);
  checkNewPassword(registration.password, [email, name], "password");
  await limitMails(outside, networkOf(asked.address));
  const passwordHash = await passwords.hash(registration.password);
  const tooOften = (await throttle.consume([mailsOfAccount("register", email)])) !== undefined;
  await database.acrossTenants.transaction(async (tx) => {
    const id = newId();
    const made = await insertAccount(tx, { id, email, name, passwordHash, now: new Date(clock.now()) });
    const account = await lockAccount(tx, { email });
    if (account === undefined || tooOften) return;
    const link = { purpose: "verifyEmail", account: account.id, email, detail: made ? {} : { passwordHash, name } } as const;
    const token = await rehearsed(tx, !account.verified, () => createLink(tx, clock.now(), link));
    const mail = account.verified ? knownMail(publicUrl) : verifyMail(linkAddress(publicUrl, "verifyEmail", token));
    await mailAccount(tx, keys, { to: email, ...mail });
    const actor = { kind: "nobody", ...asked } as const;
    await rehearsed(tx, made, () =>
      audit(tx, { tenant: undefined, actor, action: "account.register", object: { kind: "account", id: account.id, name } }),
    );
  });
  announceMail({ bus });
}

/** The same link once more, to whoever signed in and has not confirmed yet. Refusals: `conflict`, `rate_limited`, `unavailable`. */
export async function resendVerification(outside: AccountOutside, by: SignedIn): Promise<void> {
  needMail(outside);
  const { database, bus, clock, keys, throttle, publicUrl } = outside;
  const waitMs = await throttle.consume([mailsOfAccount("verify", by.account)]);
  if (waitMs !== undefined) throw tooMany("This mail was sent several times", waitMs);
  await database.acrossTenants.transaction(async (tx) => {
    const account = await lockAccount(tx, { id: by.account });
    if (account === undefined || account.verified) throw new Refusal("conflict", "Your address is confirmed already.");
    const token = await createLink(tx, clock.now(), { purpose: "verifyEmail", account: account.id, email: account.email });
    await mailAccount(tx, keys, { to: account.email, ...verifyMail(linkAddress(publicUrl, "verifyEmail", token)) });
  });
  announceMail({ bus });
}

/** As it is kept. Refusal `invalid_value` (`email`). */
export function checkedEmail(written: string): string {
  const address = readAddress(foldEmail(written));
  if (address === undefined)
    throw new Refusal("invalid_value", '"email" must be a mail address, like name@example.com.', { path: "email" });
  return address;
}

/** Refusal `invalid_value` (`name`). */
export function checkedName(written: string): string {
  const name = written.trim().normalize("NFC");
  // A link in a name would be sent by us, to whomever somebody likes.
  if (name === "" || name.length > 80 || /[\p{Cc}\p{Cf}<>]|:\/\/|www\./u.test(name))
    throw new Refusal("invalid_value", '"name" must have 1 to 80 characters, and be no address.', { path: "name" });
  return name;
}
