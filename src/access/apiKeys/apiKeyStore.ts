import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { KeyView } from "../../protocol/people.ts";
import { ownGrantsOfMember, teamsOfMember } from "../roles/roleStore.ts";
import type { OwnGrants } from "../roles/roles.ts";

export async function insertKey(
  tx: Sql,
  key: {
    tenant: string;
    id: string;
    account: string;
    name: string;
    prefix: string;
    hash: Buffer;
    scopes: readonly string[];
    createdAt: Date;
    expiresAt: Date;
  },
): Promise<void> {
  await tx.query(
    `insert into api_key (tenant_id, id, account_id, name, prefix, token_hash, scopes, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [key.tenant, key.id, key.account, key.name, key.prefix, key.hash, key.scopes, key.createdAt, key.expiresAt],
  );
}

/** Those that count, the newest first; never the keys themselves. Index: the primary key. */
export async function listKeys(sql: TenantSql, now: Date): Promise<KeyView[]> {
  const rows = await sql.query<
    Omit<KeyView, "createdAt" | "expiresAt" | "lastUsedAt"> & { createdAt: Date; expiresAt: Date; lastUsedAt: Date | null }
  >(
    `select k.id, k.name, k.prefix, k.scopes, json_build_object('id', a.id, 'name', a.name) as maker, k.created_at as "createdAt",
       k.expires_at as "expiresAt", k.last_used_at as "lastUsedAt"
     from api_key k join account a on a.id = k.account_id
     where k.tenant_id = $1 and k.revoked_at is null and k.expires_at > $2 order by k.created_at desc, k.id`,
    [now],
  );
  return rows.map(({ createdAt, expiresAt, lastUsedAt, ...key }) => ({
    ...key,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  }));
}

/** Answers its name; none where no key of this id counts. */
export async function revokeKey(tx: Sql, tenant: string, id: string, now: Date): Promise<string | undefined> {
  const [revoked] = await tx.query<{ name: string }>(
    "update api_key set revoked_at = $3 where tenant_id = $1 and id = $2 and revoked_at is null and expires_at > $3 returning name",
    [tenant, id, now],
  );
  return revoked?.name;
}

/** Ends all keys that the account made, in every tenant; answers how many. */
export async function revokeKeysOf(tx: Sql, account: string, now: Date): Promise<number> {
  const revoked = await tx.query(
    "update api_key set revoked_at = $2 where account_id = $1 and revoked_at is null and expires_at > $2 returning id",
    [account, now],
  );
  return revoked.length;
}

export interface LiveKey {
  id: string;
  keyName: string;
  scopes: string[];
  tenant: string;
  account: string;
  name: string;
  email: string;
  roles: string[];
  own: OwnGrants;
  teams: string[];
  lastUsedAt: Date | null;
}

/** The key of this hash, while it and its maker's place in the tenant count. Unique index of the hash. */
export async function findLiveKey(sql: Sql, hash: Buffer, now: Date): Promise<LiveKey | undefined> {
  const [key] = await sql.query<LiveKey & Record<string, unknown>>(
    `select k.id, k.name as "keyName", k.scopes, m.tenant_id as tenant, a.id as account, a.name, a.email, m.roles,
       ${ownGrantsOfMember} as own, ${teamsOfMember} as teams, k.last_used_at as "lastUsedAt"
     from api_key k
     join membership m on m.tenant_id = k.tenant_id and m.account_id = k.account_id and m.active
     join account a on a.id = m.account_id and a.active
     join tenant t on t.id = m.tenant_id and t.active
     where k.token_hash = $1 and k.revoked_at is null and k.expires_at > $2`,
    [hash, now],
    "access_live_key",
  );
  return key;
}

export async function saveKeyUsed(sql: Sql, tenant: string, id: string, now: Date): Promise<void> {
  await sql.query("update api_key set last_used_at = $3 where tenant_id = $1 and id = $2", [tenant, id, now]);
}
