import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holdRows, type ListRow, rowsOf } from "../../../agent-desk/inbox/listRows.ts";

const rows = (...ids: string[]) => rowsOf([{ key: "k", title: "Title", ids }]);
const keys = (list: ListRow[]) => list.map(({ key }) => key);
const gone = (list: ListRow[]) => list.flatMap((row) => (row.kind === "entry" && row.gone ? [row.key] : []));

describe("a list that is held", () => {
  test("stays as it is and counts what came", () => {
    const held = holdRows(rows("a", "b"), rows("new", "b", "a"));
    expect(keys(held.rows)).toEqual(["group k", "a", "b"]);
    expect(held).toMatchObject({ added: 1, changed: true });
  });

  test("keeps the place of what left, marked, and takes the mark away when it is back", () => {
    const left = holdRows(rows("a", "b", "c"), rows("a", "c"));
    expect(keys(left.rows)).toEqual(["group k", "a", "b", "c"]);
    expect(gone(left.rows)).toEqual(["b"]);
    expect(gone(holdRows(left.rows, rows("c", "b", "a")).rows)).toEqual([]);
  });

  test("tells the count of now above the entries of before", () => {
    expect(holdRows(rows("a", "b"), rows("b", "c", "d")).rows[0]).toMatchObject({ kind: "group", count: 3 });
  });

  test("grows at its end, where nothing moves", () => {
    expect(holdRows(rows("a"), rows("a", "b"))).toMatchObject({ added: 0, changed: false, rows: rows("a", "b") });
  });

  test("no entry ever changes its place while it is held, whatever comes and goes", () => {
    const ids = fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { minLength: 1 });
    fc.assert(
      fc.property(ids, fc.array(ids, { minLength: 1 }), (first, later) => {
        let shown = rows(...first);
        for (const now of later) {
          const next = holdRows(shown, rows(...now));
          expect(keys(next.rows).slice(0, shown.length)).toEqual(keys(shown));
          const hidden = now.filter((id) => !keys(next.rows).includes(id));
          expect(next.added).toBe(hidden.length);
          shown = next.rows;
        }
      }),
    );
  });
});
