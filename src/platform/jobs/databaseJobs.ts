import type { Jobs } from "./jobs.ts";
import { Round, takeJobs } from "./takeJobs.ts";
import { type JobsOutside, type JobTimes, usualTimes, workJobs } from "./workJobs.ts";

/** Jobs on the database alone: any number of processes, each takes what is ready when it has room. */
export function openDatabaseJobs(outside: JobsOutside, times: JobTimes = usualTimes): Jobs {
  return {
    work: (kinds) =>
      workJobs(outside, kinds, times, (dealing) => {
        const round = new Round();
        return { deal: (kind) => takeJobs(dealing, round, kind), pause: async () => {}, end: async () => {} };
      }),
    close: async () => {},
  };
}
