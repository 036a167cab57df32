import type { Sql } from "../platform/database/database.ts";
import { tellAccount } from "./accountNotices.ts";
import type { SignedIn } from "./sessionStore.ts";

type Person = Pick<SignedIn, "name" | "email">;

/** Tells that a recovery code was used, in the transaction that uses it. */
export async function tellOfRecovery(tx: Sql, { session, name, email }: SignedIn, codesLeft: number, nowMs: number): Promise<void> {
  await tellAccount(tx, {
    to: email,
    key: `factor.recovery:${session}:${nowMs}`,
    subject: "A recovery code of your account was used",
    paragraphs: [
      `Hello ${name},`,
      `somebody who knows your password used one of your recovery codes. You have ${codesLeft} of them left.`,
      "If that was you, set up your authenticator again now: the codes are for the day on which it is lost. If it wasn't, change your password at once.",
    ],
  });
}

/** Tells that a second factor was set up, or replaced by another. */
export async function tellOfEnrolment(
  tx: Sql,
  { name, email }: Person,
  { key, replaced }: { key: string; replaced: boolean },
): Promise<void> {
  await tellAccount(tx, {
    to: email,
    key,
    subject: replaced ? "Your second factor was replaced" : "A second factor was set up",
    paragraphs: [
      `Hello ${name},`,
      replaced
        ? "the authenticator of your account was replaced by another one, with new recovery codes. The ones before count no more."
        : "from now on signing in to your account asks for a code of your authenticator.",
      "If that wasn't you, ask your administrator for help at once.",
    ],
  });
}

/** Tells that there are new recovery codes. */
export async function tellOfNewCodes(tx: Sql, { name, email }: Person, key: string): Promise<void> {
  await tellAccount(tx, {
    to: email,
    key,
    subject: "You have new recovery codes",
    paragraphs: [
      `Hello ${name},`,
      "new recovery codes were made for your account. The ones before count no more.",
      "If that wasn't you, change your password at once.",
    ],
  });
}
