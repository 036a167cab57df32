import type { Clock } from "../clock/clock.ts";
import type { Log } from "../log/log.ts";

export interface EventLoopWatch {
  /** Whether this process lately answered nobody for so long that it shouldn't be sent more. */
  blocked(): boolean;
  /** For how long this process may have done nothing: since its last look around. */
  silentMs(): number;
  stop(): void;
}

const lookEveryMs = 250;
const blockedMs = 1000;
/** So long after a blockage the process counts as not ready. */
const rememberMs = 3000;

/** Sees that something kept the process from everything else (faults.md, rows 5 and 6), says so in the log, and calls `woken` with the time lost. */
export function watchEventLoop({ clock, log, woken }: { clock: Clock; log: Log; woken: (lateMs: number) => void }): EventLoopWatch {
  let lookedAt = clock.monotonic();
  let blockedAt = Number.NEGATIVE_INFINITY;
  let stopped = false;
  const look = () => {
    if (stopped) return;
    const now = clock.monotonic();
    const late = now - lookedAt - lookEveryMs;
    if (late > blockedMs) {
      blockedAt = now;
      log.warn({ lateMs: Math.round(late) }, "the event loop was blocked");
      woken(late);
    }
    lookedAt = now;
    clock.after(lookEveryMs, look);
  };
  clock.after(lookEveryMs, look);
  return {
    blocked: () => clock.monotonic() - blockedAt < rememberMs || clock.monotonic() - lookedAt > blockedMs,
    silentMs: () => clock.monotonic() - lookedAt,
    stop: () => {
      stopped = true;
    },
  };
}
