import type { Sql } from "../platform/database/database.ts";
import { mailAccount, notice } from "./accountMails.ts";
import type { Keys } from "./keys.ts";

type KeysOfMail = Pick<Keys, "id" | "secrets" | "before">;

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
