import { readAddress } from "../../platform/mail/address.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Access } from "../access.ts";
import { mailAccount, notice } from "../accounts/accountMails.ts";
import { disablePassword, findToSignIn, replacePasswordHash } from "../accounts/accountStore.ts";
import { audit } from "../audit/audit.ts";
import { beginSession, placesOf } from "./beginSession.ts";
import type { SessionGrant } from "./grant.ts";
import { knownDevice } from "./knownDevice.ts";
import { findHome } from "./sessionStore.ts";

const triesAtMost = 100;

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
 * Begins a session. Refusals: `invalid_credentials`, the same and after the same time for an account that doesn't exist or has another password;
 * `forbidden` where the password is right but its person is deactivated, or the workspace wants its single sign-on; `rate_limited`; `unavailable`.
 */
export async function signIn(outside: Outside, attempt: SignInAttempt): Promise<SessionGrant> {
  const { database, log, passwords, signInThrottle } = outside;
  const { email: written, password, address, userAgent } = attempt;
  const from = { address, ...(attempt.requestId === undefined ? {} : { requestId: attempt.requestId }) };
  const email = foldEmail(written);
  const device = knownDevice(outside.keys, email, attempt.device);
  const { tries, succeeded } = await signInThrottle.admit({ email, address, device });
  const find = () => findToSignIn(database, email);
  const { found: account, right } = await passwords.matchesFound(find, (stored) => stored?.passwordHash, password);
  // An account that a tenant's single sign-on made has no other way in.
  if (right !== true || account === null || account.ssoTenantId !== null) {
    log.info({ account: account?.id, address }, "sign-in refused");
    if (tries >= triesAtMost && account !== null) await disablePasswordOf(outside, account, from);
    await auditRefusal(outside, account?.id, from);
    throw new Refusal("invalid_credentials", "The e-mail or the password is not right.");
  }
  await succeeded();
  const found = account.active ? await placesOf(outside, account.id, null) : { kind: "none" as const };
  // Told to nobody but who knows the password: they would look for a mistake of theirs, and lock themselves out trying.
  if (found.kind === "none") {
    log.info({ account: account.id, address }, "sign-in of somebody deactivated refused");
    await auditRefusal(outside, account.id, from);
    throw deactivated();
  }
  if (found.kind === "ssoOnly")
    throw new Refusal("forbidden", `${found.tenant.name} signs people in by its single sign-on only: use that.`);
  const grant = await beginSession(outside, account, found.places, { ...from, userAgent, by: "password", sso: null });
  if (account.passwordHash !== null && passwords.isOutdated(account.passwordHash))
    await rehash(outside, account.id, account.passwordHash, password);
  return grant;
}

/** For whoever has shown that the account is theirs: it is active nowhere. */
export function deactivated(): Refusal {
  return new Refusal("forbidden", "Your account or your workspace is deactivated. An admin can activate it again.");
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

/** One account has one spelling: the table refuses capital letters, and a domain of other letters is kept in ASCII. */
export function foldEmail(email: string): string {
  const folded = email.trim().normalize("NFC").toLowerCase();
  return readAddress(folded) ?? folded;
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

async function rehash({ database, passwords, log }: Outside, account: string, outdated: string, password: string): Promise<void> {
  const passwordHash = await passwords.hash(password);
  await replacePasswordHash(database.acrossTenants, account, { from: outdated, to: passwordHash });
  log.info({ account }, "password hashed anew");
}
