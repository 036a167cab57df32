import { v7 as newId } from "uuid";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { Access } from "./access.ts";
import { mailAccount, notice } from "./accountMails.ts";
import { disablePassword, findToSignIn, replacePasswordHash } from "./accountStore.ts";
import { audit } from "./audit.ts";
import { grantOf, type SessionGrant } from "./grant.ts";
import { knownDevice } from "./knownDevice.ts";
import { hasMemberships, type Membership, membershipsOf } from "./memberships.ts";
import { hashOfToken, newToken } from "./opaqueToken.ts";
import { permissionsOf } from "./roles.ts";
import { sessionLimits } from "./sessionLimits.ts";
import { findHome, findLiveSessions, insertSession } from "./sessionStore.ts";

const triesAtMost = 100;
const oldestEnded =
  "You signed in on one device more than the ten that an account may use at a time; the session that was begun first has ended.";

export interface SignInAttempt {
  email: string;
  password: string;
  address: string;
  userAgent: string;
  requestId?: string;
  /** The cookie of a browser in which somebody signed in before. */
  device?: string | undefined;
}

type Outside = Pick<Platform, "database" | "clock" | "log"> & Pick<Access, "keys" | "passwords" | "signInThrottle">;

/**
 * Begins a session. Refusals: `invalid_credentials`, the same and after the same time for an account that doesn't exist, has another password
 * or may not work anywhere; `rate_limited`; `unavailable`.
 */
export async function signIn(outside: Outside, attempt: SignInAttempt): Promise<SessionGrant> {
  const { database, clock, log, passwords, signInThrottle } = outside;
  const { email: written, password, address, userAgent } = attempt;
  const from = { address, ...(attempt.requestId === undefined ? {} : { requestId: attempt.requestId }) };
  const email = foldEmail(written);
  const device = knownDevice(outside.keys, email, attempt.device);
  const { tries, succeeded } = await signInThrottle.admit({ email, address, device });
  const account = await findToSignIn(database, email);
  const right = await passwords.matches(account?.passwordHash ?? undefined, password);
  const memberships = right === true && account?.active === true ? await placesOf(outside, account.id) : undefined;
  if (account === null || memberships === undefined) {
    log.info({ account: account?.id, address }, "sign-in refused");
    if (tries >= triesAtMost && account !== null) await disablePasswordOf(outside, account, from);
    await auditRefusal(outside, account?.id, from);
    throw new Refusal("invalid_credentials", "The e-mail or the password is not right.");
  }
  await succeeded();
  const [home] = memberships;
  const session = newId();
  const refreshToken = newToken();
  const now = clock.now();
  await database.acrossTenants.transaction(async (tx) => {
    const { beyond } = await insertSession(tx, {
      session,
      account: account.id,
      tenant: home?.tenantId,
      userAgent: userAgent.slice(0, 300),
      address,
      refreshHash: hashOfToken(refreshToken),
      now: new Date(now),
      endsAt: new Date(now + sessionLimits(permissionsOf(home?.roles ?? [])).longestMs),
    });
    if (beyond > 0) await mailAccount(tx, outside.keys, { to: account.email, ...notice("A session has ended", oldestEnded) });
    await audit(tx, {
      tenant: home?.tenantId,
      actor: { kind: "account", id: account.id, name: account.name, ...from },
      action: "session.begin",
      object: { kind: "session", id: session },
      detail: { userAgent: userAgent.slice(0, 300) },
    });
  });
  const [live] = await findLiveSessions(database.acrossTenants, [session], new Date(now));
  if (live === undefined) throw new Refusal("invalid_credentials", "The e-mail or the password is not right.");
  log.info({ account: account.id, session, tenant: home?.tenantId, address }, "signed in");
  if (account.passwordHash !== null && passwords.isOutdated(account.passwordHash))
    await rehash(outside, account.id, account.passwordHash, password);
  return grantOf(outside, live, memberships, refreshToken);
}

/**
 * In the chain of the tenant where the account works, or of the installation. What was written as an e-mail is not kept: people write their
 * password there. An account that isn't there costs the same two statements, so that time doesn't tell.
 */
async function auditRefusal(
  { database }: Pick<Platform, "database">,
  account: string | undefined,
  from: { address: string; requestId?: string },
): Promise<void> {
  await database.acrossTenants.transaction(async (tx) => {
    const known = await findHome(tx, account);
    await audit(tx, {
      tenant: known?.tenant,
      actor: { kind: "nobody", ...from },
      action: "session.refuse",
      ...(account === undefined ? {} : { object: { kind: "account", id: account, name: known?.name ?? "" } }),
    });
  });
}

/** One account has one spelling: the table refuses capital letters. */
export function foldEmail(email: string): string {
  return email.trim().normalize("NFC").toLowerCase();
}

/** NIST 800-63B, 3.2.2: after 100 wrong passwords in a row none counts any more; its owner is told, and chooses a new one by mail. */
async function disablePasswordOf(
  { database, keys }: Outside,
  { id, name, email, passwordHash }: { id: string; name: string; email: string; passwordHash: string | null },
  from: { address: string; requestId?: string },
): Promise<void> {
  if (passwordHash === null) return;
  await database.acrossTenants.transaction(async (tx) => {
    if (!(await disablePassword(tx, id, passwordHash))) return;
    const what = `Your password was tried wrongly ${triesAtMost} times in a row and doesn't count any more. Ask for a new one where you sign in.`;
    await mailAccount(tx, keys, { to: email, ...notice("Your password was switched off", what) });
    const home = await findHome(tx, id);
    const object = { kind: "account", id, name };
    await audit(tx, { tenant: home?.tenant, actor: { kind: "nobody", ...from }, action: "account.password.disable", object });
  });
}

/** Where the account may work. Who was put out everywhere has no way in; who never was anywhere may make a tenant. */
async function placesOf({ database }: Pick<Platform, "database">, account: string): Promise<Membership[] | undefined> {
  const memberships = await membershipsOf({ database }, account);
  return memberships.length > 0 || !(await hasMemberships({ database }, account)) ? memberships : undefined;
}

async function rehash({ database, passwords, log }: Outside, account: string, outdated: string, password: string): Promise<void> {
  const passwordHash = await passwords.hash(password);
  await replacePasswordHash(database.acrossTenants, account, { from: outdated, to: passwordHash });
  log.info({ account }, "password hashed anew");
}
