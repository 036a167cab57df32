import type { TenantSql } from "../../platform/database/database.ts";
import type { Language } from "../../protocol/languages.ts";
import { notForKeys } from "../apiKeys/apiKeys.ts";
import { needSecondFactor } from "../permissions.ts";
import type { AccountPrincipal } from "../principal.ts";
import { grantsOf } from "../roles/roles.ts";
import { findActiveMember, findKeyScopes } from "./standInStore.ts";

export interface StandingIn {
  account: string;
  /** The API key by which they asked, where it was one. */
  key: string | null;
  /** In place of a session, of which there is none: what is done for them now, they asked for in another hour. */
  instead: string;
  /** What they read, where they said it when they asked. */
  language?: Language | null;
}

/**
 * Somebody who asked for what is only done now, with the rights that they have now: what they lost meanwhile is gone. Undefined for whoever may
 * not work here any more, and for a key that counts no more.
 */
export async function standIn(
  sql: Pick<TenantSql, "tenant" | "query" | "unwalled">,
  { account, key, instead, language = null }: StandingIn,
  now: Date,
): Promise<AccountPrincipal | undefined> {
  const member = await findActiveMember(sql, account, now);
  const scoped = key === null ? undefined : await findKeyScopes(sql, key, now);
  if (member === undefined || (key !== null && scoped === undefined)) return undefined;
  const grants = grantsOf(member.roles, member.own).filter(({ permission }) =>
    scoped === undefined
      ? member.factorOn || !needSecondFactor.has(permission)
      : scoped.scopes.includes(permission) && !notForKeys.has(permission),
  );
  return {
    kind: scoped === undefined ? "account" : "apiKey",
    tenant: sql.tenant,
    account,
    name: member.name,
    email: member.email,
    session: instead,
    ...(language === null ? {} : { language }),
    ...(key === null || scoped === undefined ? {} : { key: { id: key, name: scoped.name } }),
    permissions: new Set(grants.map(({ permission }) => permission)),
    grants,
    roles: member.roles,
    teams: member.teams,
  };
}
