import { v7 as newId } from "uuid";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Access } from "../access.ts";
import { audit } from "../audit/audit.ts";
import { unauthenticated } from "../authenticate.ts";
import type { Asked } from "../principal.ts";
import { hashOfToken, newToken } from "../sessions/opaqueToken.ts";
import { foldEmail } from "../sessions/signIn.ts";
import { asTyped } from "./oneTimeSecret.ts";
import { failuresAtMost, isLive, type SuperPrincipal, superActor, superPrincipal, superSessionMs } from "./superSession.ts";
import {
  countFailure,
  deleteSuperSession,
  findCredentials,
  findSuperSession,
  insertSuperSession,
  type SuperCredentials,
  touchSuperSession,
  useCredentials,
} from "./superSessionStore.ts";

type Outside = Pick<Platform, "database" | "clock" | "log"> & Pick<Access, "passwords" | "signInThrottle">;

/**
 * Begins a session of a super admin by the password, or by the one-time secret, which is used up; answers the cookie's token. Refusals:
 * `invalid_credentials`, the same and after the same time for whoever isn't one; `rate_limited`; `unavailable`.
 */
export async function signInSuper(
  outside: Outside,
  attempt: { email: string; password: string; userAgent: string },
  asked: Asked,
): Promise<{ token: string; endsAt: Date }> {
  const { database, clock, log, passwords, signInThrottle } = outside;
  const email = foldEmail(attempt.email);
  // A counter of its own: who tries an account's password doesn't keep a super admin out.
  const { succeeded } = await signInThrottle.admit({ email: `super ${email}`, address: asked.address });
  const found = await findCredentials(database.acrossTenants, email);
  const right = await passwords.matches(compared(found, clock.now()), asTyped(attempt.password));
  if (found === undefined || right !== true) throw await refuse(outside, found, asked);
  const session = newId();
  const token = newToken();
  const now = new Date(clock.now());
  const endsAt = new Date(clock.now() + superSessionMs);
  await database.acrossTenants.transaction(async (tx) => {
    if (!(await useCredentials(tx, found))) throw wrong();
    const userAgent = attempt.userAgent.slice(0, 300);
    await insertSuperSession(tx, {
      session,
      admin: found.id,
      tokenHash: hashOfToken(token),
      address: asked.address,
      userAgent,
      now,
      endsAt,
    });
    const actor = superActor({ admin: found.id, name: found.name, asked });
    await audit(tx, { tenant: undefined, actor, action: "super.sign-in", object: { kind: "super-session", id: session } });
  });
  await succeeded();
  log.info({ super: found.id, session, address: asked.address }, "a super admin signed in");
  return { token, endsAt };
}

/** The hash that counts now: none where the secret is late, or too much was tried. */
function compared(found: SuperCredentials | undefined, nowMs: number): string | undefined {
  if (found === undefined || found.failures >= failuresAtMost) return undefined;
  if (found.secretHash === null) return found.passwordHash ?? undefined;
  return (found.secretExpiresAt?.getTime() ?? 0) > nowMs ? found.secretHash : undefined;
}

/** What was written as a mail is not kept: people write their password there. */
async function refuse({ database, log }: Outside, found: SuperCredentials | undefined, asked: Asked): Promise<Refusal> {
  log.info({ super: found?.id, address: asked.address }, "sign-in of a super admin refused");
  await database.acrossTenants.transaction(async (tx) => {
    await countFailure(tx, found?.id);
    await audit(tx, {
      tenant: undefined,
      actor: { kind: "nobody", ...asked },
      action: "super.refuse",
      ...(found === undefined ? {} : { object: { kind: "super", id: found.id, name: found.name } }),
    });
  });
  return wrong();
}

function wrong(): Refusal {
  return new Refusal("invalid_credentials", "The mail or the password is not right.", { path: "password" });
}

/** A minute of idleness more or less doesn't matter; a write for each page would. */
const touchAfterMs = 30_000;

/** Who asks with this cookie, now. Refusal `unauthenticated`, the same for every reason. */
export async function superOfToken(
  { database, clock }: Pick<Outside, "database" | "clock">,
  token: string | undefined,
  asked: Asked,
): Promise<SuperPrincipal> {
  const stored = token === undefined ? undefined : await findSuperSession(database.acrossTenants, hashOfToken(token));
  const now = clock.now();
  if (stored === undefined || !isLive(stored, now)) throw unauthenticated();
  if (now - stored.usedAt.getTime() > touchAfterMs) await touchSuperSession(database.acrossTenants, stored.session, new Date(now));
  return superPrincipal(stored, asked);
}

export async function signOutSuper({ database }: Pick<Outside, "database">, principal: SuperPrincipal): Promise<void> {
  await database.acrossTenants.transaction(async (tx) => {
    await deleteSuperSession(tx, principal.session);
    const object = { kind: "super-session", id: principal.session };
    await audit(tx, { tenant: undefined, actor: superActor(principal), action: "super.sign-out", object });
  });
}
