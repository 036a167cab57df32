import type { Sql } from "../../platform/database/database.ts";

export interface StoredSuperSession {
  session: string;
  admin: string;
  name: string;
  email: string;
  hasPassword: boolean;
  verified: boolean;
  enrolled: boolean;
  createdAt: Date;
  usedAt: Date;
  endsAt: Date;
  factorAt: Date | null;
}

/** The session of a cookie, of whoever is active. Its unique key. */
export async function findSuperSession(sql: Sql, hash: Buffer): Promise<StoredSuperSession | undefined> {
  const [found] = await sql.query<StoredSuperSession>(
    `select s.id as session, a.id as admin, a.name, a.email, a.password_hash is not null as "hasPassword", a.verified_at is not null as verified,
            a.factor_enrolled_at is not null as enrolled, s.created_at as "createdAt", s.used_at as "usedAt", s.ends_at as "endsAt",
            s.factor_at as "factorAt"
       from super_session s join super_admin a on a.id = s.admin_id where s.token_hash = $1 and a.place is not null`,
    [hash],
  );
  return found;
}

/** Now and then, so that looking at pages costs no write each. */
export async function touchSuperSession(sql: Sql, session: string, now: Date): Promise<void> {
  await sql.query("update super_session set used_at = $2 where id = $1", [session, now]);
}

export async function deleteSuperSession(sql: Sql, session: string): Promise<void> {
  await sql.query("delete from super_session where id = $1", [session]);
}

/** What a sign-in is compared with. */
export interface SuperCredentials {
  id: string;
  name: string;
  email: string;
  secretHash: string | null;
  secretExpiresAt: Date | null;
  passwordHash: string | null;
  failures: number;
}

export async function findCredentials(sql: Sql, email: string): Promise<SuperCredentials | undefined> {
  const [found] = await sql.query<SuperCredentials>(
    `select id, name, email, secret_hash as "secretHash", secret_expires_at as "secretExpiresAt", password_hash as "passwordHash", failures
       from super_admin where email = $1 and place is not null`,
    [email],
  );
  return found;
}

/** Whoever isn't there costs the same statement. */
export async function countFailure(sql: Sql, admin: string | undefined): Promise<void> {
  await sql.query("update super_admin set failures = failures + 1 where id = $1", [admin ?? null]);
}

/**
 * Whoever signs in with the one-time secret uses it up: of two at once one does. Answers whether what was compared still stands.
 */
export async function useCredentials(tx: Sql, { id, secretHash, passwordHash }: SuperCredentials): Promise<boolean> {
  const changed = await tx.query(
    `update super_admin set secret_hash = null, secret_expires_at = null where id = $1 and place is not null
        and secret_hash is not distinct from $2 and password_hash is not distinct from $3 returning id`,
    [id, secretHash, passwordHash],
  );
  return changed.length > 0;
}

export interface NewSuperSession {
  session: string;
  admin: string;
  tokenHash: Buffer;
  address: string;
  userAgent: string;
  now: Date;
  endsAt: Date;
}

/** The ten newest stay. */
export async function insertSuperSession(tx: Sql, begun: NewSuperSession): Promise<void> {
  await tx.query(
    "insert into super_session (id, token_hash, admin_id, address, user_agent, created_at, used_at, ends_at) values ($1, $2, $3, $4, $5, $6, $6, $7)",
    [begun.session, begun.tokenHash, begun.admin, begun.address, begun.userAgent, begun.now, begun.endsAt],
  );
  await tx.query(
    "delete from super_session where id in (select id from super_session where admin_id = $1 order by created_at desc, id desc offset 10)",
    [begun.admin],
  );
}

/** Ends all other sessions. Whether there was none yet. */
export async function savePassword(tx: Sql, admin: string, session: string, hash: string): Promise<boolean> {
  const saved = await tx.query(
    "update super_admin set password_hash = $2, failures = 0 where id = $1 and password_hash is null returning id",
    [admin, hash],
  );
  await tx.query("delete from super_session where admin_id = $1 and id <> $2", [admin, session]);
  return saved.length > 0;
}

export async function saveLink(sql: Sql, admin: string, hash: Buffer, expiresAt: Date): Promise<void> {
  await sql.query("update super_admin set link_hash = $2, link_expires_at = $3 where id = $1", [admin, hash, expiresAt]);
}

/** Uses the link up: of two that come at once one gets it. */
export async function takeSuperLink(tx: Sql, hash: Buffer, now: Date): Promise<{ id: string; name: string } | undefined> {
  const [taken] = await tx.query<{ id: string; name: string }>(
    `update super_admin set verified_at = $2, link_hash = null, link_expires_at = null
      where link_hash = $1 and link_expires_at > $2 and verified_at is null and place is not null returning id, name`,
    [hash, now],
  );
  return taken;
}

export async function savePendingFactor(sql: Sql, admin: string, sealed: string): Promise<void> {
  await sql.query("update super_admin set factor_secret = $2 where id = $1 and factor_enrolled_at is null", [admin, Buffer.from(sealed)]);
}

export interface SuperFactor {
  sealed: string | undefined;
  step: number;
  failures: number;
  tries: number;
}

/** Holds the admin until the transaction ends: of many uses of one code one wins. */
export async function lockSuperFactor(tx: Sql, session: string): Promise<SuperFactor | undefined> {
  const [row] = await tx.query<{ secret: Buffer | null; step: number; failures: number; tries: number }>(
    `select a.factor_secret as secret, a.factor_step as step, a.failures, s.factor_tries as tries
       from super_session s join super_admin a on a.id = s.admin_id where s.id = $1 for update of a`,
    [session],
  );
  return row === undefined
    ? undefined
    : { sealed: row.secret?.toString(), step: Number(row.step), failures: row.failures, tries: row.tries };
}

/** The code of this step was shown in this session, and counts never again. */
export async function saveShownFactor(tx: Sql, admin: string, session: string, step: number, now: Date): Promise<void> {
  await tx.query(
    "update super_admin set factor_step = $2, factor_enrolled_at = coalesce(factor_enrolled_at, $3), failures = 0 where id = $1",
    [admin, step, now],
  );
  await tx.query("update super_session set factor_at = $2, factor_tries = 0 where id = $1", [session, now]);
}

export async function saveWrongFactor(tx: Sql, admin: string, session: string): Promise<void> {
  await tx.query("update super_admin set failures = failures + 1 where id = $1", [admin]);
  await tx.query("update super_session set factor_tries = factor_tries + 1 where id = $1", [session]);
}
