import type { Sql } from "../../platform/database/database.ts";
import type { NextStep, SecondFactorAsked } from "../../protocol/access.ts";
import { challenge, enrolmentDueAt } from "../factors/factorRules.ts";
import { needSecondFactor } from "../permissions.ts";
import type { AccountPrincipal, Asked } from "../principal.ts";
import { ownGrantsOfMember, teamsOfMember } from "../roles/roleStore.ts";
import { grantsOf, type OwnGrants } from "../roles/roles.ts";
import { nextStep } from "./nextStep.ts";
import { sessionLimits } from "./sessionLimits.ts";

/** Who signed in, whatever they still have to do before they may work. */
export interface SignedIn {
  account: string;
  name: string;
  email: string;
  session: string;
  tenant: { id: string; slug: string } | undefined;
  /** The tenant by whose single sign-on the session began. */
  sso: string | null;
  next: NextStep;
  secondFactor: SecondFactorAsked;
  /** The request in which they ask, where it is one: for the audit. */
  asked?: Asked;
}

/** A session as it stands now, with the rights that its account has now. */
export interface LiveSession {
  signedIn: SignedIn;
  /** Who they are in the session's tenant; nobody until there is one and nothing has to be done first. */
  principal: AccountPrincipal | undefined;
  epoch: number;
  endsAt: Date;
}

interface LiveRow {
  session: string;
  tenant: string | null;
  slug: string | null;
  account: string;
  name: string;
  email: string;
  verified: boolean;
  registeredAt: Date;
  factorExempt: boolean;
  factorOn: boolean;
  recovered: boolean;
  factorAt: Date | null;
  sso: string | null;
  roles: string[] | null;
  own: OwnGrants;
  teams: string[];
  epoch: number;
  createdAt: Date;
  activeAt: Date;
  endsAt: Date;
}

/**
 * The one statement that says whether a session counts: every door asks it. Who has no place in the session's tenant any more has no session; nor
 * has who came another way than by the single sign-on that the tenant wants, or that made their account (advisory 23): owners come as they like.
 * Keys of session, account, membership, tenant, tenant_sso, role, second_factor; team_member_account.
 */
const liveSessions = `
  select s.id as session, t.id as tenant, t.slug, a.id as account, a.name, a.email, a.verified_at is not null as verified, m.roles,
         ${ownGrantsOfMember} as own, ${teamsOfMember} as teams, a.epoch,
         a.created_at as "registeredAt", a.factor_exempt as "factorExempt", f.account_id is not null as "factorOn",
         f.recovered_at is not null as recovered, s.factor_at as "factorAt",
         s.sso_tenant_id as sso, s.created_at as "createdAt", s.active_at as "activeAt", s.ends_at as "endsAt"
    from session s
    join account a on a.id = s.account_id and a.active
    left join membership m on m.tenant_id = s.tenant_id and m.account_id = s.account_id and m.active
    left join tenant t on t.id = m.tenant_id and t.active
    left join tenant_sso o on o.tenant_id = s.tenant_id and o.enforced
    left join second_factor f on f.account_id = a.id and f.confirmed_at is not null and (f.reset_at is null or f.reset_at > $2)
   where s.id = any($1::uuid[]) and s.revoked_at is null and s.ends_at > $2 and (s.tenant_id is null or t.id is not null)
     and (s.sso_tenant_id is null or s.sso_tenant_id = s.tenant_id)
     and (a.sso_tenant_id is null or a.sso_tenant_id is not distinct from s.sso_tenant_id)
     and (o.tenant_id is null or s.sso_tenant_id = s.tenant_id or 'owner' = any(m.roles))`;

/** Those of the sessions that count at `now`. */
export async function findLiveSessions(sql: Sql, sessions: readonly string[], now: Date): Promise<LiveSession[]> {
  const rows = await sql.query<LiveRow>(liveSessions, [sessions, now], "access_live_sessions");
  return rows.flatMap((row) => liveSession(row, now.getTime()) ?? []);
}

function liveSession(row: LiveRow, nowMs: number): LiveSession | undefined {
  const { session, account, name, email, epoch, sso } = row;
  const held = grantsOf(row.roles ?? [], row.own);
  const heldAnywhere = new Set(held.map(({ permission }) => permission));
  const { longestMs, idleMs } = sessionLimits(heldAnywhere);
  const endsMs = Math.min(row.endsAt.getTime(), row.createdAt.getTime() + longestMs);
  if (endsMs <= nowMs || row.activeAt.getTime() + idleMs <= nowMs) return undefined;
  const tenant = row.tenant === null || row.slug === null ? undefined : { id: row.tenant, slug: row.slug };
  const dueAt = enrolmentDueAt({
    registeredAt: row.registeredAt,
    manages: heldAnywhere.has("people.manage") || heldAnywhere.has("roles.manage"),
    exempt: row.factorExempt,
    on: row.factorOn,
  });
  const next = nextStep({
    passwordDue: false,
    emailVerified: row.verified,
    secondFactorDue: row.factorOn && row.factorAt === null,
    enrolmentDue: dueAt !== undefined && dueAt.getTime() <= nowMs,
  });
  if (next === "secondFactor" && row.createdAt.getTime() + challenge.ms <= nowMs) return undefined;
  const mayWork = tenant !== undefined && next === "none";
  const grants = row.factorOn || row.factorExempt ? held : held.filter(({ permission }) => !needSecondFactor.has(permission));
  const permissions = new Set(grants.map(({ permission }) => permission));
  const asks = dueAt !== undefined ? "enrol" : row.factorOn && row.recovered ? "renew" : null;
  return {
    signedIn: { account, name, email, session, tenant, sso, next, secondFactor: { asks, dueAt: dueAt?.toISOString() ?? null } },
    principal: mayWork
      ? { kind: "account", tenant: tenant.id, account, name, email, session, permissions, grants, roles: row.roles ?? [], teams: row.teams }
      : undefined,
    epoch,
    endsAt: new Date(endsMs),
  };
}

/** Keeps a session from ending for idleness. */
export async function saveActive(sql: Sql, session: string, now: Date): Promise<void> {
  await sql.query("update session set active_at = greatest(active_at, $2) where id = $1", [session, now]);
}

export interface NewSession {
  session: string;
  account: string;
  /** None for whoever has none yet. */
  tenant: string | undefined;
  /** The tenant by whose single sign-on it begins. */
  sso: string | null;
  userAgent: string;
  address: string;
  refreshHash: Buffer;
  now: Date;
  endsAt: Date;
}

const sessionsPerAccount = 10;

/** Begins a session with its first refresh token; beyond ten of an account the oldest end, and are counted. */
export async function insertSession(tx: Sql, begun: NewSession): Promise<{ beyond: number }> {
  const ended = await tx.query(
    `with begun as (
       insert into session (id, account_id, tenant_id, user_agent, address, created_at, used_at, active_at, ends_at, sso_tenant_id)
       values ($1, $2, $3, $4, $5, $6, $6, $6, $7, $9)
     ), token as (
       insert into refresh_token (token_hash, session_id, issued_at, expires_at) values ($8, $1, $6, $7)
     )
     update session set revoked_at = $6, revoked_reason = 'too_many_sessions'
      where id in (select id from session where account_id = $2 and revoked_at is null and ends_at > $6
                    order by created_at desc, id desc offset ${sessionsPerAccount - 1}) returning id`,
    [
      begun.session,
      begun.account,
      begun.tenant ?? null,
      begun.userAgent,
      begun.address,
      begun.now,
      begun.endsAt,
      begun.refreshHash,
      begun.sso,
    ],
  );
  return { beyond: ended.length };
}

export interface StoredRefreshToken {
  session: string;
  tenant: string | null;
  account: string;
  usedAt: Date | null;
  /** The hash of the browser that used it. */
  usedAgent: Buffer | null;
  expiresAt: Date;
  endsAt: Date;
  revokedAt: Date | null;
}

/** Finds a refresh token and holds it until the transaction ends, so that of two uses at once one comes after the other. */
export async function lockRefreshToken(tx: Sql, hash: Buffer): Promise<StoredRefreshToken | undefined> {
  const [row] = await tx.query<StoredRefreshToken>(
    `select r.session_id as session, s.tenant_id as tenant, s.account_id as account, r.used_at as "usedAt", r.used_agent as "usedAgent", r.expires_at as "expiresAt",
            s.ends_at as "endsAt", s.revoked_at as "revokedAt"
       from refresh_token r join session s on s.id = r.session_id
      where r.token_hash = $1 for update of r`,
    [hash],
  );
  return row;
}

/** Marks the token as used and stores its successor, which ends with the session. */
export async function replaceRefreshToken(tx: Sql, used: Buffer, successor: Buffer, agent: Buffer | null, now: Date): Promise<void> {
  await tx.query(
    `with used as (update refresh_token set used_at = $3, used_agent = $4 where token_hash = $1 returning session_id),
          touched as (update session set used_at = $3 from used where id = used.session_id returning id, ends_at)
     insert into refresh_token (token_hash, session_id, issued_at, expires_at) select $2, id, $3, ends_at from touched`,
    [used, successor, now, agent],
  );
}

export type RevocationReason =
  | "signed_out"
  | "refresh_token_reused"
  | "password_changed"
  | "deactivated"
  | "second_factor_refused"
  | "second_factor_changed"
  | "identity_changed"
  | "ended_by_owner";

export interface EndedSession {
  session: string;
  tenant: string | null;
  account: string;
  name: string;
}

/** Ends sessions and takes away everything that could go on from them; answers those that counted until now. */
export async function revokeSessions(
  sql: Sql,
  which: { session: string } | { account: string; except: string | undefined } | { account: string; tenant: string } | { sso: string },
  reason: RevocationReason,
  now: Date,
): Promise<EndedSession[]> {
  const [condition, values] = revoked(which);
  return await sql.query<EndedSession>(
    `with ended as (
       update session set revoked_at = $2, revoked_reason = $3 where ${condition} and revoked_at is null returning id, tenant_id, account_id
     ), tickets as (
       delete from socket_ticket using ended where session_id = ended.id
     )
     select e.id as session, e.tenant_id as tenant, e.account_id as account, a.name from ended e join account a on a.id = e.account_id`,
    [values[0], now, reason, ...values.slice(1)],
  );
}

function revoked(which: Parameters<typeof revokeSessions>[1]): [string, [string, ...(string | null)[]]] {
  if ("session" in which) return ["id = $1", [which.session]];
  if ("sso" in which) return ["sso_tenant_id = $1", [which.sso]];
  if ("except" in which) return ["account_id = $1 and id is distinct from $4", [which.account, which.except ?? null]];
  return ["account_id = $1 and tenant_id = $4", [which.account, which.tenant]];
}

/** Where the account has worked longest, whether it may now or not. Index membership_account. */
export async function findHome(sql: Sql, account: string | undefined): Promise<{ tenant: string; name: string } | undefined> {
  const [home] = await sql.query<{ tenant: string; name: string }>(
    `select m.tenant_id as tenant, a.name from membership m join account a on a.id = m.account_id
      where m.account_id = $1 order by m.created_at, m.tenant_id limit 1`,
    [account ?? null],
  );
  return home;
}

export interface SessionListing {
  id: string;
  tenant: string | null;
  userAgent: string;
  address: string;
  createdAt: Date;
  activeAt: Date;
  endsAt: Date;
}

/** Those of an account that have not ended, the one used last first. Index session_account. */
export async function sessionsOfAccount(sql: Sql, account: string, now: Date): Promise<SessionListing[]> {
  return await sql.query<SessionListing>(
    `select id, tenant_id as tenant, user_agent as "userAgent", address, created_at as "createdAt", active_at as "activeAt", ends_at as "endsAt"
       from session where account_id = $1 and revoked_at is null and ends_at > $2 order by active_at desc, id desc`,
    [account, now],
  );
}
