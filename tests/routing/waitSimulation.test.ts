import { describe, expect, it } from "vitest";
import {
  type Departure,
  departuresCounted,
  endingsCounted,
  type Leaving,
  leavingRate,
  meanHeadSeconds,
  waitAt,
} from "../../src/routing/waitEstimate.ts";
import { createDice } from "../conversations/simulation/dice.ts";

/** Arrivals of a day, one figure for each quarter of an hour from 8 to 20: a slow morning, two peaks, a quiet evening. */
const day = [
  2, 3, 3, 4, 6, 7, 9, 10, 12, 13, 12, 11, 9, 8, 7, 7, 6, 6, 7, 8, 9, 11, 13, 14, 13, 12, 10, 9, 8, 7, 6, 6, 5, 5, 4, 4, 4, 3, 3, 3, 2, 2,
  2, 2, 1, 1, 1, 1,
];
const quarterSeconds = 900;

interface Told {
  told: number;
  /** What was told before it counted who leaves. */
  withoutLeaving: number;
  /** What the mean of the last waits would have told. */
  meanOfLast: number;
  waited: number;
}

/**
 * Plays the day with so many places of agents; who waits is taken in order, each conversation takes 3 to 30 minutes, most of them short.
 * Where patience has a mean, who has none left leaves the line, and is in nobody's way from then on; told and waited are of those who stayed.
 */
function play(seed: number, places: number, meanPatienceSeconds = Number.POSITIVE_INFINITY): Told[] {
  const dice = createDice(seed);
  const arrivals = day
    .flatMap((count, quarter) => Array.from({ length: count }, () => (quarter + dice.chance()) * quarterSeconds))
    .sort((a, b) => a - b);
  const busyUntil: number[] = Array.from({ length: places }, () => 0);
  const departures: Departure[] = [];
  const waits: { takenAt: number; waited: number }[] = [];
  const gone: Leaving[] = [];
  return arrivals.flatMap((enteredAt) => {
    const nowMs = enteredAt * 1000;
    const waiting = [...departures, ...gone].filter((each) => ("takenAt" in each ? each.takenAt : each.leftAt) > nowMs);
    const inFront = waiting.length;
    const isKnown = (endedAt: number) => endedAt <= nowMs && endedAt > nowMs - 3_600_000;
    const taken = departures.filter(({ takenAt }) => isKnown(takenAt));
    const known = taken.slice(-departuresCounted);
    const left = gone.filter(({ leftAt }) => isKnown(leftAt));
    const endings = [...taken.map(({ takenAt }) => takenAt), ...left.map(({ leftAt }) => leftAt)].sort((a, b) => b - a);
    const oldest = endings[endingsCounted - 1] ?? 0;
    const leaves = leavingRate(
      taken.filter(({ takenAt }) => takenAt >= oldest),
      left.filter(({ leftAt }) => leftAt >= oldest),
      waiting.reduce((sum, each) => sum + (nowMs - each.enteredAt) / 1000, 0),
    );
    const lastWaits = waits.filter(({ takenAt }) => takenAt <= enteredAt).slice(-departuresCounted);
    const free = busyUntil.indexOf(Math.min(...busyUntil));
    const takenAt = Math.max(enteredAt, busyUntil[free] ?? 0);
    const leftAt = enteredAt - meanPatienceSeconds * Math.log(1 - dice.chance());
    if (leftAt < takenAt) {
      gone.push({ enteredAt: nowMs, leftAt: leftAt * 1000 });
      return [];
    }
    busyUntil[free] = takenAt + 180 * Math.exp(dice.chance() * dice.chance() * 2.3);
    departures.push({ enteredAt: enteredAt * 1000, takenAt: takenAt * 1000 });
    waits.push({ takenAt, waited: takenAt - enteredAt });
    const head = meanHeadSeconds(known);
    // Who is taken at once is told nothing: there is no line.
    if (head === undefined || takenAt === enteredAt || lastWaits.length === 0) return [];
    const meanOfLast = lastWaits.reduce((sum, { waited }) => sum + waited, 0) / lastWaits.length;
    const position = inFront + 1;
    const waited = takenAt - enteredAt;
    return [{ told: waitAt(position, head, 0, leaves), withoutLeaving: waitAt(position, head), meanOfLast, waited }];
  });
}

/** The mean of how far what was told lay from what was waited, in parts of the mean wait. */
function error(all: readonly Told[], pick: (told: Told) => number): number {
  const mean = all.reduce((sum, { waited }) => sum + waited, 0) / all.length;
  return all.reduce((sum, each) => sum + Math.abs(pick(each) - each.waited), 0) / all.length / mean;
}

describe("the wait that is told", () => {
  it.each([
    [3, 0.2],
    [4, 0.3],
    [5, 0.4],
  ])("with %i places errs by at most %f of the mean wait, and by far less than the mean of the last waits", (places, most) => {
    const all = Array.from({ length: 40 }, (_, seed) => play(seed + 1, places)).flat();
    expect(all.length).toBeGreaterThan(1000);
    expect(error(all, ({ told }) => told)).toBeLessThan(most);
    expect(error(all, ({ told }) => told)).toBeLessThan(error(all, ({ meanOfLast }) => meanOfLast) * 0.7);
  });

  it.each([
    [3, 600, 0.47],
    [4, 600, 0.54],
    [3, 1800, 0.34],
    [4, 1800, 0.42],
  ])(
    "with %i places, where people leave after %i s in the mean, errs by at most %f for who stays, and to neither side by much",
    (places, patience, most) => {
      const all = Array.from({ length: 40 }, (_, seed) => play(seed + 1, places, patience)).flat();
      expect(all.length).toBeGreaterThan(1000);
      expect(error(all, ({ told }) => told)).toBeLessThan(most);
      expect(error(all, ({ told }) => told)).toBeLessThan(error(all, ({ meanOfLast }) => meanOfLast) * 0.9);
      expect(error(all, ({ told }) => told)).toBeLessThan(error(all, ({ withoutLeaving }) => withoutLeaving) * 0.96);
      const share = all.reduce((sum, { told }) => sum + told, 0) / all.reduce((sum, { waited }) => sum + waited, 0);
      expect(Math.abs(share - 1)).toBeLessThan(0.25);
    },
  );
});
