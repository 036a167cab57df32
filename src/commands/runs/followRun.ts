import type { RunProgress } from "../../protocol/commands.ts";
import type { Work } from "../command.ts";
import { onceOutside } from "./effects.ts";
import { keptStep } from "./keptStep.ts";
import { announceRun, type RunOutside, stopSubject } from "./runOutside.ts";
import { insertRun, type NewRun, sayRunning } from "./runStore.ts";

/** So often it says that it goes on, and looks whether it shall stop: what the bus lost is heard so late. */
const sayEveryMs = 2000;
/** What only reads is written down when it ends; what goes on for longer than this, while it runs. */
const writtenAfterMs = 250;

export interface Followed {
  work: Work;
  /** Whether the run has ended, or another process goes on with it. */
  isGone(): boolean;
  /** Answers the run where nobody wrote it down yet. */
  end(): Promise<NewRun | undefined>;
}

export interface Following {
  tenant: string;
  run: string;
  fence: number;
  /** Whether its steps are kept, so that another process can go on. */
  resumable: boolean;
  /** One that only reads, and stands nowhere yet. */
  unwritten?: NewRun | undefined;
}

/** Keeps the row of a run that runs here: that it goes on, how far it is; and hears that it shall stop, from the bus or from the row. */
export function followRun(outside: RunOutside, { tenant, run, fence, resumable, unwritten }: Following): Followed {
  const { database, bus, clock, log } = outside;
  const abort = new AbortController();
  let progress: RunProgress | undefined;
  let ended = false;
  let gone = false;
  let cancel = () => {};
  let toWrite = unwritten;
  let saying = Promise.resolve();

  const say = async () => {
    const told = progress;
    progress = undefined;
    try {
      if (toWrite !== undefined) {
        await insertRun(database.forTenant(tenant), toWrite);
        toWrite = undefined;
        announceRun(outside, tenant, run);
      }
      const row = await sayRunning(database.forTenant(tenant), { id: run, fence }, new Date(clock.now()), told);
      gone ||= row === undefined;
      if (row === undefined || row.stopping) abort.abort();
      if (told !== undefined) announceRun(outside, tenant, run);
    } catch (error) {
      progress ??= told;
      log.warn({ error, run }, "could not say that a run goes on");
    }
    if (!ended) sayAfter(sayEveryMs);
  };
  const sayAfter = (ms: number) => {
    cancel = clock.after(ms, () => {
      saying = say();
    });
  };
  const unsubscribe = bus.subscribe(stopSubject(tenant, run), () => abort.abort());
  sayAfter(toWrite === undefined ? sayEveryMs : writtenAfterMs);

  const lose = () => {
    gone = true;
    abort.abort();
  };
  return {
    isGone: () => gone,
    work: {
      signal: abort.signal,
      step: (step, act) => (resumable ? keptStep(outside, { tenant, run, fence, lose }, step, act) : act()),
      effect: (step, act) => onceOutside(outside, { tenant, run }, step, act),
      progress: (now) => {
        const first = progress === undefined;
        progress = now;
        if (!first) return;
        cancel();
        sayAfter(sayEveryMs / 4);
      },
    },
    end: async () => {
      ended = true;
      unsubscribe();
      cancel();
      if (toWrite !== undefined) await saying;
      return toWrite;
    },
  };
}
