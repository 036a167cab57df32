import type { ChartBlock } from "../../src/protocol/blocks.ts";
import { literal } from "./escape.ts";
import { most } from "./limits.ts";

const width = 20;

/** Bars of letters: a label, its bar and its value in a line. `cut` where lines are missing. */
export function chartText({ labels, series }: ChartBlock): { text: string; cut: boolean } {
  const highest = Math.max(...series.flatMap(({ values }) => values.map(Math.abs)), Number.MIN_VALUE);
  const names = labels.flatMap((label) => series.map(({ name }) => literal(series.length > 1 ? `${label} ${name}` : label, 24)));
  const longest = Math.max(...names.map(({ length }) => length));
  const all = labels.flatMap((_, row) => series.map(({ values }) => values[row] ?? 0));
  const lines: string[] = [];
  let characters = 0;
  for (const [index, value] of all.entries()) {
    const bar = (value < 0 ? "░" : "█").repeat(Math.round((Math.abs(value) / highest) * width));
    const line = `${(names[index] ?? "").padEnd(longest)}  ${bar.padEnd(width)}  ${value.toLocaleString("en")}`;
    characters += line.length + 1;
    if (characters > most.richText) break;
    lines.push(line);
  }
  return { text: lines.join("\n"), cut: lines.length < all.length };
}
