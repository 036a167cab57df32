import { Refusal } from "../protocol/refusal.ts";
import type { AccountOutside } from "./accountOutside.ts";
import type { SignedIn } from "./sessionStore.ts";

/** That whoever asks knows the password now, for what can't be undone. Refusals: `invalid_value` (`password`), `rate_limited`. */
export async function provePassword(
  { database, passwords, signInThrottle }: Pick<AccountOutside, "database" | "passwords" | "signInThrottle">,
  { account, email }: Pick<SignedIn, "account" | "email">,
  password: string,
): Promise<void> {
  const { succeeded } = await signInThrottle.admit({ email });
  const stored = await database.prisma.account.findUnique({ where: { id: account }, select: { passwordHash: true } });
  if ((await passwords.matches(stored?.passwordHash ?? undefined, password)) !== true)
    throw new Refusal("invalid_value", "The password is not right.", { path: "password" });
  await succeeded();
}
