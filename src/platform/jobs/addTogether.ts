import { v7 as newId } from "uuid";
import type { Json } from "../bus/bus.ts";
import type { Sql } from "../database/database.ts";
import { writeTogether } from "../database/writeTogether.ts";
import { insertDueJobs, type NewDueJob } from "./jobStore.ts";

const jobsPerStatement = 200;

/**
 * Writes down jobs of one kind, of any tenants, each once for its key and due at once, as `writeTogether`: the same once more is harmless. `sql` sees
 * all tenants, and has connections of its own: whoever brings them doesn't wait for long.
 */
export function addTogether(sql: Sql, kind: string): (tenant: string, job: { key: string; data: Json }) => Promise<void> {
  const add = writeTogether(async (jobs: readonly NewDueJob[]) => {
    await insertDueJobs(sql, kind, jobs);
    return jobs.map(() => true);
  }, jobsPerStatement);
  return async (tenant, { key, data }) => {
    await add({ tenant, id: newId(), key, data });
  };
}
