import { describe, expect, it } from "vitest";
import { type Departure, leavingRate, meanHeadSeconds, waitAt } from "../../src/routing/waitEstimate.ts";

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

  it.each([
    [1, 60, 0.01, 60],
    [2, 60, 1 / 60, 90],
    [3, 60, 1 / 60, 110],
    [20, 60, 0.01, 290],
    [21, 60, 0.01, 300],
    [1000, 60, 0.01, 720],
  ])("at position %i, %i s each, where %f a second leave: %i s", (position, head, leaves, wait) => {
    expect(waitAt(position, head, 0, leaves)).toBe(wait);
  });

  it("is as the sum of all places says, however many there are", () => {
    for (const [head, leaves] of [
      [5, 0.001],
      [60, 0.01],
      [600, 0.1],
    ] as const)
      for (const position of [20, 21, 22, 50, 400, 10_000]) {
        let seconds = 0;
        for (let places = 0; places < position; places++) seconds += 1 / (1 / head + places * leaves);
        expect(Math.abs(waitAt(position, head, 0, leaves) - seconds)).toBeLessThanOrEqual(61);
      }
  });
});

describe("how many leave", () => {
  it.each<[string, [number, number][], [number, number][], number, number]>([
    ["nobody did", [[0, 30]], [], 0, 0],
    ["one of two, after 60 s of waiting together", [[0, 30]], [[0, 30]], 0, 1 / 60],
    ["one, while others wait on", [], [[0, 30]], 70, 0.01],
    ["one who left at once", [], [[0, 0]], 0, 0],
  ])("where %s", (_, taken, left, waitingNow, rate) => {
    const leavings = left.map(([entered, gone]) => ({ enteredAt: entered * 1000, leftAt: gone * 1000 }));
    expect(leavingRate(departures(...taken), leavings, waitingNow)).toBeCloseTo(rate, 9);
  });
});
