import { ArrowDown, ArrowUp } from "lucide-preact";
import { useState } from "preact/hooks";
import { Scrolled } from "../look/Scrolled.tsx";
import styles from "./Answers.module.css";
import { type Cell, isNumeric, type Sorting, sortRows } from "./sortRows.ts";

interface TableLook {
  columns: readonly { name: string; type: string }[];
  rows: readonly (readonly Cell[])[];
  /** What is said under it: that there is more. */
  note?: string | undefined;
}

/** A table that scrolls in its own box, and sorts by the column whose name is pressed: up, down, as it came. */
export function SortedTable({ columns, rows, note }: TableLook) {
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const shown = sorting === null ? rows : sortRows(rows, columns[sorting.column]?.type, sorting);
  const press = (column: number) => {
    if (sorting?.column !== column) setSorting({ column, down: false });
    else setSorting(sorting.down ? null : { column, down: true });
  };
  const side = (index: number) => (isNumeric(columns[index]?.type) ? styles.number : undefined);
  return (
    <div class={styles.sheet}>
      <Scrolled class={styles.scroll} label={`Table: ${columns.map(({ name }) => name).join(", ")}`}>
        <table>
          <thead>
            <tr>
              {columns.map(({ name }, index) => (
                <th
                  key={index}
                  scope="col"
                  class={side(index)}
                  aria-sort={sorting?.column !== index ? "none" : sorting.down ? "descending" : "ascending"}
                >
                  <button type="button" title="Sort" onClick={() => press(index)}>
                    {name}
                    {sorting?.column === index && (sorting.down ? <ArrowDown aria-hidden="true" /> : <ArrowUp aria-hidden="true" />)}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, place) => (
              <tr key={place}>
                {row.map((cell, index) => (
                  <td key={index} class={side(index)} dir="auto" title={titleOf(cell)}>
                    {cell === null ? "" : String(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      {note !== undefined && <p class={styles.note}>{note}</p>}
    </div>
  );
}

/** What is cut by its place is read by pointing at it. */
function titleOf(cell: Cell): string | undefined {
  return typeof cell === "string" && cell.length > 30 ? cell.slice(0, 1000) : undefined;
}
