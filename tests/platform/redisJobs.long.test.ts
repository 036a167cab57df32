import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addJob, announceJobs } from "../../src/platform/jobs/jobs.ts";
import { connectRedis } from "../../src/platform/jobs/redisConnection.ts";
import { openRedisJobs } from "../../src/platform/jobs/redisJobs.ts";
import { type Redis, startRedis } from "../chaos/processes/redis.ts";
import { jobsHouse, kindOf } from "../contracts/jobsHouse.ts";
import { describeWithOwnRedis } from "../fixtures/privateRedis.ts";
import { silentLog } from "../fixtures/silentLog.ts";

/** From a fault of Redis until everything is done: faults.md, row 34. */
const within = { timeout: 30_000, interval: 50 };

describeWithOwnRedis("jobs while Redis fails", () => {
  let redis: Redis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.end());
  const stage = jobsHouse((outside, times) => openRedisJobs({ ...outside, url: `redis://127.0.0.1:${redis.port}` }, times));

  /** Many, done by two workers; `fault` comes when some are done. Each must be done once. */
  const through = async (fault: () => Promise<void>) => {
    const done: string[] = [];
    const ids = new Set<string>();
    await stage.house.database.forTenant(stage.tenant).transaction(async (tx) => {
      for (let n = 0; n < 300; n += 1) ids.add(await addJob(tx, { kind: "test.do", data: { n } }));
    });
    let told = (): void => {};
    const some = new Promise<void>((resolve) => {
      told = resolve;
    });
    const kind = kindOf(
      async ({ id }) => {
        if (done.push(id) === 40) told();
      },
      { atOnce: 3 },
    );
    await stage.work([kind]);
    await stage.work([kind]);
    await some;
    await fault();
    await expect.poll(() => done.length, within).toBe(300);
    expect(new Set(done)).toEqual(ids);
  };

  test("everything in it is gone in the middle", { timeout: 60_000 }, () =>
    through(async () => {
      await redis.ask("FLUSHALL");
    }),
  );

  test("it ends, and comes back empty", { timeout: 60_000 }, async () => {
    await through(() => redis.kill());
    await redis.start();
    await expect.poll(() => stage.house.logged.map(({ message }) => message), within).toContain("Redis is back");
    await stage.until(await stage.add(), "done");
  });

  test("what was due later, and what had only been handed to it, is done once though a new and empty one stands in its place", {
    timeout: 60_000,
  }, async () => {
    const done: string[] = [];
    const later = await stage.add({ at: new Date(Date.now() + 2000) });
    const stop = await stage.work([kindOf(async ({ id }) => done.push(id), { atOnce: 1 })]);
    await redis.ask("FLUSHALL");
    await stop();
    await stage.work([kindOf(async ({ id }) => done.push(id))]);
    const handed = await Promise.all(Array.from({ length: 5 }, () => stage.add()));
    await stage.house.database.acrossTenants.query("update job set handed_at = now() where state = 'ready'");
    await redis.kill();
    await redis.start();
    await expect.poll(() => new Set(done), within).toEqual(new Set([later, ...handed]));
    expect(done).toHaveLength(6);
  });

  test("it stands still", { timeout: 60_000 }, async () => {
    await through(async () => redis.freeze());
    redis.thaw();
  });

  test("what is announced is brought by it, and leaves nothing there", async () => {
    await redis.ask("FLUSHALL");
    const stop = await stage.work([kindOf(async () => {})]);
    const id = await stage.add();
    announceJobs(stage.house, "test.do");
    await stage.until(id, "done");
    await stop();
    expect(await redis.ask("KEYS *-*:test.do:*-0")).toBe("*0\r\n");
  });

  test("its disk is full, so that it takes no write", { timeout: 60_000 }, async () => {
    await through(() => redis.loseDisk());
    const said = () => stage.house.logged.map(({ message }) => message);
    await expect.poll(said, within).toContain("Redis takes no jobs; they are taken from the database");
  });
});

describe("at the start", () => {
  test("a Redis that can't be reached is told in a sentence", async () => {
    await expect(connectRedis({ url: "redis://127.0.0.1:1", log: silentLog })).rejects.toMatchObject({
      code: "unavailable",
      message: "Redis can't be reached at 127.0.0.1:1 (ECONNREFUSED); start it there, or correct REDIS_URL.",
    });
  });
});
