import { endLostRuns as end } from "../../../src/commands/runs/runStore.ts";

export * from "../../../src/commands/runs/runStore.ts";

/** Stands in for the real one: what a process didn't live to tell has not happened. */
export const endLostRuns: typeof end = (tx, lost, ended) => end(tx, lost, { ...ended, state: "failed" });
