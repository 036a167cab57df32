import type { Json } from "../../platform/bus/bus.ts";
import type { Sql } from "../../platform/database/database.ts";

export interface StoredLink {
  account: string | null;
  purpose: string;
  email: string;
  detail: Readonly<Record<string, Json>>;
  createdAt: Date;
  expiresAt: Date;
}

export async function insertLink(tx: Sql, hash: Buffer, link: StoredLink): Promise<void> {
  await tx.query(
    `insert into account_link (token_hash, account_id, purpose, email, detail, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)`,
    [hash, link.account, link.purpose, link.email, JSON.stringify(link.detail), link.createdAt, link.expiresAt],
  );
}

/** By its key. */
export async function readLink(sql: Sql, hash: Buffer): Promise<StoredLink | undefined> {
  const [link] = await sql.query<StoredLink>(
    `select account_id as account, purpose, email, detail, created_at as "createdAt", expires_at as "expiresAt"
       from account_link where token_hash = $1`,
    [hash],
  );
  return link;
}

/** Whether it was still there. */
export async function deleteLink(tx: Sql, hash: Buffer): Promise<boolean> {
  return (await tx.query("delete from account_link where token_hash = $1 returning 1 as one", [hash])).length > 0;
}

/** Index account_link_account. */
export async function deleteLinksOf(tx: Sql, account: string | null, purpose?: string): Promise<void> {
  await tx.query("delete from account_link where account_id = $1 and ($2::text is null or purpose = $2)", [account, purpose ?? null]);
}
