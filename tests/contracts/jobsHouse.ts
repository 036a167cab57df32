import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type Clock, systemClock } from "../../src/platform/clock/clock.ts";
import type { Sql, TenantSql } from "../../src/platform/database/database.ts";
import { findJob, type JobState, listJobs } from "../../src/platform/jobs/jobStore.ts";
import { addJob, type JobKind, type Jobs, type NewJob, type RunningJob } from "../../src/platform/jobs/jobs.ts";
import type { JobsOutside, JobTimes } from "../../src/platform/jobs/workJobs.ts";
import { type House, openHouse } from "../fixtures/openHouse.ts";

export const quick: JobTimes = { leaseMs: 4000, renewEveryMs: 200, graceMs: 300, patienceMs: 300, lookEveryMs: 100, handedForMs: 2000 };
export const patient = { timeout: 20_000, interval: 20 };

/** One house for a file's suites, and its workers, which are ended after each test. */
export interface Stage {
  house: House;
  tenant: string;
  other: string;
  add(job?: Partial<NewJob>, tenant?: string): Promise<string>;
  /** A process that does jobs; the answer stops it. */
  work(kinds: JobKind[], settings?: { clock?: Pick<Clock, "after">; times?: JobTimes }): Promise<() => Promise<void>>;
  state(id: string, tenant?: string): Promise<JobState | undefined>;
  until(id: string, state: JobState): Promise<void>;
  mine(): TenantSql;
  /** What was written: an effect is a row, a job that nobody does. */
  effects(): Promise<(string | null)[]>;
  write(tx: Sql, what: string): Promise<string>;
}

export function jobsHouse(open: (outside: JobsOutside, times: JobTimes) => Promise<Jobs>): Stage {
  const endings: (() => Promise<void>)[] = [];
  let house: House | undefined;
  const stage: Stage = {
    get house() {
      if (house === undefined) throw new Error("the house is not open yet");
      return house;
    },
    tenant: "",
    other: "",
    add: (job: Partial<NewJob> = {}, tenant = stage.tenant) =>
      addJob(stage.house.database.forTenant(tenant), { kind: "test.do", data: {}, ...job }),
    work: async (kinds: JobKind[], { clock = systemClock, times = quick }: { clock?: Pick<Clock, "after">; times?: JobTimes } = {}) => {
      const jobs = await open({ ...stage.house, clock }, times);
      let stopped: Promise<void> | undefined;
      const work = jobs.work(kinds);
      const stop = () => {
        stopped ??= work().then(() => jobs.close());
        return stopped;
      };
      endings.push(stop);
      return stop;
    },
    state: async (id: string, tenant = stage.tenant): Promise<JobState | undefined> =>
      (await findJob(stage.house.database.forTenant(tenant), id))?.state,
    until: (id: string, state: JobState) => expect.poll(() => stage.state(id), patient).toBe(state),
    mine: () => stage.house.database.forTenant(stage.tenant),
    effects: async () => (await listJobs(stage.mine(), { kind: "test.effect" }, 10)).map(({ key }) => key),
    write: (tx: Sql, what: string) => addJob(tx, { kind: "test.effect", key: what, data: {} }),
  };
  beforeAll(async () => {
    house = await openHouse();
    [stage.tenant, stage.other] = [await stage.house.addTenant("one"), await stage.house.addTenant("other")];
  });
  afterEach(async () => {
    await Promise.all(endings.splice(0).map((end) => end()));
    await stage.house.database.acrossTenants.query("delete from job");
  });
  afterAll(() => house?.close());
  return stage;
}

export function kindOf(run: (job: RunningJob) => Promise<unknown>, over: Partial<JobKind> = {}): JobKind {
  return {
    kind: "test.do",
    atOnce: 4,
    deadlineMs: 60_000,
    attempts: 3,
    retryAfterMs: () => 10,
    afterLoss: "again",
    run: async (job) => {
      const again = await run(job);
      return again instanceof Date ? again : undefined;
    },
    ...over,
  };
}
