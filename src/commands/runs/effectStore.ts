import type { TenantSql } from "../../platform/database/database.ts";
import type { RunEffect } from "../../protocol/commands.ts";

export type EffectState = RunEffect["state"];

/**
 * Says that a step begins; false where it was begun before, of which the second loses, and where the run has ended: a process that stood still for
 * longer than others waited for it does nothing more. Primary keys.
 */
export async function beginEffect(
  sql: Pick<TenantSql, "query">,
  { run, step, check, at }: { run: string; step: string; check: string; at: Date },
): Promise<boolean> {
  const rows = await sql.query(
    `with going as (select from run where tenant_id = $1 and id = $2::text::uuid and state = 'running' for share)
     insert into run_effect (tenant_id, run_id, step, state, to_check, started_at)
     select $1, $2, $3, 'started', $4, $5 from going on conflict do nothing returning step`,
    [run, step, check, at],
  );
  return rows.length > 0;
}

/** Primary key. */
export async function findEffect(sql: Pick<TenantSql, "query">, run: string, step: string): Promise<EffectState | undefined> {
  const [effect] = await sql.query<{ state: EffectState }>(
    "select state from run_effect where tenant_id = $1 and run_id = $2 and step = $3",
    [run, step],
  );
  return effect?.state;
}

/** Primary key. */
export async function endEffect(
  sql: Pick<TenantSql, "query">,
  { run, step, state, error, at }: { run: string; step: string; state: EffectState; error?: string; at: Date },
): Promise<void> {
  await sql.query(
    `update run_effect set state = $4, error = $5, ended_at = $6
      where tenant_id = $1 and run_id = $2 and step = $3 and state in ('started', 'uncertain')`,
    [run, step, state, error ?? null, at],
  );
}

/** Which run, and which taker of it: an older one writes nothing any more. */
export interface Taken {
  run: string;
  fence: number;
}

export interface KeptEffect {
  state: EffectState;
  fence: number;
  error: string | null;
  /** Null while it isn't known; what was answered stands in its `value`. */
  result: { value: unknown } | null;
}

/** Says that a step begins; false where it was begun before, or another process goes on with the run. Primary keys. */
export async function beginStep(
  sql: Pick<TenantSql, "query">,
  { run, fence }: Taken,
  { step, check, at }: { step: string; check: string; at: Date },
): Promise<boolean> {
  const rows = await sql.query(
    `insert into run_effect (tenant_id, run_id, step, state, to_check, started_at, fence)
     select $1, $2::text, $3, 'started', $4, $5, run.fence from run
      where run.tenant_id = $1 and run.id = $2::text::uuid and run.state = 'running' and run.fence = $6 for share
     on conflict do nothing returning step`,
    [run, step, check, at, fence],
  );
  return rows.length > 0;
}

/** Begins a step again that an earlier taker began; false where there is none. Primary key. */
export async function takeStep(
  sql: Pick<TenantSql, "query">,
  { run, fence }: Taken,
  { step, at }: { step: string; at: Date },
): Promise<boolean> {
  const rows = await sql.query(
    `update run_effect set state = 'started', fence = $4, started_at = $5, ended_at = null
      where tenant_id = $1 and run_id = $2 and step = $3 and fence < $4 and state in ('started', 'uncertain') returning step`,
    [run, step, fence, at],
  );
  return rows.length > 0;
}

/** Primary key. */
export async function findStep(sql: Pick<TenantSql, "query">, run: string, step: string): Promise<KeptEffect | undefined> {
  const [found] = await sql.query<KeptEffect>(
    "select state, fence, error, result from run_effect where tenant_id = $1 and run_id = $2 and step = $3",
    [run, step],
  );
  return found;
}

/** How a step ended, with what it answered, which is kept while the run goes on; false where another process began it meanwhile. Primary key. */
export async function endStep(
  sql: Pick<TenantSql, "query">,
  { run, fence }: Taken,
  { step, state, error, result, at }: { step: string; state: EffectState; error?: string; result?: string; at: Date },
): Promise<boolean> {
  const rows = await sql.query(
    `update run_effect set state = $5, error = $6, ended_at = $8,
            result = case when exists (select from run where run.tenant_id = $1 and run.id = $2::text::uuid and run.state = 'running') then $7::jsonb end
      where tenant_id = $1 and run_id = $2::text and step = $3 and fence = $4 and state in ('started', 'uncertain') returning step`,
    [run, step, fence, state, error ?? null, result ?? null, at],
  );
  return rows.length > 0;
}

/** What a reading step answered; false where another process goes on with the run. Primary keys. */
export async function keepRead(
  sql: Pick<TenantSql, "query">,
  { run, fence }: Taken,
  { step, result, at }: { step: string; result: string; at: Date },
): Promise<boolean> {
  const rows = await sql.query(
    `insert into run_effect (tenant_id, run_id, step, state, to_check, started_at, ended_at, fence, result, reads)
     select $1, $2::text, $3, 'done', '', $4, $4, run.fence, $5, true from run
      where run.tenant_id = $1 and run.id = $2::text::uuid and run.state = 'running' and run.fence = $6 for share
     on conflict do nothing returning step`,
    [run, step, at, result, fence],
  );
  return rows.length > 0;
}

/** What was kept for another process to go on with; the run has ended. Primary key. */
export async function forgetResults(sql: Pick<TenantSql, "query">, run: string): Promise<void> {
  await sql.query(
    `with read as (delete from run_effect where tenant_id = $1 and run_id = $2 and reads)
     update run_effect set result = null where tenant_id = $1 and run_id = $2 and not reads and result is not null`,
    [run],
  );
}

const mostListed = 200;

/** What a run did outside, in its order; of very many steps those of which nobody knows, and the last. Primary key. */
export async function listEffects(sql: Pick<TenantSql, "query">, run: string): Promise<RunEffect[]> {
  const rows = await sql.query<{ step: string; state: EffectState; check: string; startedAt: Date; endedAt: Date | null }>(
    `select * from (
       select step, state, to_check as "check", started_at as "startedAt", ended_at as "endedAt" from run_effect
        where tenant_id = $1 and run_id = $2 and not reads
        order by state in ('started', 'uncertain') desc, started_at desc, step desc limit ${mostListed}
     ) e order by "startedAt", step`,
    [run],
  );
  return rows.map(({ startedAt, endedAt, ...effect }) => ({
    ...effect,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  }));
}

/** Nobody goes on with the run: what was under way is not known. Primary key. */
export async function leaveUncertain(sql: Pick<TenantSql, "query">, run: string): Promise<void> {
  await sql.query("update run_effect set state = 'uncertain' where tenant_id = $1 and run_id = $2 and state = 'started'", [run]);
}

/** Somebody looked: what was not known is settled. Primary key. */
export async function settleEffects(sql: Pick<TenantSql, "query">, run: string, at: Date): Promise<void> {
  await sql.query(
    "update run_effect set state = 'settled', ended_at = $3 where tenant_id = $1 and run_id = $2 and state in ('started', 'uncertain')",
    [run, at],
  );
}
