import { setTimeout as after } from "node:timers/promises";
import { Refusal } from "../../protocol/refusal.ts";
import type { Connection } from "./connection.ts";

/** How long a query that was told to end may take for it, before its connection is cut. */
const endsWithinMs = 1500;
const askAgainMs = 150;

/**
 * Runs work on a connection until it is done, called off, or late: then the query is ended on its server from a second connection, and what doesn't
 * hear that is cut off. The server has the same deadline, for when this process can't tell it. Refusal `unavailable`.
 */
export async function guarded<Result>(
  connection: Connection,
  { deadlineMs, signal }: { deadlineMs: number; signal?: AbortSignal | undefined },
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  // The server's own deadline comes first, so that it is the one that ends most.
  const late = setTimeout(() => stop(), deadlineMs + 250);
  const running = work(connection);
  let cut: (refusal: Refusal) => void = () => {};
  const stopped = new Promise<never>((_, reject) => {
    cut = reject;
  });
  let isStopped = false;
  const stop = () => {
    if (isStopped) return;
    isStopped = true;
    const refusal = signal?.aborted === true ? calledOff() : tooSlow(deadlineMs);
    void cancelUntilEnded(connection, running).finally(() => {
      connection.destroy();
      cut(refusal);
    });
  };
  if (signal?.aborted === true) stop();
  else signal?.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([running.catch((error: unknown) => (isStopped ? stopped : Promise.reject(error))), stopped]);
  } finally {
    clearTimeout(late);
    signal?.removeEventListener("abort", stop);
  }
}

/** PostgreSQL forgets a wish to cancel that comes between two messages of one query, so it is said again until the query has ended. */
async function cancelUntilEnded(connection: Connection, running: Promise<unknown>): Promise<void> {
  let hasEnded = false;
  const ended = running
    .catch(() => {})
    .finally(() => {
      hasEnded = true;
    });
  const giveUp = after(endsWithinMs);
  let isOver = false;
  void giveUp.then(() => {
    isOver = true;
  });
  while (!hasEnded && !isOver) {
    await Promise.race([connection.cancel().catch(() => {}), giveUp]);
    await Promise.race([ended, after(askAgainMs)]);
  }
}

export function tooSlow(deadlineMs: number): Refusal {
  return new Refusal("unavailable", `The query took longer than ${Math.round(deadlineMs / 1000)} s and was ended; ask for less at once.`);
}

function calledOff(): Refusal {
  return new Refusal("unavailable", "The query was called off and ended on its server.");
}
