import type { Sql } from "../../platform/database/database.ts";

export interface StoredFlow {
  place: string;
  tenant: string | null;
  account: string | null;
  session: string | null;
  purpose: string;
  back: string;
  sealed: string;
  expiresAt: Date;
}

export async function insertFlow(sql: Sql, stateHash: Buffer, browserHash: Buffer, flow: StoredFlow): Promise<void> {
  await sql.query(
    `insert into sign_in_flow (state_hash, browser_hash, place, tenant_id, account_id, session_id, purpose, back, sealed, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [stateHash, browserHash, flow.place, flow.tenant, flow.account, flow.session, flow.purpose, flow.back, flow.sealed, flow.expiresAt],
  );
}

/** Uses it up: of two answers with one state one finds it. Only the browser in which it began does. */
export async function takeFlow(sql: Sql, stateHash: Buffer, browserHash: Buffer): Promise<StoredFlow | undefined> {
  const [flow] = await sql.query<StoredFlow>(
    `delete from sign_in_flow where state_hash = $1 and browser_hash = $2
     returning place, tenant_id as tenant, account_id as account, session_id as session, purpose, back, sealed, expires_at as "expiresAt"`,
    [stateHash, browserHash],
  );
  return flow;
}
