import type { Sql, TenantSql } from "../../platform/database/database.ts";
import { storableJson } from "../../platform/database/storable.ts";
import type { CursorValues } from "../../platform/lists/cursor.ts";
import { type ListRequest, listSql, type SqlList } from "../../platform/lists/listSql.ts";
import { type CommandMessage, type RunState, runStates } from "../../protocol/commands.ts";
import type { ErrorBody } from "../../protocol/errors.ts";

export interface StoredRun {
  id: string;
  command: string;
  state: RunState;
  messages: CommandMessage[];
  data: unknown;
  error: ErrorBody | null;
  createdAt: Date;
  requestHash: Buffer | null;
}

export interface NewRun {
  id: string;
  command: string;
  args: object;
  principalKind: string;
  principal: string;
  idempotencyKey: string | undefined;
  requestHash: Buffer;
  createdAt: Date;
}

export interface RunEnd {
  state: RunState;
  messages: CommandMessage[];
  data: unknown;
  error: ErrorBody | null;
}

const columns = 'id, command, state, messages, data, error, created_at as "createdAt", request_hash as "requestHash"';

/** False where this principal used the key before: unique (tenant_id, principal_id, idempotency_key). */
export async function insertRun(sql: Pick<TenantSql, "query">, run: NewRun): Promise<boolean> {
  const inserted = await sql.query(
    `insert into run (tenant_id, id, command, args, principal_kind, principal_id, idempotency_key, request_hash, state, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'running', $9)
     on conflict (tenant_id, principal_id, idempotency_key) do nothing returning id`,
    [
      run.id,
      run.command,
      storedJson(run.args),
      run.principalKind,
      run.principal,
      run.idempotencyKey ?? null,
      run.requestHash,
      run.createdAt,
    ],
  );
  return inserted.length > 0;
}

/** Writes how a run ended, unless that is known already. */
export async function endRun(sql: Pick<TenantSql, "query">, id: string, end: RunEnd, endedAt: Date): Promise<void> {
  await sql.query(
    "update run set state = $3, messages = $4, data = $5, error = $6, ended_at = $7 where tenant_id = $1 and id = $2 and ended_at is null",
    [id, end.state, storedJson(end.messages), storedJson(end.data), storedJson(end.error), endedAt],
  );
}

export async function findRunByKey(sql: Pick<TenantSql, "query">, principal: string, key: string): Promise<StoredRun | undefined> {
  const [run] = await sql.query<StoredRun>(
    `select ${columns} from run where tenant_id = $1 and principal_id = $2 and idempotency_key = $3`,
    [principal, key],
  );
  return run;
}

export async function findRun(sql: Pick<TenantSql, "query">, principal: string, id: string): Promise<StoredRun | undefined> {
  const [run] = await sql.query<StoredRun>(`select ${columns} from run where tenant_id = $1 and principal_id = $2 and id = $3`, [
    principal,
    id,
  ]);
  return run;
}

/** By what a list of runs may be filtered and sorted. One that still runs and began before `lostBeforeMs` is `uncertain`. */
export function runList(lostBeforeMs: number): SqlList {
  const lost = `state = 'running' and created_at < to_timestamp(${lostBeforeMs / 1000})`;
  return {
    fields: {
      id: { type: "id", sql: "id" },
      command: { type: "text", sql: "command" },
      state: { type: "choice", choices: runStates, sql: `(case when ${lost} then 'uncertain' else state end)` },
      createdAt: { type: "instant", sql: "created_at" },
    },
    order: "-createdAt",
    unique: "id",
  };
}

/** A page of one principal's runs, the newest first where nothing else is asked. Index run_created. Refusals: `invalid_value`. */
export async function listRuns(
  sql: Pick<TenantSql, "query">,
  principal: string,
  request: ListRequest,
  lostBeforeMs: number,
): Promise<{ rows: StoredRun[]; nextCursor: string | null }> {
  const list = listSql(runList(lostBeforeMs), request, 3);
  const rows = await sql.query<StoredRun & { cursor: CursorValues }>(
    `select ${columns}, ${list.cursor} as cursor from run
      where tenant_id = $1 and principal_id = $2 and ${list.where}
      order by ${list.orderBy} limit ${list.limit}`,
    [principal, ...list.values],
  );
  return list.page(rows);
}

function storedJson(value: unknown): string | null {
  return value === undefined || value === null ? null : storableJson(value);
}

/** Runs that were begun before and never ended: their processes died. They are ended now, so that each is told of once. Index run_unended. */
export async function endLostRuns(tx: Sql, begunBefore: Date, error: ErrorBody): Promise<LostRun[]> {
  return await tx.query<LostRun>(
    `with lost as (
       select tenant_id, id from run where ended_at is null and created_at < $1 order by created_at limit 100 for update skip locked
     )
     update run set state = 'uncertain', ended_at = now(), error = $2 from lost where run.tenant_id = lost.tenant_id and run.id = lost.id
     returning run.tenant_id as tenant, run.id, run.command, run.args, run.principal_id as account,
       (select name from account where account.id = run.principal_id) as name`,
    [begunBefore, storedJson(error)],
  );
}

export interface LostRun {
  tenant: string;
  id: string;
  command: string;
  args: Record<string, unknown>;
  account: string;
  name: string | null;
}
