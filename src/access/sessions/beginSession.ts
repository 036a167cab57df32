import { v7 as newId } from "uuid";
import type { Platform } from "../../platform/platform.ts";
import type { Access } from "../access.ts";
import { mailAccount, notice } from "../accounts/accountMails.ts";
import { audit } from "../audit/audit.ts";
import { unauthenticated } from "../authenticate.ts";
import { hasMemberships, type Membership, membershipsOf, openTo } from "../members/memberships.ts";
import { permissionsOf } from "../roles/roles.ts";
import { grantOf, type SessionGrant } from "./grant.ts";
import { hashOfToken, newToken } from "./opaqueToken.ts";
import { sessionLimits } from "./sessionLimits.ts";
import { findLiveSessions, insertSession } from "./sessionStore.ts";

const oldestEnded =
  "You signed in on one device more than the ten that an account may use at a time; the session that was begun first has ended.";

/** From where, and by what, somebody signs in. */
export interface SignInFrom {
  address: string;
  userAgent: string;
  requestId?: string | undefined;
  /** `password`, or the provider that said who they are. */
  by: string;
  /** The tenant by whose single sign-on they come; null where it is their own account that they showed. */
  sso: string | null;
}

interface Person {
  id: string;
  name: string;
  email: string;
}

/** Begins a session in the first of the places; what comes next (a second factor, a proof of the address) the session says. */
export async function beginSession(
  { database, clock, log, keys }: Pick<Platform, "database" | "clock" | "log"> & Pick<Access, "keys">,
  account: Person,
  places: readonly Membership[],
  { address, userAgent, requestId, by, sso }: SignInFrom,
): Promise<SessionGrant> {
  const [home] = places;
  const session = newId();
  const refreshToken = newToken();
  const now = clock.now();
  await database.acrossTenants.transaction(async (tx) => {
    const { beyond } = await insertSession(tx, {
      session,
      account: account.id,
      tenant: home?.tenantId,
      sso,
      userAgent: userAgent.slice(0, 300),
      address,
      refreshHash: hashOfToken(refreshToken),
      now: new Date(now),
      endsAt: new Date(now + sessionLimits(permissionsOf(home?.roles ?? [])).longestMs),
    });
    if (beyond > 0) await mailAccount(tx, keys, { to: account.email, ...notice("A session has ended", oldestEnded) });
    await audit(tx, {
      tenant: home?.tenantId,
      actor: { kind: "account", id: account.id, name: account.name, address, ...(requestId === undefined ? {} : { requestId }) },
      action: "session.begin",
      object: { kind: "session", id: session },
      detail: { userAgent: userAgent.slice(0, 300), by },
    });
  });
  const [live] = await findLiveSessions(database.acrossTenants, [session], new Date(now));
  if (live === undefined) throw unauthenticated();
  log.info({ account: account.id, session, tenant: home?.tenantId, address, by }, "signed in");
  return grantOf({ keys, clock }, live, [...places], refreshToken);
}

export type Places =
  | { kind: "open"; places: Membership[] }
  /** They were put out everywhere. */
  | { kind: "none" }
  /** Their workspaces want their single sign-on. */
  | { kind: "ssoOnly"; tenant: Membership };

/** Where somebody who comes this way may work. Who never was anywhere may make a tenant; who was put out everywhere has no way in. */
export async function placesOf({ database }: Pick<Platform, "database">, account: string, sso: string | null): Promise<Places> {
  const memberships = await membershipsOf({ database }, account);
  const places = openTo(memberships, sso);
  const [first] = memberships;
  if (places.length > 0) return { kind: "open", places };
  if (first !== undefined && sso === null) return { kind: "ssoOnly", tenant: first };
  if (sso !== null || (await hasMemberships({ database }, account))) return { kind: "none" };
  return { kind: "open", places: [] };
}
