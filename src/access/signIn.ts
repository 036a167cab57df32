import { v7 as newId } from "uuid";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { Access } from "./access.ts";
import { grantOf, type SessionGrant } from "./grant.ts";
import { type Membership, membershipsOf } from "./memberships.ts";
import { hashOfToken, newToken } from "./opaqueToken.ts";
import { findLiveSessions, insertSession } from "./sessionStore.ts";

export interface SignInAttempt {
  email: string;
  password: string;
  address: string;
  userAgent: string;
}

type Outside = Pick<Platform, "database" | "clock" | "log"> & Pick<Access, "keys" | "passwords" | "signInThrottle">;

const hourMs = 3_600_000;

/**
 * Begins a session. Refusals: `invalid_credentials`, the same and after the same time for an account that doesn't exist, has another password
 * or may not work anywhere; `rate_limited`; `unavailable`.
 */
export async function signIn(outside: Outside, { email: written, password, address, userAgent }: SignInAttempt): Promise<SessionGrant> {
  const { database, clock, log, passwords, signInThrottle } = outside;
  const email = foldEmail(written);
  const succeeded = await signInThrottle.admit({ email, address });
  const account = await database.prisma.account.findUnique({ where: { email } });
  const right = await passwords.matches(account?.passwordHash ?? undefined, password);
  const memberships = right === true && account?.active === true ? await membershipsOf({ database }, account.id) : [];
  const [home] = memberships;
  if (account === null || home === undefined) {
    log.info({ account: account?.id, address }, "sign-in refused");
    throw new Refusal("invalid_credentials", "The e-mail or the password is not right.");
  }
  await succeeded();
  const session = newId();
  const refreshToken = newToken();
  const now = clock.now();
  await insertSession(
    { database },
    {
      session,
      account: account.id,
      tenant: home.tenantId,
      userAgent: userAgent.slice(0, 300),
      address,
      refreshHash: hashOfToken(refreshToken),
      now: new Date(now),
      endsAt: new Date(now + sessionMs(home)),
    },
  );
  const [live] = await findLiveSessions(database.acrossTenants, [session], new Date(now));
  if (live === undefined) throw new Refusal("invalid_credentials", "The e-mail or the password is not right.");
  log.info({ account: account.id, session, tenant: home.tenantId, address }, "signed in");
  if (account.passwordHash !== null && passwords.isOutdated(account.passwordHash))
    await rehash(outside, account.id, account.passwordHash, password);
  return grantOf(
    outside,
    live,
    memberships.map(({ tenant, roles }) => ({ tenant, roles })),
    refreshToken,
  );
}

/** One account has one spelling: the table refuses capital letters. */
export function foldEmail(email: string): string {
  return email.trim().normalize("NFC").toLowerCase();
}

/** auth.md: a session of an admin ends after 24 h, of everybody else after 36 h, however often it is refreshed. */
function sessionMs(home: Membership): number {
  return (home.roles.includes("admin") ? 24 : 36) * hourMs;
}

async function rehash({ database, passwords, log }: Outside, account: string, outdated: string, password: string): Promise<void> {
  const passwordHash = await passwords.hash(password);
  // Only over the hash that was checked: a password changed meanwhile stays.
  await database.prisma.account.updateMany({ where: { id: account, passwordHash: outdated }, data: { passwordHash } });
  log.info({ account }, "password hashed anew");
}
