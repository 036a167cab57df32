import type { TenantSql } from "../../platform/database/database.ts";
import type { CursorValues } from "../../platform/lists/cursor.ts";
import { type ListRequest, listSql, type SqlList } from "../../platform/lists/listSql.ts";
import { runStates } from "../../protocol/commands.ts";
import { lostAfterMs, type Standing, silentMs } from "./runRules.ts";
import { runColumns, type StoredRun } from "./runStore.ts";

/** Whose runs somebody may see: their own, those that ask for somebody of their standing (`role:admin`), or all. */
export interface Sight {
  account: string;
  /** Of their own only those that this API key asked for. */
  key: string | undefined;
  standing: readonly string[];
  all: boolean;
  /** Of others' runs about entities: only of these blueprints, of which they may see everything. */
  blueprints: "all" | readonly string[];
}

/** As `stateNow`, in SQL. */
function stateSql(nowMs: number): string {
  const at = (ms: number) => `to_timestamp(${ms / 1000})`;
  return `(case when run.state = 'running' and (case when run.seen_at is null then run.created_at < ${at(nowMs - lostAfterMs)} else run.seen_at < ${at(nowMs - silentMs)} end) then 'uncertain'
    when run.state = 'waiting' and run.ended_at <= ${at(nowMs)} then 'cancelled' else run.state end)`;
}

/** By what a list of runs may be filtered and sorted. */
export function runList(nowMs: number): SqlList {
  return {
    fields: {
      id: { type: "id", sql: "run.id" },
      command: { type: "text", sql: "run.command" },
      state: { type: "choice", choices: runStates, sql: stateSql(nowMs) },
      createdAt: { type: "instant", sql: "run.created_at" },
      by: { type: "id", sql: "run.principal_id" },
    },
    order: "-createdAt",
    unique: "id",
  };
}

/** Of whose entities a run is: of one that is about another run, whose that is. */
const about =
  "coalesce(run.blueprint, (select other.blueprint from run other where other.tenant_id = run.tenant_id and other.id::text = run.args ->> 'run'))";
/** `$2` the account, `$3` its standing, `$4` whether all, `$5` the key, `$6` the blueprints of which they may see everything, null for all. */
const seen = `((run.principal_id = $2 and ($5::uuid is null or run.key_id = $5))
  or (($4 or run.approvers && $3::text[]) and ($6::text[] is null or coalesce(${about} = any($6), true))))`;
const valuesOf = ({ account, standing, all, key, blueprints }: Sight) => [
  account,
  standing,
  all,
  key ?? null,
  blueprints === "all" ? null : blueprints,
];

/** A page of the runs that somebody may see, the newest first where nothing else is asked. Indexes run_created, run_all. Refusals: `invalid_value`. */
export async function listRuns(
  sql: Pick<TenantSql, "query">,
  sight: Sight,
  request: ListRequest,
  nowMs: number,
): Promise<{ rows: StoredRun[]; nextCursor: string | null }> {
  const list = listSql(runList(nowMs), request, 7);
  const rows = await sql.query<StoredRun & { cursor: CursorValues }>(
    `select ${runColumns}, ${list.cursor} as cursor from run
      where run.tenant_id = $1 and ${seen} and ${list.where}
      order by ${list.orderBy} limit ${list.limit}`,
    [...valuesOf(sight), ...list.values],
  );
  return list.page(rows);
}

/** The run, where they may see it. Primary key. */
export async function findRun(sql: Pick<TenantSql, "query">, sight: Sight, id: string): Promise<StoredRun | undefined> {
  const [run] = await sql.query<StoredRun>(`select ${runColumns} from run where run.tenant_id = $1 and ${seen} and run.id = $7`, [
    ...valuesOf(sight),
    id,
  ]);
  return run;
}

/** The key under which it was asked for, if under any. Primary key. */
export async function findRunKey(sql: Pick<TenantSql, "query">, id: string): Promise<string | undefined> {
  const [run] = await sql.query<{ key: string | null }>(`select idempotency_key as key from run where tenant_id = $1 and id = $2`, [id]);
  return run?.key ?? undefined;
}

/** Of these people those that were asked for under these keys. Unique (tenant_id, principal_id, idempotency_key). */
export async function listRunsByKeys(
  sql: Pick<TenantSql, "query">,
  accounts: readonly string[],
  keys: readonly string[],
): Promise<(Standing & { id: string; account: string; key: string })[]> {
  return await sql.query(
    `select id, principal_id as account, idempotency_key as key, state, created_at as "createdAt", seen_at as "seenAt", ended_at as "endedAt"
     from run where tenant_id = $1 and principal_id = any($2::uuid[]) and idempotency_key = any($3)`,
    [accounts, keys],
  );
}
