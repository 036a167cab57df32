import type { Database, Sql } from "../../platform/database/database.ts";

export interface StoredAccount {
  id: string;
  email: string;
  name: string;
  active: boolean;
  verified: boolean;
  passwordHash: string | null;
  /** The tenant whose single sign-on is the account's only way in. */
  ssoTenant: string | null;
}

const columns = `id, email, name, active, verified_at is not null as verified, password_hash as "passwordHash", sso_tenant_id as "ssoTenant"`;

/** Held until the transaction ends, so that what is decided about it stays true. */
export async function lockAccount(tx: Sql, by: { id: string } | { email: string }): Promise<StoredAccount | undefined> {
  const [column, value] = "id" in by ? ["id", by.id] : ["email", by.email];
  const [account] = await tx.query<StoredAccount>(`select ${columns} from account where ${column} = $1 for update`, [value]);
  return account;
}

/** As it stands now. */
export async function findAccount(sql: Sql, id: string): Promise<StoredAccount | undefined> {
  const [account] = await sql.query<StoredAccount>(`select ${columns} from account where id = $1`, [id]);
  return account;
}

/** Whether it was made: the address may have been taken in this moment. */
export async function insertAccount(
  tx: Sql,
  account: { id: string; email: string; name: string; passwordHash: string | null; now: Date; ssoTenant?: string },
): Promise<boolean> {
  const made = await tx.query(
    `insert into account (id, email, name, password_hash, verified_at, created_at, sso_tenant_id) values ($1, $2, $3, $4, null, $5, $6)
     on conflict (email) do nothing returning id`,
    [account.id, account.email, account.name, account.passwordHash, account.now, account.ssoTenant ?? null],
  );
  return made.length > 0;
}

/** The address is proved; the password changes where one came with the proof. */
export async function saveVerified(
  tx: Sql,
  account: string,
  now: Date,
  change: { passwordHash?: string; name?: string } = {},
): Promise<void> {
  await tx.query(
    `update account set verified_at = coalesce(verified_at, $2), password_hash = coalesce($3, password_hash), name = coalesce($4, name)
      where id = $1`,
    [account, now, change.passwordHash ?? null, change.name ?? null],
  );
}

/** Whether the address was free. */
export async function saveEmail(tx: Sql, account: string, email: string): Promise<boolean> {
  const saved = await tx.query(
    "update account set email = $2 where id = $1 and not exists (select 1 from account where email = $2) returning id",
    [account, email],
  );
  return saved.length > 0;
}

export async function saveName(tx: Sql, account: string, name: string): Promise<void> {
  await tx.query("update account set name = $2 where id = $1", [account, name]);
}

/** Whoever proved the address by a provider has no password until they choose one. */
export async function dropPassword(tx: Sql, account: string): Promise<void> {
  await tx.query("update account set password_hash = null where id = $1", [account]);
}

/** Nobody gets in by password any more until a new one is chosen; only over the hash that was tried. */
export async function disablePassword(tx: Sql, account: string, tried: string): Promise<boolean> {
  const disabled = await tx.query("update account set password_hash = null where id = $1 and password_hash = $2 returning id", [
    account,
    tried,
  ]);
  return disabled.length > 0;
}

/** To sign in with; folded as the table wants it. Unique index of account's e-mail. */
export async function findToSignIn(
  { prisma }: Pick<Database, "prisma">,
  email: string,
): Promise<{ id: string; name: string; email: string; passwordHash: string | null; active: boolean; ssoTenantId: string | null } | null> {
  return await prisma.account.findUnique({ where: { email } });
}

export async function findPasswordHash({ prisma }: Pick<Database, "prisma">, account: string): Promise<string | undefined> {
  const found = await prisma.account.findUnique({ where: { id: account }, select: { passwordHash: true } });
  return found?.passwordHash ?? undefined;
}

/** Only over the hash that was checked: a password changed meanwhile stays. False where it was. */
export async function replacePasswordHash(
  sql: Sql,
  account: string,
  { from, to }: { from: string | undefined; to: string },
): Promise<boolean> {
  const changed = await sql.query("update account set password_hash = $2 where id = $1 and password_hash = $3 returning id", [
    account,
    to,
    from,
  ]);
  return changed.length > 0;
}
