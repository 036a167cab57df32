import { expect, it } from "vitest";
import { holds } from "../../src/operations/sequences/compare.ts";

it.each([
  ["9", "lt", "10", undefined, true],
  ["9", "lt", "10", "text", false],
  ["007", "eq", "7", undefined, true],
  ["007", "eq", "7", "text", false],
  ["12.50", "eq", 12.5, undefined, true],
  ["b", "gt", "a", undefined, true],
  ["b", "gt", "a", "number", false],
  ["b", "eq", "b", "number", false],
  ["2026-11-21T10:00:00+01:00", "eq", "2026-11-21T09:00:00Z", undefined, true],
  ["2026-11-21T10:00:00+01:00", "eq", "2026-11-21T09:00:00Z", "text", false],
  ["2026-11-21", "lt", "2026-11-21T00:00:01Z", undefined, true],
  ["2026-02-30", "gt", "2026-02-01", "time", false],
  ["soon", "lt", "2026-02-01", "time", false],
  [[1, 2, "3"], "contains", 3, undefined, true],
  [null, "empty", undefined, undefined, true],
  [null, "lt", 3, undefined, false],
  [undefined, "ne", 3, undefined, true],
] as const)("%j %s %j as %s: %s", (left, is, right, as, expected) => {
  expect(holds(left, is, right, as)).toBe(expected);
});
