import { describe, expect, it } from "vitest";
import { type Departure, meanHeadSeconds, waitAt } from "../../src/routing/waitEstimate.ts";

/** Departures of [entered, taken], in seconds. */
const departures = (...pairs: [number, number][]): Departure[] =>
  pairs.map(([entered, taken]) => ({ enteredAt: entered * 1000, takenAt: taken * 1000 }));

describe("the time at a queue's head", () => {
  it.each<[string, Departure[], number | undefined]>([
    ["nobody was taken", departures(), undefined],
    ["one was taken", departures([0, 30]), 30],
    ["all waited from the beginning", departures([0, 30], [0, 60], [0, 90]), 30],
    ["each came when the one before was long gone", departures([0, 10], [1000, 1010], [5000, 5010]), 10],
    ["they are told newest first", departures([0, 90], [0, 60], [0, 30]), 30],
    ["one came while the one before stood there", departures([0, 30], [20, 50]), 20],
  ])("where %s", (_, given, seconds) => {
    expect(meanHeadSeconds(given)).toBe(seconds);
  });

  it.each([
    [1, 0, 10],
    [1, 10, 10],
    [1, 10.1, 20],
    [3, 25, 80],
    [20, 30, 600],
    [21, 30, 660],
    [100, 61, 6120],
  ])("at position %i, %f s each: %i s", (position, head, wait) => {
    expect(waitAt(position, head)).toBe(wait);
  });

  it.each([
    [1, 30, 20, 30],
    [1, 30, 300, 300],
    [3, 30, 300, 360],
  ])("at position %i, %i s each, where the head has stood for %i s: %i s", (position, head, stood, wait) => {
    expect(waitAt(position, head, stood)).toBe(wait);
  });
});
