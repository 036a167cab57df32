import type { Sql } from "../../platform/database/database.ts";

export interface StoredFactor {
  secret: string | null;
  pending: string | null;
  pendingAt: Date | null;
  confirmedAt: Date | null;
  lastStep: number;
  failures: number;
  pausedUntil: Date | null;
  recoveredAt: Date | null;
  resetAt: Date | null;
  codesLeft: number;
}

const columns = `secret, pending, pending_at as "pendingAt", confirmed_at as "confirmedAt", last_step::float8 as "lastStep", failures,
  paused_until as "pausedUntil", recovered_at as "recoveredAt", reset_at as "resetAt",
  (select count(*)::int from recovery_code r where r.account_id = second_factor.account_id) as "codesLeft"`;

export async function findFactor(sql: Sql, account: string): Promise<StoredFactor | undefined> {
  const [factor] = await sql.query<StoredFactor>(`select ${columns} from second_factor where account_id = $1`, [account]);
  return factor;
}

/** Held until the transaction ends: of two codes at once one is looked at after the other. */
export async function lockFactor(tx: Sql, account: string): Promise<StoredFactor | undefined> {
  const [factor] = await tx.query<StoredFactor>(`select ${columns} from second_factor where account_id = $1 for update`, [account]);
  return factor;
}

/** Whether it counts at `now`: confirmed, and not reset. */
export function isOn(factor: Pick<StoredFactor, "confirmedAt" | "resetAt"> | undefined, now: Date): boolean {
  return factor !== undefined && factor.confirmedAt !== null && (factor.resetAt === null || factor.resetAt > now);
}

/** Beside the one in force, where there is one. */
export async function savePending(tx: Sql, account: string, sealed: string, now: Date): Promise<void> {
  await tx.query(
    `insert into second_factor (account_id, pending, pending_at) values ($1, $2, $3)
     on conflict (account_id) do update set pending = excluded.pending, pending_at = excluded.pending_at`,
    [account, sealed, now],
  );
}

/** What was pending is in force from now on, and what was held against the one before is forgotten. */
export async function confirmPending(tx: Sql, account: string, step: number, now: Date): Promise<void> {
  await tx.query(
    `update second_factor set secret = pending, pending = null, pending_at = null, confirmed_at = $3, last_step = $2, failures = 0,
            paused_until = null, recovered_at = null, reset_at = null
      where account_id = $1`,
    [account, step, now],
  );
}

export async function replaceRecoveryCodes(tx: Sql, account: string, hashes: readonly Buffer[]): Promise<void> {
  await tx.query("delete from recovery_code where account_id = $1", [account]);
  await tx.query("insert into recovery_code (account_id, hash) select $1, unnest($2::bytea[])", [account, hashes]);
}

/** A right code was used: who still has the factor needs no reset. Answers false where one of this step was used meanwhile. */
export async function saveStep(tx: Sql, account: string, step: number): Promise<boolean> {
  const used = await tx.query(
    `update second_factor set last_step = $2, failures = 0, paused_until = null, reset_at = null
      where account_id = $1 and last_step < $2 returning account_id`,
    [account, step],
  );
  return used.length === 1;
}

/** From `resetAt` on it counts no more. */
export async function saveReset(tx: Sql, account: string, resetAt: Date): Promise<void> {
  await tx.query("update second_factor set reset_at = $2 where account_id = $1", [account, resetAt]);
}

/** Uses up a recovery code; answers false where it is none of theirs, or was used. */
export async function takeRecoveryCode(tx: Sql, account: string, hash: Buffer, now: Date): Promise<boolean> {
  const taken = await tx.query("delete from recovery_code where account_id = $1 and hash = $2 returning account_id", [account, hash]);
  if (taken.length === 0) return false;
  await tx.query("update second_factor set recovered_at = $2, reset_at = null where account_id = $1", [account, now]);
  return true;
}

export async function saveFailure(tx: Sql, account: string, failures: number, pausedUntil: Date | null): Promise<void> {
  await tx.query("update second_factor set failures = $2, paused_until = $3 where account_id = $1", [account, failures, pausedUntil]);
}

export interface StoredChallenge {
  createdAt: Date;
  factorAt: Date | null;
  factorTries: number;
  steppedUpAt: Date | null;
}

/** The part of a session that counts which is about the second factor; held until the transaction ends. */
export async function lockChallenge(tx: Sql, session: string): Promise<StoredChallenge | undefined> {
  const [found] = await tx.query<StoredChallenge>(
    `select created_at as "createdAt", factor_at as "factorAt", factor_tries as "factorTries", stepped_up_at as "steppedUpAt"
       from session where id = $1 and revoked_at is null for update`,
    [session],
  );
  return found;
}

export async function saveShown(tx: Sql, session: string, now: Date): Promise<void> {
  await tx.query("update session set factor_at = $2, factor_tries = 0 where id = $1", [session, now]);
}

export async function saveTries(tx: Sql, session: string, tries: number): Promise<void> {
  await tx.query("update session set factor_tries = $2 where id = $1", [session, tries]);
}

export async function saveSteppedUp(tx: Sql, session: string, now: Date): Promise<void> {
  await tx.query("update session set stepped_up_at = $2, factor_tries = 0 where id = $1", [session, now]);
}

/** Some whose secrets are not sealed with the key of this id. */
export async function listSealedOtherwise(
  sql: Sql,
  keyId: string,
): Promise<{ account: string; secret: string | null; pending: string | null }[]> {
  return await sql.query(
    `select account_id as account, secret, pending from second_factor
      where not starts_with(coalesce(secret, $1), $1) or not starts_with(coalesce(pending, $1), $1) limit 100`,
    [`${keyId}:`],
  );
}

/** Only over what was read: a secret that was changed meanwhile is sealed well already. */
export async function saveResealed(sql: Sql, account: string, column: "secret" | "pending", before: string, after: string): Promise<void> {
  await sql.query(`update second_factor set ${column} = $3 where account_id = $1 and ${column} = $2`, [account, before, after]);
}
