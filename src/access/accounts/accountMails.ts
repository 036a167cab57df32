import { v7 as newId } from "uuid";
import type { Sql } from "../../platform/database/database.ts";
import { html, lines, mailPage } from "../../platform/mail/html.ts";
import { queueSealedMail } from "../../platform/mail/outbox.ts";
import type { Keys } from "../keys/keys.ts";
import { openSecret, sealSecret } from "../keys/sealSecret.ts";

type KeysOfMail = Pick<Keys, "id" | "secrets" | "before">;

export interface AccountMail {
  to: string;
  subject: string;
  /** Paragraphs. */
  text: readonly string[];
  /** A button, and its address in full below. */
  link?: { label: string; address: string };
}

const purpose = "account mail";

/** Writes a mail to a person about their account, in the transaction of its cause; stored sealed, for its link is a secret. */
export async function mailAccount(tx: Sql, keys: KeysOfMail, { to, subject, text, link }: AccountMail): Promise<void> {
  const paragraphs = text.map((each) => html`<p>${lines(each)}</p>`);
  const button =
    link === undefined
      ? []
      : [
          html`<p><a href="${link.address}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:#2f5bea;color:#ffffff;text-decoration:none">${link.label}</a></p>`,
          html`<p style="color:#5b6472;font-size:13px">${link.address}</p>`,
        ];
  await queueSealedMail(
    tx,
    {
      kind: "account",
      key: newId(),
      to,
      subject,
      text: [...text, ...(link === undefined ? [] : [`${link.label}:\n${link.address}`])].join("\n\n"),
      html: mailPage("en", subject, [...paragraphs, ...button]),
      automatic: true,
    },
    (content) => sealSecret(keys, purpose, content),
  );
}

/** For whoever sends them. */
export function openAccountMail(keys: KeysOfMail, sealed: string): string {
  return openSecret(keys, purpose, sealed);
}

type Written = Omit<AccountMail, "to">;

export function verifyMail(address: string): Written {
  return {
    subject: "Confirm your mail address",
    text: ["Somebody, hopefully you, registered at Switchboard with this address. Confirm it within 24 hours; the link works once."],
    link: { label: "Confirm this address", address },
  };
}

export function knownMail(publicUrl: string): Written {
  return {
    subject: "You already have an account",
    text: [
      "Somebody, perhaps you, tried to register at Switchboard with this address, which has an account already. Nothing was changed.",
      "If it was you, just sign in; if you forgot the password, ask for a new one there.",
    ],
    link: { label: "Sign in", address: `${publicUrl}/desk` },
  };
}

export function invitationMail(by: string, where: string, address: string): Written {
  return {
    subject: `${by} invites you to ${where}`,
    text: [
      `${by} invites you to work with them in ${where} at Switchboard.`,
      "The link works once, within 72 hours, and only for you: don't pass it on. If you don't know them, ignore this mail.",
    ],
    link: { label: "Accept the invitation", address },
  };
}

export function resetMail(address: string): Written {
  return {
    subject: "Choose a new password",
    text: [
      "Somebody, hopefully you, asked for a new password. The link works once, within 10 minutes.",
      "If it wasn't you, ignore this mail: your password stays as it is.",
    ],
    link: { label: "Choose a new password", address },
  };
}

export function linkIdentityMail(where: string, address: string): Written {
  return {
    subject: `Sign in to ${where} by its single sign-on`,
    text: [
      `Somebody, hopefully you, came to ${where} at Switchboard by its single sign-on with this address. Confirm within an hour that it was you: then it opens your account there.`,
      "If it wasn't you, ignore this mail, and tell an admin.",
    ],
    link: { label: "It was me", address },
  };
}

/** Instead of a link: the account has one way in. */
export function ssoOnlyMail(): Written {
  return {
    subject: "Your account has no password",
    text: [
      "Somebody, hopefully you, asked for a new password. Your account signs in by your workspace's single sign-on only: there is none to change.",
    ],
  };
}

export function resetFactorMail(admin: string, address: string): Written {
  return {
    subject: "Reset your second factor",
    text: [
      `${admin} began to reset your second factor, because you asked for it. Confirm that within 24 hours; a day later it counts no more.`,
      "If you didn't ask for it, ignore this mail, and tell them: nothing changes.",
    ],
    link: { label: "Reset my second factor", address },
  };
}

export function resetBegunMail(resetAt: Date): Written {
  return {
    subject: "Your second factor is being reset",
    text: [
      `From ${resetAt.toISOString().slice(0, 16).replace("T", " ")} UTC your second factor counts no more, and you will be asked to set up another one.`,
      "If you didn't ask for that, sign in with your authenticator before then: that stops it. Then choose a new password, also for your mail.",
    ],
  };
}

export function changeMail(address: string): Written {
  return {
    subject: "Confirm your new mail address",
    text: ["You asked to use this address at Switchboard. Confirm it within 24 hours; until then the old one counts."],
    link: { label: "Use this address", address },
  };
}

/** What happened to an account, so that its owner hears of it when it wasn't them. */
export function notice(subject: string, what: string): Written {
  return { subject, text: [what, "If it wasn't you, choose a new password at once, and tell whoever runs this Switchboard."] };
}

/** Tells that a recovery code was used, in the transaction that uses it. */
export async function tellOfRecovery(tx: Sql, keys: KeysOfMail, email: string, codesLeft: number): Promise<void> {
  const what = `Somebody who knows your password used one of your recovery codes; ${codesLeft} are left. If that was you, set up your authenticator again now.`;
  await mailAccount(tx, keys, { to: email, ...notice("A recovery code of your account was used", what) });
}

/** Tells that a second factor was set up, or replaced by another. */
export async function tellOfEnrolment(tx: Sql, keys: KeysOfMail, email: string, replaced: boolean): Promise<void> {
  const told = replaced
    ? notice(
        "Your second factor was replaced",
        "Another authenticator counts for your account from now on, with new recovery codes; those before don't.",
      )
    : notice("A second factor was set up", "From now on signing in to your account asks for a code of your authenticator.");
  await mailAccount(tx, keys, { to: email, ...told });
}

/** Tells that there are new recovery codes. */
export async function tellOfNewCodes(tx: Sql, keys: KeysOfMail, email: string): Promise<void> {
  const what = "New recovery codes were made for your account; those before count no more.";
  await mailAccount(tx, keys, { to: email, ...notice("You have new recovery codes", what) });
}
