import type { ChartBlock } from "../../protocol/blocks.ts";
import { numberWords, plainLine } from "./shapes.ts";

/** A chart for who doesn't see it: its title, and the numbers of each label, in at most so many characters. */
export function chartWords({ title, labels, series }: ChartBlock, most: number): string {
  const lines = labels.map((label, row) => {
    const values = series.map(({ name, values: all }) => `${series.length > 1 ? `${name} ` : ""}${numberWords(all[row] ?? 0)}`);
    return plainLine(`${label}: ${values.join(", ")}`);
  });
  const names = series.map(({ name }) => name).join(", ");
  const begin = plainLine(`${title?.trim() || "Chart"} (${names})`.slice(0, Math.floor(most / 3)));
  let text = begin;
  for (const [index, line] of lines.entries()) {
    const next = `${text}${index === 0 ? ". " : "; "}${line}`;
    const rest = `; and ${labels.length - index} more`;
    if (next.length + (index === lines.length - 1 ? 0 : rest.length) > most) return `${text}${rest}`;
    text = next;
  }
  return text;
}
