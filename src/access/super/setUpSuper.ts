import { v7 as newId } from "uuid";
import { html, mailPage } from "../../platform/mail/html.ts";
import type { MailTransport } from "../../platform/mail/mail.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Access } from "../access.ts";
import { checkNewPassword } from "../accounts/passwordRules.ts";
import { audit } from "../audit/audit.ts";
import { unauthenticated } from "../authenticate.ts";
import { newTimeCodeSecret, readTimeCode, timeCodeAddress } from "../factors/timeCode.ts";
import { openSecret, sealSecret } from "../keys/sealSecret.ts";
import type { Asked } from "../principal.ts";
import { hashOfToken, newToken } from "../sessions/opaqueToken.ts";
import { superFactorPurpose } from "./superAdmin.ts";
import { failuresAtMost, requireSuperNext, type SuperPrincipal, superActor, triesOfChallenge } from "./superSession.ts";
import {
  deleteSuperSession,
  lockSuperFactor,
  saveLink,
  savePassword,
  savePendingFactor,
  saveShownFactor,
  saveWrongFactor,
  takeSuperLink,
} from "./superSessionStore.ts";

type Outside = Pick<Platform, "database" | "clock"> & Pick<Access, "keys" | "passwords">;

const linkMs = 24 * 3_600_000;

/** First: a password of their own in the place of the secret. Refusals: `invalid_value` (`password`), `conflict`. */
export async function chooseSuperPassword({ database, passwords }: Outside, principal: SuperPrincipal, password: string): Promise<void> {
  requireSuperNext(principal, "setPassword");
  checkNewPassword(password, [principal.email, principal.name], "password");
  const hash = await passwords.hash(password);
  await database.acrossTenants.transaction(async (tx) => {
    if (!(await savePassword(tx, principal.admin, principal.session, hash)))
      throw new Refusal("conflict", "There is a password already; sign in with it.");
    await audit(tx, { tenant: undefined, actor: superActor(principal), action: "super.password", object: self(principal) });
  });
}

/** Second: a link to the mail address; the one before counts no more. Refusals: `unavailable` where no mail goes out, `conflict`. */
export async function mailSuperLink(
  { database, clock }: Pick<Outside, "database" | "clock">,
  { mail, publicUrl }: { mail: MailTransport; publicUrl: string },
  principal: SuperPrincipal,
): Promise<void> {
  requireSuperNext(principal, "verifyEmail");
  if (mail.off !== undefined) throw new Refusal("unavailable", mail.off);
  const token = newToken();
  await saveLink(database.acrossTenants, principal.admin, hashOfToken(token), new Date(clock.now() + linkMs));
  // The base is configured, and never taken from the request (advisory 21).
  const address = `${publicUrl}/super/mail?token=${token}`;
  const subject = "Confirm your mail address";
  const text = `You are to be a super admin of the Switchboard at ${publicUrl}. Confirm within 24 hours that this is your address; the link works once.`;
  await mail.send({
    id: newId(),
    to: principal.email,
    subject,
    text: `${text}\n\n${address}\n`,
    html: mailPage("en", subject, [html`<p>${text}</p>`, html`<p><a href="${address}">${address}</a></p>`]),
    automatic: true,
  });
}

/** What the link leads to, with or without a session: whoever reads the mail has shown what was to be shown. Refusal `invalid_value` (`token`). */
export async function confirmSuperMail(
  { database, clock }: Pick<Outside, "database" | "clock">,
  token: string,
  asked: Asked,
): Promise<void> {
  await database.acrossTenants.transaction(async (tx) => {
    const admin = await takeSuperLink(tx, hashOfToken(token), new Date(clock.now()));
    if (admin === undefined)
      throw new Refusal("invalid_value", "This link was used already, or is too old; sign in to have another one mailed.", {
        path: "token",
      });
    const actor = superActor({ admin: admin.id, name: admin.name, asked });
    await audit(tx, { tenant: undefined, actor, action: "super.verify", object: { kind: "super", id: admin.id, name: admin.name } });
  });
}

/** Third: the secret for the authenticator, the same until a code of it was shown. Refusal `conflict`. */
export async function beginSuperEnrolment(
  { database, keys }: Outside,
  principal: SuperPrincipal,
): Promise<{ secret: string; address: string }> {
  requireSuperNext(principal, "enrolSecondFactor");
  const secret = await database.acrossTenants.transaction(async (tx) => {
    const pending = (await lockSuperFactor(tx, principal.session))?.sealed;
    if (pending !== undefined) return openSecret(keys, superFactorPurpose(principal.admin), pending);
    const made = newTimeCodeSecret();
    await savePendingFactor(tx, principal.admin, sealSecret(keys, superFactorPurpose(principal.admin), made));
    return made;
  });
  return { secret, address: timeCodeAddress(secret, principal.email) };
}

type Shown = "right" | "wrong" | "over";

/**
 * A code of the second factor: the first one enrols it, each later one opens the session. It counts once, and five wrong ones end the session.
 * Refusals: `invalid_value` (`code`), `unauthenticated` where the session has ended, `conflict`.
 */
export async function showSuperFactor(outside: Outside, principal: SuperPrincipal, code: string): Promise<void> {
  if (principal.next !== "enrolSecondFactor") requireSuperNext(principal, "secondFactor");
  await useCode(outside, principal, code, principal.next === "secondFactor" ? "super.factor" : "super.factor-enrol");
}

/** Before what can't be undone: a code of this moment. Refusals as of `showSuperFactor`. */
export async function proveSuper(outside: Outside, principal: SuperPrincipal, code: string): Promise<void> {
  requireSuperNext(principal, "none");
  await useCode(outside, principal, code, "super.step-up");
}

async function useCode({ database, clock, keys }: Outside, principal: SuperPrincipal, code: string, action: string): Promise<void> {
  const shown = await database.acrossTenants.transaction(async (tx): Promise<Shown> => {
    const factor = await lockSuperFactor(tx, principal.session);
    if (factor?.sealed === undefined || factor.failures >= failuresAtMost) return "over";
    const digits = code.replace(/[\s-]/g, "");
    const secret = openSecret(keys, superFactorPurpose(principal.admin), factor.sealed);
    const read = /^[0-9]{6}$/.test(digits) ? readTimeCode(secret, digits, clock.now(), factor.step) : undefined;
    const actor = superActor(principal);
    if (read === undefined || read.used) {
      await saveWrongFactor(tx, principal.admin, principal.session);
      const over = factor.tries + 1 >= triesOfChallenge;
      if (over) await deleteSuperSession(tx, principal.session);
      await audit(tx, { tenant: undefined, actor, action: "super.factor-refuse", object: self(principal) });
      return over ? "over" : "wrong";
    }
    await saveShownFactor(tx, principal.admin, principal.session, read.step, new Date(clock.now()));
    await audit(tx, { tenant: undefined, actor, action, object: self(principal) });
    return "right";
  });
  if (shown === "over") throw unauthenticated();
  if (shown === "wrong")
    throw new Refusal("invalid_value", "The code is not right, or was used already; write the 6 digits that are shown now.", {
      path: "code",
    });
}

function self({ admin, name }: SuperPrincipal): { kind: string; id: string; name: string } {
  return { kind: "super", id: admin, name };
}
