import { expect, test } from "vitest";
import { placesOf, scalesOf, ticksOf } from "../../src/protocol/chartScales.ts";

test("dates and numbers stand where they are, words one step after another", () => {
  expect(placesOf(["2026-11-01", "2026-11-02", "2026-11-05"])).toEqual([0, 0.25, 1]);
  expect(placesOf(["10", "0", "5.0"])).toEqual([1, 0, 0.5]);
  expect(placesOf(["north", "2", "south"])).toEqual([0, 0.5, 1]);
  expect([placesOf(["one"]), placesOf(["7", "7"])]).toEqual([[0.5], [0, 1]]);
});

test("lines across stand at round values around all there are, and at 0", () => {
  expect(ticksOf([3, 17])).toEqual([0, 5, 10, 15, 20]);
  expect(ticksOf([-0.2, 0.4])).toEqual([-0.2, 0, 0.2, 0.4]);
  expect([ticksOf([0, 0]), ticksOf([])]).toEqual([
    [0, 1],
    [0, 1],
  ]);
});

test("lines share a scale unless one would lie flat beside another; nothing but zeros lies flat anyway", () => {
  const of = (...highest: number[]) => scalesOf(highest.map((value) => ({ values: [0, value] })));
  expect(of(100, 5, -90, 0)).toEqual([[0, 1, 2, 3]]);
  expect(of(3, 100_000, 4, 90_000, 0)).toEqual([
    [1, 3],
    [0, 2, 4],
  ]);
  expect([of(0), of(), of(1, 21, 421)]).toEqual([[[0]], [], [[2], [1], [0]]]);
});
