import { v7 as newId } from "uuid";
import type { Sql } from "../../platform/database/database.ts";

/** By whom somebody is known: a tenant's own provider, or one of the installation (null). */
export interface IdentityKey {
  tenant: string | null;
  issuer: string;
  subject: string;
}

export interface StoredIdentity {
  id: string;
  tenant: string | null;
  provider: string;
  issuer: string;
  email: string | null;
  createdAt: Date;
  usedAt: Date | null;
}

export type NewIdentity = IdentityKey & { account: string; provider: string; email: string | null; now: Date };

/** False where it is somebody's already, or the account has one of this provider. */
export async function insertIdentity(tx: Sql, { account, tenant, provider, issuer, subject, email, now }: NewIdentity): Promise<boolean> {
  const made = await tx.query(
    `insert into account_identity (id, account_id, tenant_id, provider, issuer, subject, email, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id`,
    [newId(), account, tenant, provider, issuer, subject, email, now],
  );
  return made.length > 0;
}

/** Whose it is. Unique index account_identity_subject. */
export async function findAccountOf(sql: Sql, { tenant, issuer, subject }: IdentityKey): Promise<string | undefined> {
  const [found] = await sql.query<{ account: string }>(
    `select account_id as account from account_identity
      where (tenant_id = $1 or (tenant_id is null and $1::uuid is null)) and issuer = $2 and subject = $3`,
    [tenant, issuer, subject],
  );
  return found?.account;
}

/** When somebody came in by it last. */
export async function touchIdentity(tx: Sql, { tenant, issuer, subject }: IdentityKey, now: Date): Promise<void> {
  await tx.query("update account_identity set used_at = $4 where tenant_id is not distinct from $1 and issuer = $2 and subject = $3", [
    tenant,
    issuer,
    subject,
    now,
  ]);
}

/** Those of an account, the oldest first. Index account_identity_account. */
export async function identitiesOf(sql: Sql, account: string): Promise<StoredIdentity[]> {
  return await sql.query<StoredIdentity & Record<string, unknown>>(
    `select id, tenant_id as tenant, provider, issuer, email, created_at as "createdAt", used_at as "usedAt"
       from account_identity where account_id = $1 order by created_at, id`,
    [account],
  );
}

export async function deleteIdentity(tx: Sql, account: string, id: string): Promise<void> {
  await tx.query("delete from account_identity where account_id = $1 and id = $2", [account, id]);
}
