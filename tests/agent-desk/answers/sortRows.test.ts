import { describe, expect, it } from "vitest";
import { type Cell, sortRows } from "../../../agent-desk/answers/sortRows.ts";

const sorted = (type: string, cells: Cell[], down = false) =>
  sortRows(
    cells.map((cell) => [cell]),
    type,
    { column: 0, down },
  ).map(([cell]) => cell);

describe("the rows of an answer", () => {
  it.each<[string, Cell[], Cell[]]>([
    ["integer", [10, 9, null, -1], [-1, 9, 10, null]],
    ["integer", ["9007199254740993", "9007199254740992", "2"], ["2", "9007199254740992", "9007199254740993"]],
    ["decimal", ["0.30000000000000000002", "0.30000000000000000001", "-5"], ["-5", "0.30000000000000000001", "0.30000000000000000002"]],
    ["float", ["NaN", 1e20, -0.5, null], [-0.5, 1e20, "NaN", null]],
    ["date", ["2026-11-22", "", "0999-01-01"], ["0999-01-01", "2026-11-22", ""]],
    ["instant", ["2026-11-22T03:00:00.5Z", "2026-11-22T03:00:00.25Z"], ["2026-11-22T03:00:00.25Z", "2026-11-22T03:00:00.5Z"]],
    ["text", ["item 10", "Item 9", "äpfel", "zebra", null], ["äpfel", "Item 9", "item 10", "zebra", null]],
    ["boolean", [true, null, false], [false, true, null]],
  ])("of %s stand in their order, what is empty last", (type, cells, expected) => {
    expect(sorted(type, cells)).toEqual(expected);
  });

  it("stand the other way round with what is empty still last, and equal ones as they came", () => {
    expect(sorted("integer", [1, null, 3, 2], true)).toEqual([3, 2, 1, null]);
    const same: Cell[][] = [
      ["a", 1],
      ["b", 1],
      ["c", 0],
    ];
    expect(sortRows(same, "integer", { column: 1, down: true })).toEqual(same);
  });
});
