import type { Figure, LeftOut } from "./figures/figure.ts";

const headings = ["figure", "value", "unit", "beside", "ratio", "target", "met"];

/** The figures for a person; what was seen besides stands below. */
export function tableOf(figures: readonly (Figure | LeftOut)[]): string {
  const rows = figures.map((figure) =>
    "leftOut" in figure
      ? [figure.figure, "-", "", "-", "-", "-", "left out"]
      : [
          figure.figure,
          rounded(figure.value),
          figure.unit,
          rounded(figure.beside),
          rounded(figure.ratio),
          rounded(figure.target),
          figure.met ? "yes" : "NO",
        ],
  );
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  const notes = figures.map((figure) => `${figure.figure}: ${"leftOut" in figure ? figure.leftOut : figure.note}`);
  return [line(headings), ...rows.map(line), "", ...notes].join("\n");
}

/** Three digits that matter. */
function rounded(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}
