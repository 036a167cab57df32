import { Refusal } from "../protocol/refusal.ts";
import type { AccountOutside } from "./accountOutside.ts";
import { findPasswordHash } from "./accountStore.ts";
import type { SignedIn } from "./sessionStore.ts";

/** That whoever asks knows the password now, for what can't be undone. Refusals: `invalid_value` (`password`), `rate_limited`. */
export async function provePassword(
  { database, passwords, signInThrottle }: Pick<AccountOutside, "database" | "passwords" | "signInThrottle">,
  { account, email }: Pick<SignedIn, "account" | "email">,
  password: string,
): Promise<void> {
  const { succeeded } = await signInThrottle.admit({ email });
  if ((await passwords.matches(await findPasswordHash(database, account), password)) !== true)
    throw new Refusal("invalid_value", "The password is not right.", { path: "password" });
  await succeeded();
}
