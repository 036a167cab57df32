/** Somebody who was taken from a queue, in milliseconds since 1970. */
export interface Departure {
  enteredAt: number;
  takenAt: number;
}

/** From how many departures, of at most how long ago, a wait is told. */
export const departuresCounted = 20;
export const departuresWithinHours = 1;

/**
 * How long a queue's head has stood there until it was taken, in the mean of these departures, in seconds: for each, the time from when
 * it was there and everybody taken before it was gone. Times in which nobody waited don't count, so that a quiet hour doesn't look slow.
 * Undefined without departures.
 */
export function meanHeadSeconds(departures: readonly Departure[]): number | undefined {
  const inOrder = [...departures].sort((a, b) => a.takenAt - b.takenAt);
  // Of the oldest it isn't known when the one before it was taken; alone it is all there is.
  const counted = inOrder.length > 1 ? inOrder.slice(1) : inOrder;
  if (counted.length === 0) return undefined;
  const times = counted.map(({ enteredAt, takenAt }, index) => {
    const before = inOrder.length > 1 ? (inOrder[index]?.takenAt ?? enteredAt) : enteredAt;
    return (takenAt - Math.max(enteredAt, before)) / 1000;
  });
  return times.reduce((sum, seconds) => sum + seconds, 0) / times.length;
}

/**
 * The expected wait at this position (1 is next): as many heads' times as stand there. Rounded up to whole tens of seconds, from ten
 * minutes on to whole minutes: a figure that claims no more than it knows. Over 40 simulated days (`waitSimulation.test.ts`) it lay in the mean
 * 15 % (long lines) to 36 % (short ones) of the mean wait beside what was waited; the mean of the last 20 waits, told before, 41 to 55 %. Where people leave the line, after 10 or 30 minutes in the
 * mean, it lies 53 or 43 % beside what those wait who stay (the mean of the last 55 to 67 %): nobody knows who will go.
 * `stoodSeconds`: for how long the present head has stood there. One that stands longer than the mean is slower than the past said: its own
 * time counts then, so that nobody who has waited longer than they were told is told the same again.
 */
export function waitAt(position: number, headSeconds: number, stoodSeconds = 0): number {
  const seconds = Math.max(headSeconds, stoodSeconds) + (position - 1) * headSeconds;
  const step = seconds < 600 ? 10 : 60;
  return Math.max(10, Math.ceil(seconds / step) * step);
}
