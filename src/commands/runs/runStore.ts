import type { Sql, TenantSql } from "../../platform/database/database.ts";
import { storableJson } from "../../platform/database/storable.ts";
import type { ApprovalRule, CommandMessage, Plan, RunProgress, RunState } from "../../protocol/commands.ts";
import type { ErrorBody } from "../../protocol/errors.ts";
import type { Language } from "../../protocol/languages.ts";
import type { Standing } from "./runRules.ts";

export interface StoredRun extends Standing {
  id: string;
  command: string;
  args: Record<string, unknown>;
  account: string;
  name: string | null;
  keyId: string | null;
  messages: CommandMessage[];
  data: unknown;
  error: ErrorBody | null;
  requestHash: Buffer | null;
  plan: Plan | null;
  planHash: Buffer | null;
  approval: ApprovalRule[] | null;
  stoppedBy: string | null;
  progress: RunProgress | null;
  undo: unknown;
  undoableUntil: Date | null;
  undoneBy: string | null;
  undoes: string | null;
  fence: number;
  blueprint: string | null;
  /** That of whoever asked, where it was known. */
  language: Language | null;
}

export interface NewRun {
  id: string;
  command: string;
  /** Of whose entities it is. */
  blueprint: string | undefined;
  args: object;
  principalKind: string;
  principal: string;
  keyId: string | undefined;
  idempotencyKey: string | undefined;
  requestHash: Buffer;
  createdAt: Date;
  plan: Plan | undefined;
  planHash: Buffer | undefined;
  /** Whether another process goes on with it where this one dies. */
  resumable: boolean;
  /** Then a power cut may lose its record: nobody waits for the disk because of somebody who looks. */
  onlyReads: boolean;
  /** What it waits for, and until when; undefined where it runs at once. */
  waits: { rules: readonly ApprovalRule[]; until: Date } | undefined;
  language: Language | undefined;
}

export interface RunEnd {
  state: RunState;
  messages: CommandMessage[];
  data: unknown;
  error: ErrorBody | null;
  undo?: { kept: object; until: Date } | undefined;
}

export const runColumns = `run.id, run.command, run.blueprint, run.args, run.principal_id as account, run.key_id as "keyId", run.state, run.messages, run.data, run.error,
  run.created_at as "createdAt", run.ended_at as "endedAt", run.seen_at as "seenAt", run.request_hash as "requestHash", run.plan, run.plan_hash as "planHash",
  run.approval, run.stopped_by as "stoppedBy", run.progress, run.undo, run.undoable_until as "undoableUntil", run.undone_by as "undoneBy", run.undoes, run.fence, run.language,
  (select name from account where account.id = run.principal_id) as name`;

/** Commits without waiting for the disk, where `condition` says so: the setting ends with the statement's transaction. */
const lightly = (condition: string) => `case when ${condition}::boolean then set_config('synchronous_commit', 'off', true) end as lightly`;

/** False where it is there, or this principal used the key before: primary key, and unique (tenant_id, principal_id, idempotency_key). */
export async function insertRun(sql: Pick<TenantSql, "query">, run: NewRun): Promise<boolean> {
  const inserted = await sql.query(
    `insert into run (tenant_id, id, command, args, principal_kind, principal_id, key_id, idempotency_key, request_hash, state, created_at, seen_at,
       plan, plan_hash, approval, approvers, ended_at, resumable, blueprint, language)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, $14, $15, $16, $17, $18, $19)
     on conflict do nothing returning id, ${lightly("$20")}`,
    [
      run.id,
      run.command,
      storedJson(run.args),
      run.principalKind,
      run.principal,
      run.keyId ?? null,
      run.idempotencyKey ?? null,
      run.requestHash,
      run.waits === undefined ? "running" : "waiting",
      run.createdAt,
      storedJson(run.plan),
      run.planHash ?? null,
      storedJson(run.waits?.rules),
      run.waits?.rules.map(({ by }) => by) ?? [],
      run.waits?.until ?? null,
      run.resumable,
      run.blueprint ?? null,
      run.language ?? null,
      run.onlyReads,
    ],
    "insert_run",
  );
  return inserted.length > 0;
}

export interface EndedRun {
  tenant: string;
  run: NewRun;
  end: RunEnd;
  endedAt: Date;
}

/**
 * Runs that only read and ended before anybody wrote them down: each once, whole; the ids of those that weren't written down all the same. Primary
 * key. `sql` sees all their tenants.
 */
export async function insertEndedRuns(sql: Pick<Sql, "query">, ended: readonly EndedRun[]): Promise<Set<string>> {
  const inserted = await sql.query<{ id: string }>(
    `insert into run (tenant_id, id, command, args, principal_kind, principal_id, key_id, request_hash, state, created_at, seen_at, messages, data, error, ended_at, blueprint)
     select tenant, id, command, args, kind, principal, key, hash, state, created, created, messages, data, error, ended, blueprint
       from json_to_recordset($1::json) as ended (tenant uuid, id uuid, command text, args jsonb, kind text, principal uuid, key uuid, hash bytea, state text,
         created timestamptz, messages jsonb, data jsonb, error jsonb, ended timestamptz, blueprint text)
     on conflict do nothing returning id, ${lightly("true")}`,
    [
      storableJson(
        ended.map(({ tenant, run, end, endedAt }) => ({
          tenant,
          id: run.id,
          command: run.command,
          args: run.args,
          kind: run.principalKind,
          principal: run.principal,
          key: run.keyId,
          hash: `\\x${run.requestHash.toString("hex")}`,
          state: end.state,
          created: run.createdAt,
          messages: end.messages,
          data: end.data,
          error: end.error,
          ended: endedAt,
          blueprint: run.blueprint,
        })),
      ),
    ],
    "insert_ended_runs",
  );
  return new Set(inserted.map(({ id }) => id));
}

/** Writes how a run ended, unless that is known already, or another than the taker of this `fence` goes on with it; answers whether it did. Primary key. */
export async function endRun(
  sql: Pick<Sql, "query">,
  id: string,
  end: RunEnd,
  endedAt: Date,
  { fence, onlyReads = false }: { fence?: number; onlyReads?: boolean } = {},
): Promise<boolean> {
  const rows = await sql.query(
    `update run set state = $3, messages = $4, data = $5, error = $6, ended_at = $7, undo = $8, undoable_until = $9, progress = null
      where tenant_id = $1 and id = $2 and state in ('running', 'waiting') and ($10::int is null or fence = $10) returning id, ${lightly("$11")}`,
    [
      id,
      end.state,
      storedJson(end.messages),
      storedJson(end.data),
      storedJson(end.error),
      endedAt,
      storedJson(end.undo?.kept),
      end.undo?.until ?? null,
      fence ?? null,
      onlyReads,
    ],
    "end_run",
  );
  return rows.length > 0;
}

/** The run, held until the transaction ends. Primary key. */
export async function lockRun(tx: Pick<Sql, "query">, id: string): Promise<StoredRun | undefined> {
  const [run] = await tx.query<StoredRun>(`select ${runColumns} from run where tenant_id = $1 and id = $2 for update`, [id]);
  return run;
}

/** Who waited runs from now on. Primary key. */
export async function beginWaiting(tx: Pick<Sql, "query">, id: string, now: Date): Promise<void> {
  await tx.query("update run set state = 'running', seen_at = $3 where tenant_id = $1 and id = $2", [id, now]);
}

/**
 * Says that the run still goes on, and how far it is; answers whether it shall stop: somebody asked it to, or whoever it is of may not work here any
 * more. Undefined where it has ended, or another process goes on with it. Primary keys.
 */
export async function sayRunning(
  sql: Pick<Sql, "query">,
  { id, fence }: { id: string; fence: number },
  now: Date,
  progress: RunProgress | undefined,
): Promise<{ stopping: boolean } | undefined> {
  const [row] = await sql.query<{ stopping: boolean }>(
    `update run set seen_at = $3, progress = coalesce($4, progress) where tenant_id = $1 and id = $2 and state = 'running' and fence = $5
     returning stopped_by is not null or not exists (
       select from membership m join account a on a.id = m.account_id and a.active join tenant t on t.id = m.tenant_id and t.active
        where m.tenant_id = run.tenant_id and m.account_id = run.principal_id and m.active) as stopping`,
    [id, now, storedJson(progress), fence],
  );
  return row;
}

/** Asks a running run to stop; false where it has ended. Primary key. */
export async function askToStop(sql: Pick<Sql, "query">, id: string, by: string): Promise<boolean> {
  const rows = await sql.query(
    "update run set stopped_by = coalesce(stopped_by, $3) where tenant_id = $1 and id = $2 and state = 'running' returning id",
    [id, by],
  );
  return rows.length > 0;
}

/** Which run it is there to take back, whether or not it will have. Primary key. */
export async function saveUndoes(sql: Pick<Sql, "query">, id: string, undoes: string): Promise<void> {
  await sql.query("update run set undoes = $3 where tenant_id = $1 and id = $2", [id, undoes]);
}

/** Takes the right to take a run back, which is there once; false where another has it, or who asks for it has ended. Primary key. */
export async function claimUndo(sql: Pick<Sql, "query">, id: string, by: string): Promise<boolean> {
  const rows = await sql.query(
    `update run set undone_by = $3 where tenant_id = $1 and id = $2 and undone_by is null
       and exists (select from run mine where mine.tenant_id = $1 and mine.id = $3 and mine.state = 'running') returning id`,
    [id, by],
  );
  return rows.length > 0;
}

/** Gives it back, where nothing was done with it. Primary key. */
export async function releaseUndo(sql: Pick<Sql, "query">, id: string, by: string): Promise<void> {
  await sql.query("update run set undone_by = null where tenant_id = $1 and id = $2 and undone_by = $3", [id, by]);
}

/** Says how an uncertain run ended, after somebody looked; false where that is known already. Primary key. */
export async function settleRun(sql: Pick<Sql, "query">, id: string, end: Pick<RunEnd, "state" | "messages">): Promise<boolean> {
  const rows = await sql.query(
    "update run set state = $3, messages = $4, error = null where tenant_id = $1 and id = $2 and state = 'uncertain' returning id",
    [id, end.state, storedJson(end.messages)],
  );
  return rows.length > 0;
}

export async function findRunByKey(sql: Pick<TenantSql, "query">, principal: string, key: string): Promise<StoredRun | undefined> {
  const [run] = await sql.query<StoredRun>(
    `select ${runColumns} from run where tenant_id = $1 and principal_id = $2 and idempotency_key = $3`,
    [principal, key],
  );
  return run;
}

export interface LostRun {
  tenant: string;
  id: string;
  command: string;
  args: Record<string, unknown>;
  account: string;
  name: string | null;
}

export interface SilentRun extends LostRun {
  /** Whether it has taken the right to take another back. */
  hasClaimed: boolean;
}

/** Runs whose process is silent: it died. Held until the transaction ends, in which they are ended. Index run_running. */
export async function lockLostRuns(tx: Sql, { silentSince, begunBefore }: { silentSince: Date; begunBefore: Date }): Promise<SilentRun[]> {
  return await tx.query<SilentRun & Record<string, unknown>>(
    `select run.tenant_id as tenant, run.id, run.command, run.args, run.principal_id as account,
       (select name from account where account.id = run.principal_id) as name,
       exists (select from run undone where undone.tenant_id = run.tenant_id and undone.id = run.undoes and undone.undone_by = run.id) as "hasClaimed"
     from run where state = 'running' and coalesce(seen_at, created_at) < $1 and (seen_at is not null or created_at < $2)
      order by coalesce(seen_at, created_at) limit 100 for update of run skip locked`,
    [silentSince, begunBefore],
  );
}

/** Ends those that are held, and what they had begun outside is uncertain. Primary keys. */
export async function endLostRuns(
  tx: Sql,
  lost: readonly Pick<LostRun, "tenant" | "id">[],
  { state, error, endedAt }: { state: "uncertain" | "failed"; error: ErrorBody; endedAt: Date },
): Promise<void> {
  if (lost.length === 0) return;
  await tx.query(
    `with lost as (select * from unnest($1::uuid[], $2::uuid[]) as lost(tenant_id, id)), steps as (
       update run_effect e set state = 'uncertain' from lost where e.tenant_id = lost.tenant_id and e.run_id = lost.id::text and e.state = 'started'
     )
     update run set state = $3, ended_at = $5, error = $4 from lost where run.tenant_id = lost.tenant_id and run.id = lost.id`,
    [lost.map(({ tenant }) => tenant), lost.map(({ id }) => id), state, storedJson(error), endedAt],
  );
}

/** Takes runs whose process has been silent: each is one process's, and what the silent one still writes finds nothing. Index run_running. */
export async function takeSilentRuns(
  tx: Pick<Sql, "query">,
  { silentSince, now, atMost }: { silentSince: Date; now: Date; atMost: number },
): Promise<(StoredRun & { tenant: string })[]> {
  return await tx.query<StoredRun & { tenant: string }>(
    `with silent as (
       select tenant_id, id from run
        where state = 'running' and resumable and coalesce(seen_at, created_at) < $1 and fence < $3 and stopped_by is null
        order by coalesce(seen_at, created_at) limit 20 for update skip locked
     )
     update run set fence = run.fence + 1, seen_at = $2 from silent where run.tenant_id = silent.tenant_id and run.id = silent.id
     returning run.tenant_id as tenant, ${runColumns}`,
    [silentSince, now, atMost],
  );
}

/** Runs that nobody approved in time. Index run_waiting. */
export async function endExpiredRuns(tx: Sql, now: Date, error: ErrorBody): Promise<LostRun[]> {
  return await tx.query<LostRun>(
    `with over as (select tenant_id, id from run where state = 'waiting' and ended_at <= $1 order by ended_at limit 100 for update skip locked)
     update run set state = 'cancelled', error = $2 from over where run.tenant_id = over.tenant_id and run.id = over.id
     returning run.tenant_id as tenant, run.id, run.command, run.args, run.principal_id as account,
       (select name from account where account.id = run.principal_id) as name`,
    [now, storedJson(error)],
  );
}

function storedJson(value: unknown): string | null {
  return value === undefined || value === null ? null : storableJson(value);
}
