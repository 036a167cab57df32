import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Access } from "../access.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { revokeKeysOf } from "../apiKeys/apiKeyStore.ts";
import { actorOf, audit } from "../audit/audit.ts";
import { tenantWords } from "../members/memberships.ts";
import type { AccountPrincipal } from "../principal.ts";
import { revokeSessions } from "../sessions/sessionStore.ts";
import { findPasswordHash, replacePasswordHash } from "./accountStore.ts";
import { checkNewPassword } from "./passwordRules.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock" | "log"> & Pick<Access, "passwords" | "signInThrottle">;

/**
 * Changes the password of whoever asks, and ends all other sessions and the API keys of the account: whoever knew the old one is
 * out (GHSA-g72g-r7m4-9x4g).
 * Refusals: `invalid_value` with the argument meant, `rate_limited`, `stale`. Answers how many sessions ended.
 */
export async function changePassword(
  { database, bus, clock, log, passwords, signInThrottle }: Outside,
  principal: AccountPrincipal,
  { current, next }: { current: string; next: string },
): Promise<number> {
  const words = [principal.email, principal.name, ...(await tenantWords({ database }, principal.account))];
  checkNewPassword(next, words, "args.new");
  const { succeeded } = await signInThrottle.admit({ email: principal.email });
  const stored = await findPasswordHash(database, principal.account);
  if ((await passwords.matches(stored, current)) !== true) {
    throw new Refusal("invalid_value", "The current password is not right.", { path: "args.current" });
  }
  await succeeded();
  if (await passwords.matches(stored, next)) {
    throw new Refusal("invalid_value", "This is the password that you have now; choose another one.", { path: "args.new" });
  }
  const hash = await passwords.hash(next);
  const ended = await database.acrossTenants.transaction(async (tx) => {
    if (!(await replacePasswordHash(tx, principal.account, { from: stored, to: hash })))
      throw new Refusal("stale", "The password was changed by somebody else in this moment; sign in again.");
    const sessions = await revokeSessions(
      tx,
      { account: principal.account, except: principal.session },
      "password_changed",
      new Date(clock.now()),
    );
    const keysEnded = await revokeKeysOf(tx, principal.account, new Date(clock.now()));
    await audit(tx, {
      tenant: principal.tenant,
      actor: actorOf(principal),
      action: "me.password",
      object: { kind: "account", id: principal.account, name: principal.name },
      detail: { sessionsEnded: sessions.length, keysEnded },
    });
    return sessions;
  });
  announceAccessChange(
    { bus },
    ended.map(({ tenant }) => tenant),
  );
  log.info({ audit: "password_changed", account: principal.account, sessionsEnded: ended.length }, "password changed");
  return ended.length;
}
