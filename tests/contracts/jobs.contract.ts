import { describe, expect, test } from "vitest";
import { cancelJob, findJob, moveJob, retryJob } from "../../src/platform/jobs/jobStore.ts";
import { addJob, announceJobs, type Jobs, type RunningJob } from "../../src/platform/jobs/jobs.ts";
import type { JobsOutside, JobTimes } from "../../src/platform/jobs/workJobs.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { jobsHouse, kindOf, patient } from "./jobsHouse.ts";
import { stoppedJobs } from "./stoppedJobs.contract.ts";

const named = (job: RunningJob) => (typeof job.data === "object" && job.data !== null && "n" in job.data ? Number(job.data.n) : -1);

/** What every way of doing jobs does. */
export function jobsContract(open: (outside: JobsOutside, times: JobTimes) => Promise<Jobs>): void {
  const stage = jobsHouse(open);
  const { add, work, state, until, mine, effects, write } = stage;

  describe("asking", () => {
    test("what is asked for with a transaction is done after it, and not at all without it", async () => {
      const done: unknown[] = [];
      await work([kindOf(async ({ data }) => void done.push(data))]);
      const failing = mine().transaction(async (tx) => {
        await addJob(tx, { kind: "test.do", data: "rolled back" });
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      const id = await mine().transaction((tx) => addJob(tx, { kind: "test.do", data: { text: "…" } }));
      announceJobs(stage.house, "test.do");
      await until(id, "done");
      expect(done).toEqual([{ text: "…" }]);
    });

    test("the same key is one job, of each tenant and kind", async () => {
      const done: string[] = [];
      const first = await add({ key: "a" });
      expect(await add({ key: "a" })).toBe(first);
      const others = [await add({ key: "a" }, stage.other), await add({ key: "b" })];
      expect(new Set([first, ...others]).size).toBe(3);
      await work([kindOf(async ({ id }) => void done.push(id))]);
      await until(first, "done");
      expect(await add({ key: "a" })).toBe(first);
      await expect.poll(() => done.length, patient).toBe(3);
    });

    test("what is due later waits, can be moved, and is done in the order in which it is due", async () => {
      const done: number[] = [];
      const now = Date.now();
      const at = (ms: number) => new Date(now + ms);
      const far = await add({ data: { n: 9 }, at: at(3_600_000) });
      for (const n of [3, 1, 2]) await add({ data: { n }, at: at(n * 1000 - 60_000) });
      await work([kindOf(async (job) => void done.push(named(job)), { atOnce: 1 })]);
      await expect.poll(() => done, patient).toEqual([1, 2, 3]);
      expect(await state(far)).toBe("waiting");
      expect(await moveJob(mine(), far, at(0))).toBe(true);
      await until(far, "done");
      expect(await moveJob(mine(), far, at(0))).toBe(false);
      expect(done.at(-1)).toBe(9);
    });

    test("what waits is cancelled at once, and never done", async () => {
      const done: unknown[] = [];
      const cancelled = await add({ at: new Date(Date.now() + 60_000) });
      expect(await cancelJob(mine(), cancelled)).toBe("waiting");
      expect(await cancelJob(stage.house.database.forTenant(stage.other), cancelled)).toBeUndefined();
      await work([kindOf(async ({ id }) => void done.push(id))]);
      const next = await add();
      await until(next, "done");
      expect([await state(cancelled), done]).toEqual(["cancelled", [next]]);
    });
  });

  describe("doing", () => {
    test("a thousand jobs with two workers are done once each", async () => {
      const ids = new Set<string>();
      const done: string[] = [];
      await mine().transaction(async (tx) => {
        for (let n = 0; n < 1000; n += 1) ids.add(await addJob(tx, { kind: "test.do", data: { n } }));
      });
      const kind = kindOf(async ({ id }) => void done.push(id), { atOnce: 20 });
      await Promise.all([work([kind]), work([kind])]);
      await expect.poll(() => done.length, { timeout: 30_000, interval: 50 }).toBe(1000);
      expect(new Set(done)).toEqual(ids);
    });

    test("one tenant's many don't keep another's waiting", async () => {
      const done: string[] = [];
      await mine().transaction(async (tx) => {
        for (let n = 0; n < 400; n += 1) await addJob(tx, { kind: "test.do", data: { n } });
      });
      let others = 0;
      const late = async (job: RunningJob) => {
        done.push(job.tenant);
        // The first is under way when the other tenant comes.
        if (done.length === 20) for (; others < 3; others += 1) await add({}, stage.other);
      };
      await work([kindOf(late, { atOnce: 2 })]);
      await expect.poll(() => done.filter((tenant) => tenant === stage.other).length, patient).toBe(3);
      expect(done.lastIndexOf(stage.other)).toBeLessThan(250);
    });

    test("so many of one tenant at once as its kind says", async () => {
      let [now, most] = [0, 0];
      const held: (() => void)[] = [];
      for (let n = 0; n < 6; n += 1) await add();
      const kind = kindOf(
        async () => {
          now += 1;
          most = Math.max(most, now);
          await new Promise<void>((go) => held.push(go));
          now -= 1;
        },
        { atOnce: 5, perTenant: 2 },
      );
      await work([kind]);
      const other = await add({}, stage.other);
      await expect.poll(() => state(other, stage.other), patient).toBe("running");
      for (let n = 0; n < 7; n += 1) {
        await expect.poll(() => held.length, patient).toBeGreaterThan(0);
        held.shift()?.();
      }
      await expect.poll(() => now, patient).toBe(0);
      expect(most).toBeLessThanOrEqual(3);
    });

    test("what fails is tried again, then it is dead with its reason, told, and may be tried once more", async () => {
      const told: string[] = [];
      let works = false;
      const tries: number[] = [];
      const kind = kindOf(
        async ({ attempt }) => {
          tries.push(attempt);
          if (!works) throw new Refusal("unavailable", "The printer is on fire.");
        },
        { gaveUp: async ({ attempt }, reason) => void told.push(`${attempt} ${reason}`) },
      );
      await work([kind]);
      const id = await add();
      await until(id, "dead");
      expect(tries).toEqual([1, 2, 3]);
      expect(told).toEqual(["3 The printer is on fire."]);
      expect(await findJob(mine(), id)).toMatchObject({ lastError: "The printer is on fire.", attempts: 3 });
      works = true;
      expect(await retryJob(mine(), id)).toBe(true);
      await until(id, "done");
      expect(await retryJob(mine(), id)).toBe(false);
    });

    test("what another try won't change is dead at once, and a reason nobody should see is not shown", async () => {
      const refuse = kindOf(async () => {
        throw new Refusal("not_found", "The list is gone.");
      });
      const crash = kindOf(
        async () => {
          throw new Error("secret");
        },
        { kind: "test.crash", attempts: 1 },
      );
      await work([refuse, crash]);
      const [first, second] = [await add(), await add({ kind: "test.crash" })];
      await until(first, "dead");
      await until(second, "dead");
      expect((await findJob(mine(), first))?.lastError).toBe("The list is gone.");
      expect((await findJob(mine(), second))?.lastError).toBe("It failed, and the reason was logged.");
    });

    test("a time as the answer has it done again then", async () => {
      const done: number[] = [];
      await work([kindOf(async ({ attempt }) => (done.push(attempt) < 3 ? new Date() : undefined))]);
      await until(await add(), "done");
      expect(done).toEqual([1, 1, 1]);
    });

    test("progress is shown while it runs", async () => {
      let go = () => {};
      const kind = kindOf(async (job) => {
        job.progress({ done: 3, of: 7 });
        await new Promise<void>((resolve) => {
          go = resolve;
        });
      });
      await work([kind]);
      const id = await add();
      await expect.poll(async () => (await findJob(mine(), id))?.progress, patient).toEqual({ done: 3, of: 7 });
      go();
      await until(id, "done");
    });

    test("an effect and its end are one transaction", async () => {
      const kind = kindOf(async (job) => {
        await mine().transaction(async (tx) => {
          await write(tx, `try ${job.attempt}`);
          await job.finish(tx);
          if (job.attempt === 1) throw new Error("broken before the commit");
        });
      });
      await work([kind]);
      const id = await add();
      await until(id, "done");
      expect(await effects()).toEqual(["try 2"]);
    });
  });

  stoppedJobs(stage);
}
