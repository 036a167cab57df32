import type { TenantSql } from "../../platform/database/database.ts";
import type { RunEffect } from "../../protocol/commands.ts";

export type EffectState = RunEffect["state"];

/** Says that a step begins; false where it was begun before: the second loses. Primary key. */
export async function beginEffect(
  sql: Pick<TenantSql, "query">,
  { run, step, check, at }: { run: string; step: string; check: string; at: Date },
): Promise<boolean> {
  const rows = await sql.query(
    `insert into run_effect (tenant_id, run_id, step, state, to_check, started_at) values ($1, $2, $3, 'started', $4, $5)
     on conflict do nothing returning step`,
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

/** What a run did outside, in its order. Primary key. */
export async function listEffects(sql: Pick<TenantSql, "query">, run: string): Promise<RunEffect[]> {
  const rows = await sql.query<{ step: string; state: EffectState; check: string; startedAt: Date; endedAt: Date | null }>(
    `select step, state, to_check as "check", started_at as "startedAt", ended_at as "endedAt" from run_effect
      where tenant_id = $1 and run_id = $2 order by started_at, step`,
    [run],
  );
  return rows.map(({ startedAt, endedAt, ...effect }) => ({
    ...effect,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  }));
}

/** Somebody looked: what was not known is settled. Primary key. */
export async function settleEffects(sql: Pick<TenantSql, "query">, run: string, at: Date): Promise<void> {
  await sql.query(
    "update run_effect set state = 'settled', ended_at = $3 where tenant_id = $1 and run_id = $2 and state in ('started', 'uncertain')",
    [run, at],
  );
}
