/** Time and timers, so that rules and simulations can run under a clock of their own. */
export interface Clock {
  /** Wall-clock milliseconds since 1970. Never used to order messages. */
  now(): number;
  /** Monotonic milliseconds, for durations. */
  monotonic(): number;
  /** Runs `work` once after `delayMs`; the answer cancels it. Timers never keep a process alive. */
  after(delayMs: number, work: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, work) => {
    const timer = setTimeout(work, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`. */
export function sleep(clock: Pick<Clock, "after">, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

/** Repeats `work`, waiting `periodMs` after each end; the answer stops it. What `work` throws goes to `failed`. */
export function every(
  clock: Pick<Clock, "after">,
  periodMs: number,
  work: () => Promise<void>,
  failed: (error: unknown) => void,
): () => void {
  let stopped = false;
  let cancel = () => {};
  const schedule = () => {
    if (stopped) return;
    cancel = clock.after(periodMs, () => {
      work().catch(failed).finally(schedule);
    });
  };
  schedule();
  return () => {
    stopped = true;
    cancel();
  };
}
