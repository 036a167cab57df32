import { announceMail } from "../../platform/mail/outbox.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { mailAccount, resetBegunMail, resetFactorMail } from "../accounts/accountMails.ts";
import { type AccountOutside, needMail } from "../accounts/accountOutside.ts";
import { lockAccount } from "../accounts/accountStore.ts";
import { badLink } from "../accounts/confirmEmail.ts";
import { createLink, linkAddress, takeLink } from "../accounts/mailLinks.ts";
import { audit } from "../audit/audit.ts";
import { changeColleague } from "../members/changeColleague.ts";
import type { Colleague } from "../members/membershipStore.ts";
import type { AccountPrincipal, Asked } from "../principal.ts";
import { findHome } from "../sessions/sessionStore.ts";
import { foldEmail } from "../sessions/signIn.ts";
import { resetDelayMs } from "./factorRules.ts";
import { isOn, lockFactor, saveReset } from "./factorStore.ts";

/**
 * An admin can only begin it (ASVS 6.4.4): the colleague has to open a mailed link within a day, and a day later their second factor counts no
 * more. Refusals as `changeColleague`; `invalid_value` for oneself, `conflict` where there is none, `unavailable` where no mail goes out.
 */
export async function startFactorReset(outside: AccountOutside, by: AccountPrincipal, written: string): Promise<Colleague> {
  needMail(outside);
  const { bus, clock, keys, publicUrl } = outside;
  const email = foldEmail(written);
  const colleague = await changeColleague(outside, by, email, {
    action: "agent.reset-factor",
    permission: "people.manage",
    decide: async (tx, { account, active, roles }) => {
      if (account === by.account) {
        throw new Refusal("invalid_value", "You can't begin this for yourself; use a recovery code, or ask another admin.", {
          path: "args.email",
        });
      }
      if (!isOn(await lockFactor(tx, account), new Date(clock.now()))) {
        throw new Refusal("conflict", "They have no second factor that could be reset.", { path: "args.email" });
      }
      const token = await createLink(tx, clock.now(), { purpose: "resetFactor", account, email });
      await mailAccount(tx, keys, { to: email, ...resetFactorMail(by.name, linkAddress(publicUrl, "resetFactor", token)) });
      return { active, roles };
    },
  });
  announceMail({ bus });
  return colleague;
}

/**
 * Whoever reads the mail confirms it. Until the answered moment the second factor is asked for as before, and showing it stops the reset: whoever
 * has taken over the mailbox, and not the phone, is found out. Refusal `invalid_value` (`token`).
 */
export async function confirmFactorReset(outside: AccountOutside, token: string, asked: Asked): Promise<Date> {
  const { database, bus, clock, keys } = outside;
  const resetAt = new Date(clock.now() + resetDelayMs);
  await database.acrossTenants.transaction(async (tx) => {
    const link = await takeLink(tx, clock.now(), token, ["resetFactor"]);
    const account = link?.account ? await lockAccount(tx, { id: link.account }) : undefined;
    if (account === undefined || account.email !== link?.email || !account.active) throw badLink();
    if (!isOn(await lockFactor(tx, account.id), new Date(clock.now()))) throw badLink();
    await saveReset(tx, account.id, resetAt);
    await mailAccount(tx, keys, { to: account.email, ...resetBegunMail(resetAt) });
    const home = await findHome(tx, account.id);
    await audit(tx, {
      tenant: home?.tenant,
      actor: { kind: "nobody", ...asked },
      action: "factor.reset",
      object: { kind: "account", id: account.id, name: account.name },
      detail: { from: resetAt.toISOString() },
    });
  });
  announceMail({ bus });
  return resetAt;
}
