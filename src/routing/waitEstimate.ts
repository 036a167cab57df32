/** Somebody who was taken from a queue, in milliseconds since 1970. */
export interface Departure {
  enteredAt: number;
  takenAt: number;
}

/** Somebody who left the line by themselves. */
export interface Leaving {
  enteredAt: number;
  leftAt: number;
}

/** From how many departures, and from how many of those and of the leavings together, of at most how long ago, a wait is told. */
export const departuresCounted = 20;
export const endingsCounted = 100;
export const departuresWithinHours = 1;

/**
 * How many of those who wait leave the line in a second: the leavings among the last endings, by all that was waited for these and is being
 * waited now (seconds; the estimate of a rate that counts whoever hasn't left yet for the time that they stayed).
 */
export function leavingRate(departures: readonly Departure[], leavings: readonly Leaving[], waitingNowSeconds: number): number {
  if (leavings.length === 0) return 0;
  const waited =
    departures.reduce((sum, { enteredAt, takenAt }) => sum + takenAt - enteredAt, 0) +
    leavings.reduce((sum, { enteredAt, leftAt }) => sum + leftAt - enteredAt, 0);
  const seconds = waited / 1000 + waitingNowSeconds;
  return seconds > 0 ? leavings.length / seconds : 0;
}

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

/** So many places are summed one by one, those behind them by an integral: a list of 10,000 asks for each of its places. */
const summed = 20;

/**
 * The expected wait at this position (1 is next): the head's time, and for each further place the time until the line is one shorter, since
 * somebody was taken or one of those in front left by themselves, each at the rate at which people leave (a queue M/M/s+M, Erlang's A). Rounded
 * up to whole tens of seconds, from ten minutes on to whole minutes: a figure that claims no more than it knows. Over 40 simulated days
 * (`waitSimulation.test.ts`) it lay in the mean 15 % (long lines) to 36 % (short ones) of the mean wait beside what was waited; the mean of the
 * last 20 waits, told before, 41 to 55 %. Where people leave the line, after 10 or 30 minutes in the mean, it lies 43 to 50 % or 31 to 39 %
 * beside what those wait who stay (without the rate of leaving 53 and 43 %). With the true rate it would be 43 to 50 % and 30 to 38 %: the rest
 * is chance.
 * `stoodSeconds`: for how long the present head has stood there. One that stands longer than the mean is slower than the past said: its own
 * time counts then, so that nobody who has waited longer than they were told is told the same again.
 */
export function waitAt(position: number, headSeconds: number, stoodSeconds = 0, leavesPerSecond = 0): number {
  const seconds = Math.max(headSeconds, stoodSeconds) + behindTheHead(position, headSeconds, leavesPerSecond);
  const step = seconds < 600 ? 10 : 60;
  return Math.max(10, Math.ceil(seconds / step) * step);
}

/** The sum of 1 / (taken + k · leaves) over the places k from 1 to the one in front. */
function behindTheHead(position: number, headSeconds: number, leavesPerSecond: number): number {
  if (leavesPerSecond === 0 || headSeconds === 0) return (position - 1) * headSeconds;
  const rateBehind = (places: number) => 1 / headSeconds + places * leavesPerSecond;
  let seconds = 0;
  for (let places = 1; places < Math.min(position, summed); places++) seconds += 1 / rateBehind(places);
  if (position <= summed) return seconds;
  return seconds + Math.log(rateBehind(position - 0.5) / rateBehind(summed - 0.5)) / leavesPerSecond;
}
