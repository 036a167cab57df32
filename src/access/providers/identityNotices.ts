import type { Sql } from "../../platform/database/database.ts";
import { mailAccount, notice } from "../accounts/accountMails.ts";
import type { Keys } from "../keys/keys.ts";

type KeysOfMail = Pick<Keys, "id" | "secrets" | "before">;

/** Tells that there is one more way in, in the transaction that makes it. */
export async function tellOfLink(tx: Sql, keys: KeysOfMail, email: string, provider: string): Promise<void> {
  const what = `From now on you can sign in to your account by ${provider} too.`;
  await mailAccount(tx, keys, { to: email, ...notice(`${provider} was linked with your account`, what) });
}

export async function tellOfUnlink(tx: Sql, keys: KeysOfMail, email: string, provider: string): Promise<void> {
  const what = `Nobody signs in to your account by ${provider} any more.`;
  await mailAccount(tx, keys, { to: email, ...notice(`${provider} was unlinked from your account`, what) });
}

/** Tells that a provider vouched for an address that was never confirmed, and what that ended (advisory 22). */
export async function tellOfTakeOver(tx: Sql, keys: KeysOfMail, email: string, provider: string): Promise<void> {
  const what = `You signed in by ${provider}, which confirms this address. A password that was chosen before doesn't count any more.`;
  await mailAccount(tx, keys, { to: email, ...notice("Your account is yours now", what) });
}
