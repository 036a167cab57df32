import { v7 as newId } from "uuid";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { actorOf, audit } from "../audit/audit.ts";
import { unauthenticated } from "../authenticate.ts";
import type { Permission } from "../permissions.ts";
import type { AccountPrincipal } from "../principal.ts";
import { grantsOf } from "../roles/roles.ts";
import { hashOfToken, newToken } from "../sessions/opaqueToken.ts";
import { findLiveKey, insertKey, revokeKey, saveKeyUsed } from "./apiKeyStore.ts";

type Outside = Pick<Platform, "database" | "clock">;

/** Programs that look for leaked keys know ours by it. */
const keyStart = "sbk_";
const shownLength = keyStart.length + 8;
const dayMs = 24 * 3_600_000;
/** auth.md: a key counts for 90 days at most. */
export const longestDays = 90;
const usedEveryMs = 60_000;

/** What no key may do: make other keys, let people in, or give rights, so that a leaked one can't outlive its end. */
export const notForKeys: ReadonlySet<Permission> = new Set<Permission>([
  "keys.manage",
  "people.manage",
  "roles.manage",
  "tenant.manage",
  "runs.break-glass",
]);

export interface NewKey {
  name: string;
  scopes: readonly Permission[];
  days: number;
}

/**
 * Makes a key that may do, in its maker's name, what is among its scopes while its maker may. The key is answered here and nowhere else; stored is
 * its hash. Refusals: `forbidden` (`args.scopes`) for what the maker may not, or no key may.
 */
export async function createKey(
  { database, clock }: Outside,
  by: AccountPrincipal,
  { name, scopes, days }: NewKey,
): Promise<{ id: string; key: string; expiresAt: string }> {
  const above = scopes.find((scope) => notForKeys.has(scope) || !by.permissions.has(scope));
  if (above !== undefined)
    throw new Refusal("forbidden", `A key of yours can't hold "${above}"; ${notForKeys.has(above) ? "no key may" : "you don't hold it"}.`, {
      path: "args.scopes",
    });
  const key = `${keyStart}${newToken()}`;
  const now = clock.now();
  const made = { id: newId(), expiresAt: new Date(now + days * dayMs) };
  await database.acrossTenants.transaction(async (tx) => {
    await insertKey(tx, {
      ...made,
      tenant: by.tenant,
      account: by.account,
      name,
      prefix: key.slice(0, shownLength),
      hash: hashOfToken(key),
      scopes,
      createdAt: new Date(now),
    });
    await audit(tx, {
      tenant: by.tenant,
      actor: actorOf(by),
      action: "key.create",
      object: { kind: "key", id: made.id, name },
      detail: { scopes: [...scopes], days },
    });
  });
  return { id: made.id, key, expiresAt: made.expiresAt.toISOString() };
}

/** Ends a key at once. Refusal `not_found`. */
export async function endKey({ database, clock }: Outside, by: AccountPrincipal, id: string): Promise<string> {
  return await database.acrossTenants.transaction(async (tx) => {
    const name = await revokeKey(tx, by.tenant, id, new Date(clock.now()));
    if (name === undefined) throw new Refusal("not_found", "There is no such key.", { path: "args.key" });
    await audit(tx, { tenant: by.tenant, actor: actorOf(by), action: "key.revoke", object: { kind: "key", id, name } });
    return name;
  });
}

export function isApiKey(token: string): boolean {
  return token.startsWith(keyStart);
}

/** Whoever holds a key: its maker, with what is left of their rights by its scopes, looked up each time. Refusal `unauthenticated`. */
export async function principalOfKey({ database, clock }: Outside, token: string): Promise<AccountPrincipal> {
  const now = clock.now();
  const found = await findLiveKey(database.acrossTenants, hashOfToken(token), new Date(now));
  if (found === undefined) throw unauthenticated();
  const { id, keyName, scopes, roles, own, lastUsedAt, ...maker } = found;
  if (lastUsedAt === null || now - lastUsedAt.getTime() >= usedEveryMs)
    await saveKeyUsed(database.acrossTenants, maker.tenant, id, new Date(now));
  const grants = grantsOf(roles, own).filter(({ permission }) => scopes.includes(permission) && !notForKeys.has(permission));
  return {
    kind: "apiKey",
    ...maker,
    roles,
    // No session is of this id.
    session: id,
    key: { id, name: keyName },
    permissions: new Set(grants.map(({ permission }) => permission)),
    grants,
  };
}
