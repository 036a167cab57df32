import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { Access } from "./access.ts";
import { announceAccessChange } from "./accessChanges.ts";
import { findPasswordHash, replacePasswordHash } from "./accountStore.ts";
import { actorOf, audit } from "./audit.ts";
import { checkNewPassword } from "./passwordRules.ts";
import type { AccountPrincipal } from "./principal.ts";
import { revokeSessions } from "./sessionStore.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock" | "log"> & Pick<Access, "passwords" | "signInThrottle">;

/**
 * Changes the password of whoever asks, and ends all other sessions of the account: whoever knew the old one is out.
 * Refusals: `invalid_value` with the argument meant, `rate_limited`, `stale`. Answers how many sessions ended.
 */
export async function changePassword(
  { database, bus, clock, log, passwords, signInThrottle }: Outside,
  principal: AccountPrincipal,
  { current, next }: { current: string; next: string },
): Promise<number> {
  checkNewPassword(next, ["switchboard", principal.email, principal.name], "args.new");
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
    await audit(tx, {
      tenant: principal.tenant,
      actor: actorOf(principal),
      action: "me.password",
      object: { kind: "account", id: principal.account, name: principal.name },
      detail: { sessionsEnded: sessions.length },
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
