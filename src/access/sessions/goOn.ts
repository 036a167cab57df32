import type { Platform } from "../../platform/platform.ts";
import type { Access } from "../access.ts";
import { unauthenticated } from "../authenticate.ts";
import { placesOfSession } from "../members/memberships.ts";
import { grantOf, type SessionGrant } from "./grant.ts";
import { hashOfToken } from "./opaqueToken.ts";
import { type Asking, refreshSession } from "./refreshSession.ts";
import { findLiveSessions, lockRefreshToken } from "./sessionStore.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock" | "log"> & Pick<Access, "keys">;

/** As at sign-in; without a refresh token for a caller who showed none, and keeps what they have. */
export type ContinuedGrant = Omit<SessionGrant, "refreshToken"> & { refreshToken: string | undefined };

/** A session that may do more than before gets a new access token, and a new refresh token for its own one (ASVS 7.2.4). */
export async function goOn(outside: Outside, session: string, token: string | undefined, asked: Asking): Promise<ContinuedGrant> {
  const { database, clock } = outside;
  const own = token === undefined ? undefined : await lockRefreshToken(database.acrossTenants, hashOfToken(token));
  if (token !== undefined && own?.session === session) return await refreshSession(outside, token, asked);
  const [live] = await findLiveSessions(database.acrossTenants, [session], new Date(clock.now()));
  if (live === undefined) throw unauthenticated();
  const memberships = await placesOfSession({ database }, live.signedIn);
  const places = memberships.map(({ tenant, roles }) => ({ tenant, roles }));
  const { answer, refreshEndsAt } = grantOf(outside, live, places, "");
  return { answer, refreshEndsAt, refreshToken: undefined };
}
