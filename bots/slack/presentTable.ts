import type { RawTextElement, RichTextBlock, TableBlock as SlackTable } from "@slack/types";
import type { TableBlock } from "../../src/protocol/blocks.ts";
import { literal } from "./escape.ts";
import { most } from "./limits.ts";
import { paragraph } from "./richText.ts";

type Cell = RawTextElement | RichTextBlock;

const numeric = new Set(["integer", "decimal", "money", "number"]);
const mostOfCell = 500;

/** A table as Slack draws one, of which a message may have one. `cut` where rows, columns or letters are missing. */
export function tableOf({ columns, rows, truncated }: TableBlock): { table: SlackTable; cut: boolean } {
  const shownColumns = columns.slice(0, most.columns);
  const cellsOf = (row: readonly string[]) => shownColumns.map(({ type }, index) => cellOf(row[index] ?? "", type));
  const shown: Cell[][] = [shownColumns.map(({ name }) => raw(name))];
  let characters = shownColumns.reduce((sum, { name }) => sum + name.length + 1, 0);
  for (const row of rows) {
    characters += row.slice(0, most.columns).reduce((sum, cell) => sum + Math.min(cell.length, mostOfCell) + 1, 0);
    if (shown.length >= most.rows || characters > most.tableCharacters) break;
    shown.push(cellsOf(row));
  }
  return {
    table: {
      type: "table",
      rows: shown,
      column_settings: shownColumns.map(({ type }) => (numeric.has(type) ? { align: "right" } : { is_wrapped: true })),
    },
    cut:
      truncated ||
      shown.length <= rows.length ||
      columns.length > most.columns ||
      rows.some((row) => row.some((cell) => cell.length > mostOfCell)),
  };
}

/** The same in letters of one width, for where Slack has no tables. */
export function tableText({ columns, rows, truncated }: TableBlock): { text: string; cut: boolean } {
  const widest = 24;
  const all = [columns.map(({ name }) => name), ...rows].map((row) => row.slice(0, 8).map((cell) => oneLine(cell, widest)));
  const widths = (all[0] ?? []).map((_, index) => Math.max(...all.map((row) => row[index]?.length ?? 0)));
  const lines: string[] = [];
  let characters = 0;
  for (const row of all) {
    const line = row
      .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.type))
      .join("  ")
      .trimEnd();
    characters += line.length + 1;
    if (characters > most.richText) break;
    lines.push(line);
  }
  const isCut = lines.length < all.length || columns.length > 8 || rows.some((row) => row.some((cell) => cell.length > widest));
  return { text: lines.join("\n"), cut: truncated || isCut };
}

function pad(cell: string, width: number, type = ""): string {
  return numeric.has(type) ? cell.padStart(width) : cell.padEnd(width);
}

function oneLine(cell: string, mostCharacters: number): string {
  return literal(cell.replace(/\s+/g, " "), mostCharacters);
}

/** An instant is written by Slack, in the reader's own time zone. */
function cellOf(cell: string, type: string): Cell {
  const at = type === "instant" ? Date.parse(cell) : Number.NaN;
  if (Number.isNaN(at)) return raw(cell);
  return paragraph({ type: "date", timestamp: Math.floor(at / 1000), format: "{date_short} {time}", fallback: cell });
}

function raw(text: string): RawTextElement {
  return { type: "raw_text", text: literal(text, mostOfCell) };
}
