import { Refusal } from "../../protocol/refusal.ts";
import type { Json } from "../bus/bus.ts";
import { type Clock, sleep } from "../clock/clock.ts";
import type { Database, Sql } from "../database/database.ts";
import { asTenant } from "../database/installation.ts";
import type { Log } from "../log/log.ts";
import { decideEnding, type Outcome, type StopReason } from "./decideEnding.ts";
import { endLease, holdLease, renewLeases, type TakenJob, takeLost } from "./jobLeaseStore.ts";
import type { JobKind, RunningJob } from "./jobs.ts";

/** How long a process may be silent before others take its jobs, and how often it is heard. */
export interface LeaseTimes {
  leaseMs: number;
  renewEveryMs: number;
  /** For what runs, when the process ends. */
  graceMs: number;
  /** From the word of the signal until a job is not waited for any more. */
  patienceMs: number;
}

export interface RunnerOutside {
  database: Pick<Database, "acrossTenants">;
  clock: Pick<Clock, "after">;
  log: Log;
  /** This process. */
  holder: string;
}

interface Run {
  job: TakenJob;
  abort: AbortController;
  stopped: StopReason | undefined;
  /** Not yet written. */
  progress: string | null;
  /** Ended in a transaction of its own, which may yet be rolled back. */
  finished: boolean;
}

const endTries = 20;
const endAgainMs = 500;

/** The jobs that this process does now: their leases, and how they end. */
export class JobRunner {
  readonly #outside: RunnerOutside;
  readonly #times: LeaseTimes;
  readonly #runs = new Map<Run, { kind: string; over: Promise<void> }>();
  #stopping = false;

  constructor(outside: RunnerOutside, times: LeaseTimes) {
    this.#outside = outside;
    this.#times = times;
  }

  get leaseSeconds(): number {
    return this.#times.leaseMs / 1000;
  }

  /** How many more of a kind this process would do now. */
  free({ kind, atOnce }: JobKind): number {
    if (this.#stopping) return 0;
    let running = 0;
    for (const run of this.#runs.values()) if (run.kind === kind) running += 1;
    return Math.max(0, atOnce - running);
  }

  /** Does a job that was just taken; resolves when its lease is over. Never throws. */
  run(kind: JobKind, job: TakenJob): Promise<void> {
    const run: Run = { job, abort: new AbortController(), stopped: undefined, progress: null, finished: false };
    // Brought by Redis just before the end.
    const work = this.#stopping
      ? this.#end(kind, job, { kind: "threw", error: undefined, stopped: "processEnds" }, null)
      : this.#do(kind, run);
    const over = work
      .catch((error: unknown) => this.#outside.log.error({ error, job: job.id, kind: kind.kind }, "how a job ended could not be written"))
      .finally(() => this.#runs.delete(run));
    this.#runs.set(run, { kind: kind.kind, over });
    return over;
  }

  /** Keeps what runs, and hears which of it should stop. */
  async renew(): Promise<void> {
    const runs = [...this.#runs.keys()];
    if (runs.length === 0) return;
    const said = runs.map(({ job, progress }) => ({ tenant: job.tenant, id: job.id, fence: job.fence, progress }));
    const renewed = await renewLeases(this.#outside.database.acrossTenants, said, this.leaseSeconds);
    for (const [index, { progress }] of said.entries()) {
      const run = runs[index];
      if (run !== undefined && run.progress === progress) run.progress = null;
    }
    for (const { tenant, id, held, stop } of renewed) {
      const run = runs.find(({ job }) => job.id === id && job.tenant === tenant);
      if (run === undefined || run.finished) continue;
      if (!held) this.#stop(run, "leaseOver");
      else if (stop) this.#stop(run, "cancelled");
    }
  }

  /** What workers left behind that are gone: tried again, or dead. */
  async takeOver(kind: JobKind): Promise<void> {
    const { database, holder, log } = this.#outside;
    for (const job of await takeLost(database.acrossTenants, kind.kind, holder, this.leaseSeconds)) {
      log.warn({ job: job.id, kind: job.kind, attempt: job.attempt }, "the worker of a job is gone");
      await this.#end(kind, job, { kind: "lost" }, null);
    }
  }

  /** Waits for what runs, tells the rest to stop, and gives it back. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const all = () => Promise.all([...this.#runs.values()].map(({ over }) => over));
    await Promise.race([all(), sleep(this.#outside.clock, this.#times.graceMs)]);
    for (const run of this.#runs.keys()) this.#stop(run, "processEnds");
    await Promise.race([all(), sleep(this.#outside.clock, this.#times.patienceMs + 1000)]);
  }

  async #do(kind: JobKind, run: Run): Promise<void> {
    const { clock, log } = this.#outside;
    const { job } = run;
    const cancelDeadline = clock.after(kind.deadlineMs, () => this.#stop(run, "late"));
    const outcome = await Promise.race([this.#outcome(kind, run), this.#impatience(run)]);
    cancelDeadline();
    if (run.finished && outcome.kind === "returned") return;
    if (outcome.kind === "threw" && outcome.stopped === undefined)
      log.warn({ error: outcome.error, job: job.id, kind: job.kind, attempt: job.attempt }, "a job failed");
    if (outcome.kind === "abandoned")
      log.error({ job: job.id, kind: job.kind, why: outcome.stopped }, "a job doesn't stop when it is told to");
    await this.#end(kind, job, outcome, run.progress);
  }

  async #outcome(kind: JobKind, run: Run): Promise<Outcome> {
    try {
      return { kind: "returned", again: await kind.run(this.#shown(run)) };
    } catch (error) {
      return { kind: "threw", error, stopped: run.stopped };
    }
  }

  #impatience(run: Run): Promise<Outcome> {
    return new Promise((resolve) => {
      run.abort.signal.addEventListener("abort", () => {
        this.#outside.clock.after(this.#times.patienceMs, () => resolve({ kind: "abandoned", stopped: run.stopped ?? "late" }));
      });
    });
  }

  #stop(run: Run, reason: StopReason): void {
    if (run.stopped !== undefined || run.finished) return;
    run.stopped = reason;
    run.abort.abort(new Refusal("unavailable", stopWords[reason]));
  }

  #shown(run: Run): RunningJob {
    const { tenant, id, data, attempt, dueAt } = run.job;
    const hold = async (tx: Sql) => {
      if (!(await holdLease(asTenant(tx, tenant), run.job))) throw leaseOver();
    };
    return {
      tenant,
      id,
      data,
      attempt,
      dueAt,
      signal: run.abort.signal,
      progress: (value: Json) => {
        run.progress = JSON.stringify(value);
      },
      hold,
      finish: async (tx) => {
        if (!(await endLease(asTenant(tx, tenant), run.job, { to: "done" }, run.progress))) throw leaseOver();
        run.finished = true;
      },
    };
  }

  /** Tried again while the database can't be asked: what was done would else be done once more. */
  async #end(kind: JobKind, job: TakenJob, outcome: Outcome, progress: string | null): Promise<void> {
    const { database, clock, log } = this.#outside;
    const ending = decideEnding(kind, job.attempt, outcome);
    if (ending === "leave") return;
    for (let left = endTries; ; left -= 1) {
      try {
        if (ending.to === "dead") await kind.gaveUp?.(job, ending.reason);
        const ended = await endLease(asTenant(database.acrossTenants, job.tenant), job, ending, progress);
        if (ended && ending.to === "dead") log.error({ job: job.id, kind: job.kind, attempt: job.attempt }, "a job was given up");
        return;
      } catch (error) {
        if (left <= 1) throw error;
        await sleep(clock, endAgainMs);
      }
    }
  }
}

const stopWords = {
  cancelled: "It was cancelled.",
  late: "It took too long.",
  leaseOver: "Another worker has it now.",
  processEnds: "The process that does it ends; another goes on.",
} as const satisfies Record<StopReason, string>;

function leaseOver(): Refusal {
  return new Refusal("conflict", "Another worker has this job now; nothing was written.");
}
