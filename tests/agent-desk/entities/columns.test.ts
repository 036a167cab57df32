import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOf, inOrder, moveColumn } from "../../../agent-desk/entities/table/columns.ts";
import type { Field } from "../../../src/protocol/blueprints.ts";

const fieldsOf = (keys: readonly string[]): Field[] => keys.map((key) => ({ id: `f-${key}`, key, name: key, type: "text" }));
const fields = fieldsOf(["a", "b", "c", "d"]);
const plain = { sort: [], filters: [], widths: {}, hidden: ["updatedAt", "createdAt"] };
const keysOf = (look: { order?: readonly string[]; pinned: readonly string[] }, of = fields) =>
  columnsOf(of, { ...plain, ...look }).map(({ field, stays }) => `${field.key}${stays === null ? "" : "!"}`);

describe("columns", () => {
  it("stand as they were put, and what came to the blueprint since behind them", () => {
    expect(keysOf({ pinned: ["b"] })).toEqual(["b!", "a", "c", "d"]);
    expect(keysOf({ pinned: ["b"], order: ["d", "b", "a", "c"] })).toEqual(["b!", "d", "a", "c"]);
    expect(keysOf({ pinned: [], order: ["d", "a", "gone"] })).toEqual(["d", "a", "b", "c"]);
  });

  it("take the place of another, and stay or scroll as that one does", () => {
    const at = { pinned: ["a", "b"] };
    expect(keysOf(moveColumn(fields, at, "d", "c"))).toEqual(["a!", "b!", "d", "c"]);
    expect(keysOf(moveColumn(fields, at, "a", "b"))).toEqual(["b!", "a!", "c", "d"]);
    expect(keysOf(moveColumn(fields, at, "b", "c"))).toEqual(["a!", "c", "b", "d"]);
    expect(keysOf(moveColumn(fields, at, "d", "a"))).toEqual(["d!", "a!", "b!", "c"]);
  });

  it("lose none and double none, whatever is moved; and the one that is moved is where the other was", () => {
    const keys = ["a", "b", "c", "d", "updatedAt", "createdAt"];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(keys),
        fc.subarray(keys),
        fc.constantFrom(...keys),
        fc.constantFrom(...keys),
        (order, pinned, key, to) => {
          const before = inOrder(fields, { order, pinned }).map((field) => field.key);
          const after = inOrder(fields, moveColumn(fields, { order, pinned }, key, to)).map((field) => field.key);
          expect(after.toSorted()).toEqual(keys.toSorted());
          if (key !== to) expect(after.indexOf(key)).toBe(before.indexOf(to));
        },
      ),
    );
  });
});
