import type { Result } from "./figures/figure.ts";

const headings = ["figure", "value", "unit", "beside", "ratio", "target", "met"];

/** The figures for a person; what was seen besides stands below. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.map(toRow);
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  const notes = results.map((result) => `${result.figure}: ${noteOf(result)}`);
  return [line(headings), ...rows.map(line), "", ...notes].join("\n");
}

function toRow(result: Result): string[] {
  if ("leftOut" in result) return [result.figure, "-", "", "-", "-", "-", "left out"];
  if ("failed" in result) return [result.figure, "-", "", "-", "-", "-", "not measured"];
  const { figure, value, unit, beside, ratio, target, met } = result;
  return [figure, rounded(value), unit, rounded(beside), rounded(ratio), rounded(target), met ? "yes" : "NO"];
}

function noteOf(result: Result): string {
  if ("leftOut" in result) return result.leftOut;
  return "failed" in result ? result.failed : result.note;
}

/** Three digits that matter. */
function rounded(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}
