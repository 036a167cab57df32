import { type Sql, sqlState } from "../../platform/database/database.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { SuperAdmin } from "./superAdmin.ts";

// Any number, the same in every version of the product.
const advisoryLock = 7216442;

/** Whether the database has what super admins need: it is Switchboard's, and not older than this version. */
export async function hasSuperAdmins(sql: Sql): Promise<boolean> {
  const [row] = await sql.query<{ there: boolean }>("select to_regclass('super_session') is not null as there");
  return row?.there === true;
}

/** Until the transaction ends, nobody else makes, changes or deletes a super admin. Refusal `unavailable` after 2 s. */
export async function lockSuperAdmins(tx: Sql): Promise<void> {
  await tx.query("set local lock_timeout = '2s'");
  await tx.query("select pg_advisory_xact_lock($1)", [advisoryLock]).catch((error: unknown) => {
    if (sqlState(error) !== "55P03") throw error;
    throw new Refusal("unavailable", "The database is locked: somebody else is changing super admins at this moment; try again.", {
      cause: error,
    });
  });
}

const columns = `id, email, name, place is not null as active, created_at as "createdAt", secret_expires_at as "secretExpiresAt",
  verified_at is not null as verified, factor_enrolled_at is not null as enrolled`;

/** A handful. */
export async function listSuperAdmins(sql: Sql): Promise<SuperAdmin[]> {
  return await sql.query<SuperAdmin>(`select ${columns} from super_admin order by created_at, id`);
}

export async function findSuperAdmin(sql: Sql, email: string): Promise<SuperAdmin | undefined> {
  const [found] = await sql.query<SuperAdmin>(`select ${columns} from super_admin where email = $1`, [email]);
  return found;
}

/** The first place of `most` that is free; undefined where all are taken. */
export async function freePlace(tx: Sql, most: number): Promise<number | undefined> {
  const [row] = await tx.query<{ place: number }>(
    "select p as place from generate_series(1, $1::int) p where not exists (select 1 from super_admin where place = p) order by p limit 1",
    [most],
  );
  return row?.place;
}

export interface OneTimeSecret {
  hash: string;
  expiresAt: Date;
}

export async function insertSuperAdmin(
  tx: Sql,
  admin: { id: string; email: string; name: string; place: number; secret: OneTimeSecret },
): Promise<void> {
  await tx.query("insert into super_admin (id, email, name, place, secret_hash, secret_expires_at) values ($1, $2, $3, $4, $5, $6)", [
    admin.id,
    admin.email,
    admin.name,
    admin.place,
    admin.secret.hash,
    admin.secret.expiresAt,
  ]);
}

export async function savePlace(tx: Sql, id: string, place: number | null): Promise<void> {
  await tx.query("update super_admin set place = $2 where id = $1", [id, place]);
}

/** In the place of the password. */
export async function replacePassword(tx: Sql, id: string, { hash, expiresAt }: OneTimeSecret): Promise<void> {
  await tx.query("update super_admin set password_hash = null, secret_hash = $2, secret_expires_at = $3, failures = 0 where id = $1", [
    id,
    hash,
    expiresAt,
  ]);
}

/** The mail has to be confirmed and the second factor to be enrolled anew. */
export async function forgetFactors(tx: Sql, id: string): Promise<void> {
  await tx.query(
    `update super_admin set verified_at = null, link_hash = null, link_expires_at = null, factor_secret = null, factor_enrolled_at = null,
            factor_step = 0 where id = $1`,
    [id],
  );
}

export async function endSuperSessions(tx: Sql, id: string): Promise<void> {
  await tx.query("delete from super_session where admin_id = $1", [id]);
}

export async function deleteSuperAdmin(tx: Sql, id: string): Promise<void> {
  await tx.query("delete from super_admin where id = $1", [id]);
}

/** Some whose factor is not sealed with the key of this id. */
export async function listSuperSealedOtherwise(sql: Sql, keyId: string): Promise<{ admin: string; sealed: string }[]> {
  return await sql.query<{ admin: string; sealed: string }>(
    `select id as admin, convert_from(factor_secret, 'UTF8') as sealed from super_admin
      where factor_secret is not null and not starts_with(convert_from(factor_secret, 'UTF8'), $1) limit 100`,
    [`${keyId}:`],
  );
}

/** Only over what was read: one that was changed meanwhile is sealed well already. */
export async function saveSuperResealed(sql: Sql, admin: string, before: string, after: string): Promise<void> {
  await sql.query("update super_admin set factor_secret = $3 where id = $1 and factor_secret = $2", [
    admin,
    Buffer.from(before),
    Buffer.from(after),
  ]);
}

export async function isActiveSuper(sql: Sql, id: string): Promise<boolean> {
  return (await sql.query("select from super_admin where id = $1 and place is not null", [id])).length > 0;
}
