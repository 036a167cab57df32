import type { TableBlock } from "../../protocol/blocks.ts";
import type { CommandMessage, PlanAnswer } from "../../protocol/commands.ts";

const widest = 60;
const numeric = new Set(["integer", "decimal", "float", "number", "money"]);

/** What a person reads of an answer: its words, and its tables. */
export function drawAnswer(messages: readonly CommandMessage[]): string {
  return messages
    .flatMap(({ text, blocks = [] }) => [...blocks.flatMap((block) => (block.type === "table" ? [drawTable(block)] : [])), shown(text)])
    .join("\n");
}

/** Columns under each other, numbers at their right; a long cell ends with "…". */
export function drawTable({ columns, rows }: Pick<TableBlock, "columns" | "rows">): string {
  const head = columns.map(({ name }) => name);
  const lines = [head, ...rows].map((row) => row.map((cell) => short(shown(cell))));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => widthOf(line[column] ?? ""))));
  const draw = (line: readonly string[]) =>
    line
      .map((cell, column) => {
        const space = " ".repeat((widths[column] ?? 0) - widthOf(cell));
        return numeric.has(columns[column]?.type ?? "") ? space + cell : cell + space;
      })
      .join("  ")
      .trimEnd();
  const [first = [], ...others] = lines;
  return [draw(first), widths.map((width) => "─".repeat(width)).join("  "), ...others.map(draw)].join("\n");
}

/** What would change, in the plan's own sentences. */
export function drawPlan({ changes, summary }: PlanAnswer): string {
  const lines = changes.map(({ text, before, after }) => {
    const values = before === undefined && after === undefined ? "" : ` (${before ?? "nothing"} → ${after ?? "nothing"})`;
    return `  ${shown(text)}${shown(values)}`;
  });
  return [shown(summary), ...lines].join("\n");
}

/** What somebody wrote into a database commands no terminal. */
function shown(text: string): string {
  return text.replace(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, "�");
}

function short(cell: string): string {
  const line = cell.replaceAll("\n", "⏎");
  const characters = [...segments.segment(line)].map(({ segment }) => segment);
  return characters.length <= widest ? line : `${characters.slice(0, widest - 1).join("")}…`;
}

const segments = new Intl.Segmenter();

/** In places of a terminal: wide letters and pictures take two. */
function widthOf(text: string): number {
  return [...segments.segment(text)].reduce((width, { segment }) => width + (wide.test(segment) ? 2 : 1), 0);
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f/u;
