import { announceMail } from "../../platform/mail/outbox.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { revokeKeysOf } from "../apiKeys/apiKeyStore.ts";
import { audit } from "../audit/audit.ts";
import { tenantWords } from "../members/memberships.ts";
import type { Asked } from "../principal.ts";
import { networkOf } from "../sessions/networkOf.ts";
import { findHome, revokeSessions } from "../sessions/sessionStore.ts";
import { mailAccount, notice, resetMail, ssoOnlyMail } from "./accountMails.ts";
import { type AccountOutside, limitMails, mailsOfAccount, needMail } from "./accountOutside.ts";
import { lockAccount, saveVerified } from "./accountStore.ts";
import { badLink } from "./confirmEmail.ts";
import { createLink, findLink, linkAddress, takeLink } from "./mailLinks.ts";
import { checkNewPassword } from "./passwordRules.ts";
import { checkedEmail } from "./registerAccount.ts";
import { rehearsed } from "./rehearsalStore.ts";

/**
 * Mails the link with which a new password is chosen, three times an hour to one account at most. The answer is the same for an address that nobody
 * has. Refusals: `invalid_value` (`email`), `rate_limited` by the network, `unavailable`.
 */
export async function askForReset(outside: AccountOutside, written: string, asked: Asked): Promise<void> {
  needMail(outside);
  const { database, bus, clock, keys, throttle, publicUrl } = outside;
  const email = checkedEmail(written);
  await limitMails(outside, networkOf(asked.address));
  const tooOften = (await throttle.consume([mailsOfAccount("reset", email)])) !== undefined;
  await database.acrossTenants.transaction(async (tx) => {
    const account = await lockAccount(tx, { email });
    const home = await findHome(tx, account?.id);
    const actor = { kind: "nobody", ...asked } as const;
    const object = account === undefined ? {} : { object: { kind: "account", id: account.id, name: account.name } };
    const mails = account?.active === true && !tooOften;
    const bySso = (account?.ssoTenant ?? null) !== null;
    const token = await rehearsed(tx, mails && !bySso, () =>
      createLink(tx, clock.now(), { purpose: "resetPassword", account: account?.id, email }),
    );
    const mail = bySso ? ssoOnlyMail() : resetMail(linkAddress(publicUrl, "resetPassword", token));
    await rehearsed(tx, mails, () => mailAccount(tx, keys, { to: email, ...mail }));
    await audit(tx, { tenant: home?.tenant, actor, action: "account.password.ask", ...object });
  });
  announceMail({ bus });
}

/**
 * Chooses a new password by a mailed link, which proves the address as well. All sessions and API keys end; a second factor is asked for as before.
 * Refusal `invalid_value` (`token`, `password`): a password that is refused doesn't use the link up.
 */
export async function resetPassword(
  { database, bus, clock, keys, passwords }: AccountOutside,
  { token, password }: { token: string; password: string },
  asked: Asked,
): Promise<void> {
  const found = await findLink(database.acrossTenants, clock.now(), token, ["resetPassword"]);
  if (found === undefined) throw badLink();
  checkNewPassword(password, [found.email, ...(await tenantWords({ database }, found.account))], "password");
  const passwordHash = await passwords.hash(password);
  const ended = await database.acrossTenants.transaction(async (tx) => {
    const now = new Date(clock.now());
    const link = await takeLink(tx, clock.now(), token, ["resetPassword"]);
    const account = link?.account ? await lockAccount(tx, { id: link.account }) : undefined;
    // An account of a single sign-on gets no password by a link of before (advisory 23).
    if (account === undefined || account.email !== link?.email || !account.active || account.ssoTenant !== null) throw badLink();
    await saveVerified(tx, account.id, now, { passwordHash });
    const sessions = await revokeSessions(tx, { account: account.id, except: undefined }, "password_changed", now);
    const keysEnded = await revokeKeysOf(tx, account.id, now);
    const what = "A new password was chosen by a link mailed to you, and all your sessions and API keys ended.";
    const told = notice("Your password was changed", what);
    await mailAccount(tx, keys, { to: account.email, ...told });
    const home = await findHome(tx, account.id);
    await audit(tx, {
      tenant: home?.tenant,
      actor: { kind: "account", id: account.id, name: account.name, ...asked },
      action: "account.password.reset",
      object: { kind: "account", id: account.id, name: account.name },
      detail: { sessionsEnded: sessions.length, keysEnded },
    });
    return sessions;
  });
  announceMail({ bus });
  announceAccessChange(
    { bus },
    ended.map(({ tenant }) => tenant),
  );
}
