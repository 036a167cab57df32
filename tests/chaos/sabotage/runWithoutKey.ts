import { insertRun as insert } from "../../../src/commands/runs/runStore.ts";

export * from "../../../src/commands/runs/runStore.ts";

/** Stands in for the real one: the same request once more is another run. */
export const insertRun: typeof insert = (sql, run) => insert(sql, { ...run, idempotencyKey: undefined });
