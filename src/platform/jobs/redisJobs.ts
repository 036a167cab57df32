import { type Job, Queue, Worker } from "bullmq";
import type { Log } from "../log/log.ts";
import { findInstallationMark } from "./installationMark.ts";
import { type Choosing, countHanded, handReady, takeBackHanded, takeOne } from "./jobLeaseStore.ts";
import type { JobKind, Jobs } from "./jobs.ts";
import { connectRedis, type RedisConnections } from "./redisConnection.ts";
import { Round, takeJobs } from "./takeJobs.ts";
import { type Dealing, type DealingOutside, type JobsOutside, type JobTimes, usualTimes, workJobs } from "./workJobs.ts";

/** So many of a kind are with Redis and not begun yet: behind them a tenant that comes waits. */
const handedAtMost = 100;
/** A worker that stands still keeps what it was handed and didn't begin for so long. */
const lockMs = 8000;
/** A Redis that took no jobs isn't asked again before: each question may cost its deadline. */
const restMs = 5000;
const closeDeadlineMs = 2000;

/**
 * Jobs on the database, brought to workers by BullMQ on Redis. The database has every job and every lease; Redis has the names of those that are
 * ready, and may lose them. While it doesn't answer, workers take jobs from the database. Refusal `unavailable` where it can't be reached now.
 */
export async function openRedisJobs(outside: JobsOutside & { url: string }, times: JobTimes = usualTimes): Promise<Jobs> {
  const redis = await connectRedis(outside);
  // Several installations may share a Redis.
  const prefix = `{switchboard-${await findInstallationMark(outside.database.acrossTenants)}}`;
  return {
    work: (kinds) =>
      workJobs(outside, kinds, times, (dealing) => dealByRedis(dealing, { redis, prefix, kinds, handedForMs: times.handedForMs })),
    close: async () => redis.close(),
  };
}

/** What Redis is told of a job. Its id there has the number of the lease before: one that stands still doesn't keep the next away. */
interface Handed {
  tenant: string;
  id: string;
}

function dealByRedis(
  dealing: DealingOutside,
  { redis, prefix, kinds, handedForMs }: { redis: RedisConnections; prefix: string; kinds: readonly JobKind[]; handedForMs: number },
): Dealing {
  const { database, clock, log, runner, holder } = dealing;
  const handedForSeconds = handedForMs / 1000;
  const sql = database.acrossTenants;
  const round = new Round();
  const trouble = tellOnce(log);
  let paused = false;
  let resting = false;

  const queues = new Map(
    kinds.map(({ kind }) => {
      const queue = new Queue<Handed>(kind, { connection: redis.asking, prefix, skipVersionCheck: true, skipMetasUpdate: true });
      queue.on("error", () => {});
      return [kind, queue];
    }),
  );
  const workers = kinds.map((kind) => {
    const work = async ({ data }: Job<Handed>) => {
      if (paused || runner.free(kind) === 0) return await takeBackHanded(sql, [data]);
      const taken = await takeOne(sql, data, holder, runner.leaseSeconds);
      if (taken === undefined) return; // somebody else's, moved, or cancelled
      await runner.run(kind, taken);
      dealing.look(kind);
    };
    const worker = new Worker<Handed, void>(kind.kind, work, {
      connection: redis.waiting,
      prefix,
      concurrency: kind.atOnce,
      skipVersionCheck: true,
      lockDuration: lockMs,
      stalledInterval: lockMs / 2,
      runRetryDelay: 1000,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    worker.on("error", (error) => trouble.met(error));
    return worker;
  });

  /** Hands on as many as are missing to `handedAtMost`; answers whether there may be more. */
  const hand = async (kind: JobKind, queue: Queue<Handed>): Promise<boolean> => {
    const waiting = await countHanded(sql, kind.kind, handedForSeconds);
    const room = handedAtMost - waiting;
    const choose = (choosing: Choosing) => handReady(sql, choosing, handedForSeconds);
    const handed = room > 0 ? await round.choose(kind, room, choose) : [];
    if (handed.length === 0) {
      // Nothing to say, but does it still do what it was told?
      if (waiting > 0) await redis.asking.ping().catch(notHanded);
      return waiting > 0;
    }
    try {
      await queue.addBulk(
        handed.map(({ tenant, id, fence }) => ({
          name: kind.kind,
          data: { tenant, id },
          opts: { jobId: `${id}-${fence}`, removeOnComplete: true, removeOnFail: true },
        })),
      );
      trouble.over();
    } catch (error) {
      await takeBackHanded(sql, handed);
      notHanded(error);
    }
    return handed.length === room;
  };

  return {
    deal: async (kind) => {
      const queue = queues.get(kind.kind);
      if (queue === undefined) return false;
      if (resting || redis.asking.status !== "ready") return await takeJobs(dealing, round, kind);
      try {
        return await hand(kind, queue);
      } catch (error) {
        if (!(error instanceof NotHanded)) throw error;
        trouble.met(error.cause);
        resting = true;
        clock.after(restMs, () => {
          resting = false;
        });
        return await takeJobs(dealing, round, kind);
      }
    },
    pause: async () => {
      paused = true;
      await soon(workers.map((worker) => worker.pause(true)));
    },
    end: async () => {
      await soon(workers.map((worker) => worker.close()));
      await soon([...workers.map((worker) => worker.close(true)), ...[...queues.values()].map((queue) => queue.close())]);
    },
  };
}

class NotHanded extends Error {
  constructor(cause: unknown) {
    super("jobs could not be handed to Redis", { cause });
  }
}

function notHanded(error: unknown): never {
  throw new NotHanded(error);
}

/** The alarm: once when it begins, not for every job. */
function tellOnce(log: Log): { met(error: unknown): void; over(): void } {
  let told = false;
  return {
    met: (error) => {
      if (!told)
        log.error(
          { reason: error instanceof Error ? error.message : String(error) },
          "Redis takes no jobs; they are taken from the database",
        );
      told = true;
    },
    over: () => {
      if (told) log.info({}, "Redis takes jobs again");
      told = false;
    },
  };
}

/** A Redis that stands still doesn't keep a process from ending. */
async function soon(work: Promise<unknown>[]): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, closeDeadlineMs).unref());
  await Promise.race([Promise.allSettled(work), late]);
}
