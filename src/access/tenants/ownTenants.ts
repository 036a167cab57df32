import { randomBytes } from "node:crypto";
import { v7 as newId } from "uuid";
import type { Platform } from "../../platform/platform.ts";
import type { SessionAnswer } from "../../protocol/access.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Access } from "../access.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { checkedName } from "../accounts/registerAccount.ts";
import { audit } from "../audit/audit.ts";
import { unauthenticated } from "../authenticate.ts";
import { placesOfSession } from "../members/memberships.ts";
import { answerOf } from "../sessions/grant.ts";
import { notYet } from "../sessions/nextStep.ts";
import { findLiveSessions, type SignedIn } from "../sessions/sessionStore.ts";
import { tooMany } from "../sessions/throttle.ts";
import { insertTenant, saveSessionTenant } from "./tenantStore.ts";
import { checkedSlug, checkedTimeZone } from "./tenantValues.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock"> & Pick<Access, "keys" | "throttle">;

export interface NewTenant {
  name: string;
  slug: string;
  timeZone: string;
  language: string;
}

const aDay = { points: 5, periodMs: 24 * 3_600_000 };

/**
 * Makes a tenant that belongs to whoever asks, with a team, and an inbox that waits for the address of its site; the session goes on in it.
 * Refusals: `forbidden` where something else comes first, `invalid_value`, `conflict` (`slug`) where the name is taken, `rate_limited`.
 */
export async function makeTenant(outside: Outside, by: SignedIn, { name, slug, timeZone, language }: NewTenant): Promise<SessionAnswer> {
  if (by.next !== "none") throw notYet(by.next);
  if (by.sso !== null) throw new Refusal("forbidden", "You came by a workspace's single sign-on, which is good for that workspace alone.");
  const { database, throttle } = outside;
  const tenant = { id: newId(), name: checkedName(name), slug: checkedSlug(slug), timeZone: checkedTimeZone(timeZone), language };
  const waitMs = await throttle.consume([{ what: "new tenants", who: by.account, ...aDay }]);
  if (waitMs !== undefined) throw tooMany("Several tenants were made today", waitMs);
  await database.acrossTenants.transaction(async (tx) => {
    const inbox = { id: newId(), key: randomBytes(15).toString("base64url") };
    if (!(await insertTenant(tx, tenant, by.account, inbox)))
      throw new Refusal("conflict", `The short name "${tenant.slug}" is taken; choose another one.`, { path: "slug" });
    await saveSessionTenant(tx, by.session, tenant.id);
    const object = { kind: "tenant", id: tenant.id, name: tenant.name };
    await audit(tx, { tenant: tenant.id, actor: actorOf(by), action: "tenant.create", object });
  });
  return await goneOn(outside, by);
}

/**
 * Goes on in another tenant of one's own, with a token for it; what was open in the one before closes. Refusals: `forbidden` where something else
 * comes first, `not_found` for a tenant where one may not work as for none.
 */
export async function switchTenant(outside: Outside, by: SignedIn, slug: string): Promise<SessionAnswer> {
  if (by.next !== "none") throw notYet(by.next);
  const { database } = outside;
  const chosen = (await placesOfSession({ database }, by)).find(({ tenant }) => tenant === slug);
  if (chosen === undefined) throw new Refusal("not_found", "There is no such tenant of yours.", { path: "tenant" });
  await database.acrossTenants.transaction(async (tx) => {
    await saveSessionTenant(tx, by.session, chosen.tenantId);
    await audit(tx, {
      tenant: chosen.tenantId,
      actor: actorOf(by),
      action: "session.enter",
      object: { kind: "session", id: by.session },
    });
  });
  return await goneOn(outside, by);
}

async function goneOn(outside: Outside, by: SignedIn): Promise<SessionAnswer> {
  const { database, bus, clock } = outside;
  const [live] = await findLiveSessions(database.acrossTenants, [by.session], new Date(clock.now()));
  if (live === undefined) throw unauthenticated();
  announceAccessChange({ bus }, [by.tenant?.id ?? null, live.signedIn.tenant?.id ?? null]);
  return answerOf(outside, live, await placesOfSession({ database }, live.signedIn));
}

function actorOf({ account, name, asked }: SignedIn) {
  return { kind: "account", id: account, name, ...asked } as const;
}
