/** So many minutes in a queue count as one level of priority. */
export const minutesOfLevel = 15;
/** From low to urgent: whoever waited so many times as long stands where the urgent do. */
export const mostLevels = 3;

/** What of a conversation says where it stands in its team's queue. */
export interface InQueue {
  id: string;
  /** 1 urgent to 4 low. */
  priority: number;
  /** 0: came back. */
  queueRank: number;
  /** ISO 8601, UTC. */
  queuedAt: string | null;
}

/**
 * The order of a queue at a moment: by level, those who came back or waited 15 minutes before the others, then by age. A level is the
 * priority, and one higher for each 15 minutes of waiting: whoever has waited 45 minutes is passed by nobody who came later, however many
 * urgent ones come. `queueStore` says the same as SQL.
 */
export function inQueueOrder(now: number): (a: InQueue, b: InQueue) => number {
  // Times in UTC sort as their text does; to read 10,000 of them at each change would take too long.
  const longAgo = Array.from({ length: mostLevels }, (_, index) => new Date(now - (index + 1) * minutesOfLevel * 60_000).toISOString());
  const raised = ({ queuedAt }: InQueue) => longAgo.filter((moment) => queuedAt !== null && queuedAt <= moment).length;
  return (a, b) => {
    const [raisedA, raisedB] = [raised(a), raised(b)];
    return (
      Math.max(1, a.priority - raisedA) - Math.max(1, b.priority - raisedB) ||
      (raisedA > 0 ? 0 : a.queueRank) - (raisedB > 0 ? 0 : b.queueRank) ||
      compare(a.queuedAt ?? "", b.queuedAt ?? "") ||
      compare(a.id, b.id)
    );
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
