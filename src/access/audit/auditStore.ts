import type { Sql } from "../../platform/database/database.ts";
import type { AuditFrame } from "./auditDigest.ts";

/** The installation's own chain stands beside those of the tenants. */
export const installationChain = "00000000-0000-0000-0000-000000000000";

/** What an entry says of the people in it; null where it was erased. */
export interface AuditContent {
  actorId: string | null;
  actorName: string | null;
  address: string | null;
  actorSalt: Buffer | null;
  objectId: string | null;
  objectName: string | null;
  objectSalt: Buffer | null;
}

interface NewAuditEntry extends AuditFrame, AuditContent {
  /** Canonical JSON. */
  detail: string | null;
  digest: Buffer;
}

/** One statement: the chain's row is held no longer than from here to the commit. The clock is the server's, one for all processes. */
export async function appendEntry(tx: Sql, chain: string, entry: NewAuditEntry): Promise<void> {
  if (tx.tenant !== undefined && tx.tenant !== chain) throw new Error("an audit entry of one tenant in the transaction of another");
  const values = [
    entry.digest,
    entry.action,
    entry.actorKind,
    entry.actorId,
    entry.actorName,
    entry.address,
    entry.actorSalt,
    entry.actorHash,
    entry.objectKind,
    entry.objectId,
    entry.objectName,
    entry.detail,
    entry.objectSalt,
    entry.objectHash,
    entry.requestId,
  ];
  await tx.query(
    `with moment as (select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms),
     head as (
       insert into audit_chain as c (tenant_id, seq, hash)
         select $1::uuid, 1, sha256(decode(repeat('00', 32), 'hex') || int8send(1) || int8send(ms) || $2::bytea) from moment
       on conflict (tenant_id) do update
         set seq = c.seq + 1, hash = sha256(c.hash || int8send(c.seq + 1) || int8send((select ms from moment)) || $2::bytea)
       returning seq, hash
     )
     insert into audit_entry (tenant_id, seq, at, action, actor_kind, actor_id, actor_name, address, actor_salt, actor_hash,
       object_kind, object_id, object_name, detail, object_salt, object_hash, request_id, hash)
     select $1, head.seq, to_timestamp(moment.ms / 1000.0), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, head.hash
       from head, moment`,
    tx.tenant === undefined ? [chain, ...values] : values,
  );
}

/** The end of a chain, and where it begins after what was forgotten. */
export interface AuditChain {
  tenant: string;
  seq: number;
  hash: Buffer;
  forgottenSeq: number;
  forgottenHash: Buffer;
}

export interface StoredAuditEntry extends AuditFrame, AuditContent {
  seq: number;
  at: Date;
  detail: unknown;
  actorHash: Buffer;
  objectHash: Buffer;
  hash: Buffer;
}

/** The chains, those too of which only entries are left. */
export async function listChains(sql: Sql, only: string | null): Promise<AuditChain[]> {
  return await sql.query<AuditChain>(
    `select coalesce(c.tenant_id, e.tenant_id) as tenant, coalesce(c.seq, 0) as seq, coalesce(c.hash, decode(repeat('00', 32), 'hex')) as hash,
            coalesce(c.forgotten_seq, 0) as "forgottenSeq", coalesce(c.forgotten_hash, decode(repeat('00', 32), 'hex')) as "forgottenHash"
       from audit_chain c full join (select distinct tenant_id from audit_entry) e on e.tenant_id = c.tenant_id
      where $1::uuid is null or coalesce(c.tenant_id, e.tenant_id) = $1 order by 1`,
    [only],
  );
}

/** The next entries of a chain, in its order. Primary key. */
export async function readEntries(sql: Sql, chain: string, after: number, limit: number): Promise<StoredAuditEntry[]> {
  return await sql.query<StoredAuditEntry>(
    `select seq, at, action, actor_kind as "actorKind", actor_id as "actorId", actor_name as "actorName", address, actor_salt as "actorSalt",
            actor_hash as "actorHash", object_kind as "objectKind", object_id as "objectId", object_name as "objectName", detail,
            object_salt as "objectSalt", object_hash as "objectHash", request_id as "requestId", hash
       from audit_entry where tenant_id = $1 and seq > $2 order by seq limit $3`,
    [chain, after, limit],
  );
}

/** By the functions of its migration, the only ways in which something of an entry goes. */
export async function eraseParts(tx: Sql, ids: readonly string[]): Promise<void> {
  if (tx.tenant === undefined) await tx.query("select audit_erase($1::text[])", [ids]);
  else await tx.query("select audit_erase($2::text[]) where $1::uuid is not null", [ids]);
}

/** Deleted in one statement: the chain is held meanwhile, and statements have 5 s. */
export const forgottenAtOnce = 10_000;

/** Answers how many entries went: the oldest of those that are older than `before`, so many at most. */
export async function forgetEntries(tx: Sql, chain: string, before: Date): Promise<number> {
  const [row] = await tx.query<{ gone: number }>(
    `select audit_forget($1, least(
       coalesce((select min(seq) - 1 from audit_entry where tenant_id = $1 and at >= $2), (select max(seq) from audit_entry where tenant_id = $1)),
       (select min(seq) + ${forgottenAtOnce - 1} from audit_entry where tenant_id = $1))) as gone`,
    [chain, before],
  );
  return Number(row?.gone ?? 0);
}
