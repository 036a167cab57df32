import { randomUUID } from "node:crypto";
import type { Bus, Json } from "../bus/bus.ts";
import { type Clock, every } from "../clock/clock.ts";
import type { Database } from "../database/database.ts";
import type { Log } from "../log/log.ts";
import { readyDue } from "./jobLeaseStore.ts";
import { JobRunner, type LeaseTimes } from "./jobRunner.ts";
import { dueSubject, type JobKind, stopSubject } from "./jobs.ts";

export interface JobsOutside {
  database: Pick<Database, "acrossTenants">;
  bus: Pick<Bus, "subscribe">;
  clock: Pick<Clock, "after">;
  log: Log;
}

export interface JobTimes extends LeaseTimes {
  lookEveryMs: number;
  /** What Redis hasn't brought to a worker by then is handed to it once more. */
  handedForMs: number;
}

export const usualTimes: JobTimes = {
  leaseMs: 15_000,
  renewEveryMs: 2000,
  graceMs: 5000,
  patienceMs: 3000,
  lookEveryMs: 1000,
  handedForMs: 15_000,
};

/** How what is ready comes to a worker: the one thing in which adapters differ. */
export interface Dealing {
  /** Brings jobs of the kind to workers; answers whether there may be more for later. */
  deal(kind: JobKind): Promise<boolean>;
  /** Nothing more is begun here. */
  pause(): Promise<void>;
  /** After everything that ran here is over. */
  end(): Promise<void>;
}

export interface DealingOutside extends JobsOutside {
  runner: JobRunner;
  holder: string;
  /** To be called whenever a run is over: there is room for another. */
  look(kind: JobKind): void;
}

/** Does jobs of these kinds, dealt by `open`; the answer stops it. */
export function workJobs(
  outside: JobsOutside,
  kinds: readonly JobKind[],
  times: JobTimes,
  open: (dealing: DealingOutside) => Dealing,
): () => Promise<void> {
  const { database, bus, clock, log } = outside;
  const holder = randomUUID();
  const runner = new JobRunner({ database, clock, log, holder }, times);
  const failed = (error: unknown) => log.warn({ error }, "jobs could not be looked for, it is tried again");
  let stopped = false;
  const looks = new Map(
    kinds.map((kind) => [
      kind.kind,
      coalesced(async () => {
        if (!stopped) await dealing.deal(kind);
      }, failed),
    ]),
  );
  const look = (kind: string) => looks.get(kind)?.() ?? Promise.resolve();
  const dealing = open({ ...outside, runner, holder, look: ({ kind }) => void look(kind) });

  const sweep = coalesced(async () => {
    if (stopped) return;
    while (await readyDue(database.acrossTenants));
    for (const kind of kinds) await runner.takeOver(kind);
    await Promise.all(kinds.map(({ kind }) => look(kind)));
  }, failed);
  const renew = () => runner.renew();
  const looking = [
    every(clock, times.lookEveryMs, sweep, failed),
    bus.subscribe(dueSubject, ({ data }) => void look(kindOf(data)), { queueGroup: "jobs" }),
    bus.subscribe(stopSubject, () => void renew().catch(failed)),
  ];
  const endRenewing = every(clock, times.renewEveryMs, renew, (error) =>
    log.warn({ error }, "leases of jobs could not be renewed, it is tried again"),
  );
  void sweep();

  return async () => {
    stopped = true;
    for (const end of looking) end();
    // What is being taken in this moment is begun, and waited for with the rest.
    await Promise.all([sweep(), ...[...looks.values()].map((begin) => begin())]);
    await dealing.pause();
    await runner.stop();
    endRenewing();
    await dealing.end();
  };
}

function kindOf(data: Json): string {
  return typeof data === "object" && data !== null && "kind" in data && typeof data.kind === "string" ? data.kind : "";
}

/** One at a time; whoever asks while it runs has it run once more. Never rejects. */
function coalesced(work: () => Promise<void>, failed: (error: unknown) => void): () => Promise<void> {
  let under: Promise<void> | undefined;
  let again = false;
  const begin = (): Promise<void> => {
    again = under !== undefined;
    under ??= work()
      .catch(failed)
      .finally(() => {
        under = undefined;
        if (again) void begin();
      });
    return under;
  };
  return begin;
}
