import type { Sql } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Access } from "../access.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { mailAccount, notice } from "../accounts/accountMails.ts";
import { lockAccount } from "../accounts/accountStore.ts";
import { audit } from "../audit/audit.ts";
import { unauthenticated } from "../authenticate.ts";
import { acceptedKeys, type Keys } from "../keys/keys.ts";
import { placesOfSession } from "../members/memberships.ts";
import type { Asked } from "../principal.ts";
import { grantOf, type SessionGrant } from "./grant.ts";
import { hashOfToken, successorOf } from "./opaqueToken.ts";
import { findLiveSessions, lockRefreshToken, replaceRefreshToken, revokeSessions } from "./sessionStore.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock" | "log"> & Pick<Access, "keys">;

/** Tabs use one cookie at the same moment, or an answer gets lost: within 10 s the same browser's used token still leads to the newest one. */
const toleranceMs = 10_000;
const copied = "The key of one of your sessions was used twice, as if somebody had a copy of it. That session has ended; sign in again.";

/** With the browser that asks, where a browser does. */
export type Asking = Asked & { userAgent?: string };

type Rotation =
  | { outcome: "rotated"; session: string; token: string }
  | { outcome: "refused" }
  | { outcome: "stolen"; session: string; tenant: string | null; account: string };

/**
 * Goes on with a session: a new access token and the refresh token's successor. A token that was used before is a copy in somebody's hands:
 * the session ends, and its sockets close (RFC 9700, 4.14.2). Refusal `unauthenticated`.
 */
export async function refreshSession(outside: Outside, token: string, asked?: Asking): Promise<SessionGrant> {
  const { database, bus, clock, log, keys } = outside;
  const now = new Date(clock.now());
  const rotation = await database.acrossTenants.transaction((tx) => rotate(tx, keys, token, now, asked));
  if (rotation.outcome === "stolen") {
    announceAccessChange({ bus }, [rotation.tenant]);
    log.warn(
      { audit: "refresh_token_reused", session: rotation.session, account: rotation.account },
      "a refresh token was used again: session ended",
    );
  }
  if (rotation.outcome !== "rotated") throw unauthenticated();
  const [live] = await findLiveSessions(database.acrossTenants, [rotation.session], now);
  if (live === undefined) throw unauthenticated();
  const memberships = await placesOfSession({ database }, live.signedIn);
  return grantOf(outside, live, memberships, rotation.token);
}

async function rotate(tx: Sql, keys: Keys, presented: string, now: Date, asked: Asking | undefined): Promise<Rotation> {
  const agent = asked?.userAgent === undefined ? null : hashOfToken(asked.userAgent);
  let token = presented;
  for (;;) {
    const hash = hashOfToken(token);
    const stored = await lockRefreshToken(tx, hash);
    if (stored === undefined || stored.revokedAt !== null || stored.expiresAt <= now || stored.endsAt <= now) return { outcome: "refused" };
    const successor = successorOf(token, keys.refreshTokens);
    if (stored.usedAt === null) {
      // The presented one is new, or the newest of its line: its holder, late by less than the tolerance, goes on with what the others have.
      if (token !== presented) return { outcome: "rotated", session: stored.session, token };
      await replaceRefreshToken(tx, hash, hashOfToken(successor), agent, now);
      return { outcome: "rotated", session: stored.session, token: successor };
    }
    const another = agent !== null && stored.usedAgent !== null && !stored.usedAgent.equals(agent);
    if (another || now.getTime() - stored.usedAt.getTime() > toleranceMs) {
      await revokeSessions(tx, { session: stored.session }, "refresh_token_reused", now);
      const owner = await lockAccount(tx, { id: stored.account });
      if (owner !== undefined) await mailAccount(tx, keys, { to: owner.email, ...notice("A session was ended", copied) });
      await audit(tx, {
        tenant: stored.tenant ?? undefined,
        actor: { kind: "nobody", ...asked },
        action: "session.theft",
        object: { kind: "account", id: stored.account },
        detail: { session: stored.session },
      });
      return { outcome: "stolen", session: stored.session, tenant: stored.tenant, account: stored.account };
    }
    token = await followerOf(tx, keys, token);
  }
}

/** What a used token was replaced by, which was perhaps before the root key was rotated. */
async function followerOf(tx: Sql, keys: Keys, token: string): Promise<string> {
  const possible = acceptedKeys(keys, "refreshTokens").map((key) => successorOf(token, key));
  for (const follower of possible) if ((await lockRefreshToken(tx, hashOfToken(follower))) !== undefined) return follower;
  return successorOf(token, keys.refreshTokens);
}
