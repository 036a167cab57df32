import { Refusal } from "../../protocol/refusal.ts";
import { identitiesOf } from "../providers/identityStore.ts";
import type { SignedIn } from "../sessions/sessionStore.ts";
import type { AccountOutside } from "./accountOutside.ts";
import { findPasswordHash } from "./accountStore.ts";

/**
 * That whoever asks knows the password now, for what can't be undone. Who has none, and comes by a provider, has shown who they are by the step-up
 * that is asked for first. Refusals: `invalid_value` (`password`), `rate_limited`.
 */
export async function provePassword(
  { database, passwords, signInThrottle }: Pick<AccountOutside, "database" | "passwords" | "signInThrottle">,
  { account, email }: Pick<SignedIn, "account" | "email">,
  password: string | undefined,
): Promise<void> {
  const hash = await findPasswordHash(database, account);
  if (hash === undefined && (await identitiesOf(database.acrossTenants, account)).length > 0) return;
  if (password === undefined) throw new Refusal("invalid_value", "Write your password.", { path: "password" });
  const { succeeded } = await signInThrottle.admit({ email });
  if ((await passwords.matches(hash, password)) !== true)
    throw new Refusal("invalid_value", "The password is not right.", { path: "password" });
  await succeeded();
}
