import { describe, expect, test } from "vitest";
import { forgetEndedJobs, keptDays } from "../../src/platform/jobs/forgetJobs.ts";
import { cancelJob, findJob } from "../../src/platform/jobs/jobStore.ts";
import { announceCancelled, announceJobs, type JobKind, type RunningJob } from "../../src/platform/jobs/jobs.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { createMovableClock } from "../fixtures/movableClock.ts";
import { kindOf, patient, quick, type Stage } from "./jobsHouse.ts";

/** How jobs end that are called off, take too long, or lose their worker. */
export function stoppedJobs(stage: Stage): void {
  const { add, work, state, until, mine, effects, write } = stage;

  /** Resolves when it was told to stop. */
  const stopped = (job: RunningJob) =>
    new Promise<never>((_, reject) => {
      if (job.signal.aborted) reject(job.signal.reason);
      job.signal.addEventListener("abort", () => reject(job.signal.reason));
    });

  describe("stopping", () => {
    test("one that runs hears that it is cancelled, and is", async () => {
      await work([kindOf(stopped, { attempts: 1 })]);
      const id = await add();
      await until(id, "running");
      expect(await cancelJob(mine(), id)).toBe("running");
      announceCancelled(stage.house);
      await until(id, "cancelled");
    });

    test("one that takes too long is told, and not waited for for ever", async () => {
      await work([
        kindOf(stopped, { attempts: 1, deadlineMs: 100 }),
        kindOf(() => new Promise<void>(() => {}), { kind: "test.deaf", attempts: 1, deadlineMs: 100 }),
      ]);
      const [heard, deaf] = [await add(), await add({ kind: "test.deaf" })];
      await until(heard, "dead");
      await until(deaf, "dead");
      expect((await findJob(mine(), heard))?.lastError).toBe("It took longer than 0.1 seconds.");
    });

    test("a process that ends waits for what runs, and gives back what goes on", async () => {
      let go = () => {};
      const first = kindOf(async () => {
        await new Promise<void>((resolve) => {
          go = resolve;
        });
      });
      const stop = await work([first, kindOf(stopped, { kind: "test.long" })]);
      const [short, long] = [await add(), await add({ kind: "test.long" })];
      await until(short, "running");
      await until(long, "running");
      const ended = stop();
      go();
      await ended;
      expect([await state(short), await state(long)]).toEqual(["done", "waiting"]);
      const attempts: number[] = [];
      await work([kindOf(async ({ attempt }) => void attempts.push(attempt), { kind: "test.long" })]);
      await until(long, "done");
      expect(attempts).toEqual([1]);
    });
  });

  test("what was done is forgotten after a while, what is dead later, and what waits never", async () => {
    const ended = async (kind: string, ended: string, days: number) => {
      const id = await add({ kind, at: new Date(Date.now() + 3_600_000) });
      const sql = "update job set state = $2, ended_at = now() - make_interval(days => $3) where id = $1";
      await stage.house.database.acrossTenants.query(sql, [id, ended, days]);
      return id;
    };
    const gone = [await ended("test.one", "done", keptDays.doneDays + 1), await ended("test.two", "dead", keptDays.deadDays + 1)];
    const kept = [
      await ended("test.three", "done", keptDays.doneDays - 1),
      await ended("test.four", "dead", keptDays.doneDays + 1),
      await add(),
    ];
    await forgetEndedJobs(stage.house);
    expect(await Promise.all(gone.map((id) => state(id)))).toEqual([undefined, undefined]);
    expect(await Promise.all(kept.map((id) => state(id)))).toEqual(["done", "dead", "waiting"]);
  });

  describe("a worker that stands still for longer than its lease", () => {
    const brief = { ...quick, leaseMs: 300 };

    /** It never renews, and goes on when the test says so. */
    const standStill = async (kind: Partial<JobKind> = {}) => {
      let go = () => {};
      const outcome: unknown[] = [];
      const frozen = createMovableClock();
      const run = async (job: RunningJob) => {
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        await mine()
          .transaction(async (tx) => {
            await write(tx, "late");
            await job.finish(tx);
          })
          .catch((error: unknown) => outcome.push(error instanceof Refusal ? error.code : error));
      };
      await work([kindOf(run, { ...kind, atOnce: 1 })], { clock: frozen, times: brief });
      const id = await add();
      announceJobs(stage.house, "test.do");
      await until(id, "running");
      return { id, outcome, goOn: () => go() };
    };

    test("loses its write: another has done it", async () => {
      const { id, outcome, goOn } = await standStill();
      const again = kindOf(async (job) => {
        await mine().transaction(async (tx) => {
          await job.hold(tx);
          await write(tx, `try ${job.attempt}`);
          await job.finish(tx);
        });
      });
      await work([again]);
      await until(id, "done");
      goOn();
      await expect.poll(() => outcome, patient).toEqual(["conflict"]);
      expect(await effects()).toEqual(["try 2"]);
    });

    test("leaves a job that must not be done twice dead, with what is known", async () => {
      const told: string[] = [];
      const { id, outcome, goOn } = await standStill({ afterLoss: "dead" });
      const again: string[] = [];
      await work([
        kindOf(async (job) => void again.push(job.id), { afterLoss: "dead", gaveUp: async (_, reason) => void told.push(reason) }),
      ]);
      await until(id, "dead");
      goOn();
      await expect.poll(() => outcome, patient).toEqual(["conflict"]);
      expect([again, await effects(), told]).toEqual([[], [], ["The process that did it ended; what it did is not known."]]);
    });
  });
}
