import type { Platform } from "../platform/platform.ts";
import { fullBatch, type Indexing, indexEverything, indexLately } from "./indexMessages.ts";

const quietMs = 1000;
/** Of the time at most a fiftieth: when messages come faster than they are indexed, the search falls behind and not the chat. */
const restFactor = 49;
/** Behind for so long, what was said may be older than a look back: everything is looked through then, at the start, and now and then. */
const lateAfterMs = 30_000;
const everythingEveryMs = 60 * 60_000;

/**
 * Keeps the index of words a second or so behind what is said. Every process with the role `jobs` may do it: what two index at once is there
 * once. Resolves when what is under way is done.
 */
export function startIndexing(platform: Indexing & Pick<Platform, "clock" | "log">): () => Promise<void> {
  const { clock, log } = platform;
  let stopped = false;
  let cancel = () => {};
  let wholeDueAt = Number.NEGATIVE_INFINITY;
  /** Until then everything that was said is known to be indexed, or about to be. */
  let completeAt = Number.NEGATIVE_INFINITY;
  let working: Promise<void> = Promise.resolve();
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const forget = clock.after(ms, resolve);
      cancel = () => {
        forget();
        resolve();
      };
    });

  const look = async (): Promise<number> => {
    const begun = clock.monotonic();
    if (begun >= wholeDueAt || begun - completeAt > lateAfterMs) {
      let batchBegun = clock.monotonic();
      await indexEverything(platform, async () => {
        if (!stopped) await pause((clock.monotonic() - batchBegun) * restFactor);
        if (stopped) throw new Stopped();
        batchBegun = clock.monotonic();
      });
      wholeDueAt = clock.monotonic() + everythingEveryMs;
      completeAt = clock.monotonic();
      return quietMs;
    }
    const indexed = await indexLately(platform);
    const took = clock.monotonic() - begun;
    if (indexed < fullBatch) completeAt = begun;
    return indexed >= fullBatch ? took * restFactor : Math.max(quietMs, took * restFactor);
  };
  const schedule = (ms: number) => {
    if (stopped) return;
    cancel = clock.after(ms, () => {
      working = look()
        .catch((error: unknown) => {
          if (!(error instanceof Stopped))
            log.warn({ error: error instanceof Error ? error.message : "unknown" }, "messages could not be indexed, it is tried again");
          return 5 * quietMs;
        })
        .then(schedule);
    });
  };
  schedule(quietMs);
  return async () => {
    stopped = true;
    cancel();
    await working;
  };
}

class Stopped extends Error {}
