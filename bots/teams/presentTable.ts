import type { ChartBlock, TableBlock } from "../../src/protocol/blocks.ts";
import { type Columns, type Element, line, type RichText, type TableElement, type TableRow, words } from "./elements.ts";
import { bytesOf, most } from "./limits.ts";

const numeric = new Set(["integer", "decimal", "money", "number"]);

export interface DrawnRows {
  elements: Element[];
  /** Whether rows, columns or letters are missing. */
  cut: boolean;
}

/** A table within so many bytes. Its first row is its head where nothing is said of it, which the two published schemas name differently. */
export function tableOf({ columns, rows, truncated }: TableBlock, room: number): DrawnRows {
  const shown = columns.slice(0, most.columns);
  const tableRow = (cells: readonly Element[]): TableRow => ({
    type: "TableRow",
    cells: cells.map((cell) => ({ type: "TableCell", items: [cell] })),
  });
  const table: TableElement = {
    type: "Table",
    showGridLines: true,
    columns: shown.map(({ type }) => (numeric.has(type) ? { width: 1, horizontalCellContentAlignment: "Right" } : { width: 1 })),
    rows: [tableRow(shown.map(({ name }) => line(words(name, { weight: "Bolder" }, most.cell))))],
  };
  const made = rows.map((row) => () => tableRow(shown.map(({ type }, index) => cellOf(row[index] ?? "", type))));
  const fitting = fitted(made, room - bytesOf(table));
  const isLong = rows.some((row) => row.some((cell) => cell.length > most.cell));
  return {
    elements: [{ ...table, rows: [...table.rows, ...fitting] }],
    cut: fitting.length < rows.length || truncated || isLong || columns.length > shown.length,
  };
}

/** Labels and what belongs to them, in two columns. No FactSet: that reads Markdown. */
export function factsOf(facts: readonly { label: string; value: readonly Element[] }[], room: number): DrawnRows {
  const made = facts.map(
    ({ label, value }) =>
      () =>
        side([1, 2], [[line(words(label, { weight: "Bolder" }, most.cell))], [...value]]),
  );
  const elements = fitted(made, room);
  return { elements, cut: elements.length < facts.length };
}

const barWidth = 16;

/** Bars of letters: a label, its bar and its value in a row. */
export function chartOf({ labels, series }: ChartBlock, room: number): DrawnRows {
  const highest = Math.max(...series.flatMap(({ values }) => values.map(Math.abs)), Number.MIN_VALUE);
  const made = labels.flatMap((label, row) =>
    series.map(({ name, values }) => () => {
      const value = values[row] ?? 0;
      const bar = (value < 0 ? "░" : "█").repeat(Math.round((Math.abs(value) / highest) * barWidth));
      const called = [words(label, {}, most.label), ...(series.length > 1 ? [words(` ${name}`, { isSubtle: true }, most.label)] : [])];
      const number: RichText = { ...line(words(value.toLocaleString("en"))), horizontalAlignment: "Right" };
      return side([2, 3, 1], [[line(...called)], [line(words(bar, { color: value < 0 ? "Attention" : "Accent" }))], [number]]);
    }),
  );
  const elements = fitted(made, room);
  return { elements, cut: elements.length < made.length };
}

function fitted<Row>(rows: readonly (() => Row)[], room: number): Row[] {
  const fitting: Row[] = [];
  let bytes = 0;
  for (const make of rows.slice(0, most.rows)) {
    const row = make();
    bytes += bytesOf(row) + 1;
    if (bytes > room) break;
    fitting.push(row);
  }
  return fitting;
}

function side(widths: readonly number[], items: readonly Element[][]): Columns {
  return {
    type: "ColumnSet",
    spacing: "Small",
    columns: widths.map((width, index) => ({ type: "Column", width, items: items[index] ?? [] })),
  };
}

function cellOf(cell: string, type: string): Element {
  const at = type === "instant" ? new Date(cell) : undefined;
  if (at === undefined || Number.isNaN(at.getTime())) return line(words(cell, {}, most.cell));
  // Teams takes no fractions of a second here.
  const instant = `${at.toISOString().slice(0, 19)}Z`;
  return { type: "TextBlock", text: `{{DATE(${instant}, SHORT)}} {{TIME(${instant})}}`, wrap: true };
}
