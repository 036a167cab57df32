import { listRunsByKeys } from "../../commands/runs/runListStore.ts";
import { stateNow } from "../../commands/runs/runRules.ts";
import type { TenantSql } from "../../platform/database/database.ts";
import { listJobsByKeys } from "../../platform/jobs/jobStore.ts";
import type { StartedRun } from "../../protocol/blueprints.ts";
import type { AskedStart, StoredChange } from "../changeStore.ts";
import { startKind } from "./startKind.ts";

/**
 * What became of what steps started: the run says, or the job that was to begin it. What a job refused may tell values, so its reason is for who sees
 * all; what the run was given and answered is with the run, for who may see that.
 */
export async function readStarted(
  sql: TenantSql,
  changes: readonly StoredChange[],
  nowMs: number,
  seesAll: boolean,
): Promise<(started: AskedStart) => StartedRun> {
  const keys = changes.flatMap(({ started }) => (started ?? []).map(({ key }) => key));
  if (keys.length === 0) return ({ command }) => ({ command });
  const accounts = [...new Set(changes.flatMap(({ started, byId }) => (started === null ? [] : [byId])))];
  const [runs, jobs] = await Promise.all([listRunsByKeys(sql, accounts, keys), listJobsByKeys(sql, startKind, keys)]);
  return ({ command, key }) => {
    const run = runs.find((one) => one.key === key);
    if (run !== undefined) return { command, run: run.id, state: stateNow(run, nowMs) };
    const job = jobs.find((one) => one.key === key);
    if (job === undefined) return { command };
    if (job.state !== "dead" && job.state !== "cancelled") return { command, state: "asked" };
    const reason = seesAll && job.lastError !== null ? { reason: job.lastError } : {};
    return { command, state: job.state === "dead" ? "failed" : "cancelled", ...reason };
  };
}
