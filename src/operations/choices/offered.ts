import { z } from "zod";
import type { OfferedChoice } from "../../protocol/commands.ts";
import type { ChoicesFrom } from "../../protocol/operations.ts";
import { Refusal } from "../../protocol/refusal.ts";

/** What a run of the source offers: each value once, in its order. */
export interface Offered {
  items: readonly OfferedChoice[];
  /** Whether the source had more. */
  truncated: boolean;
}

const table = z.looseObject({
  columns: z.array(z.looseObject({ name: z.string() })),
  rows: z.array(z.array(z.unknown())),
  truncated: z.boolean().optional(),
});
const mostOffered = 5000;

/** The choices in a source's data. Refusal `conflict` where it has no such table any more. */
export function offeredIn(data: unknown, { operation, value, label }: ChoicesFrom): Offered {
  const parsed = table.safeParse(data);
  if (!parsed.success) throw new Refusal("conflict", `"${operation}" answers no table, so there is nothing to choose from.`);
  const { columns, rows, truncated = false } = parsed.data;
  const place = (name: string) => {
    const at = columns.findIndex((column) => column.name === name);
    if (at === -1) throw new Refusal("conflict", `"${operation}" has no column "${name}", so there is nothing to choose from.`);
    return at;
  };
  const [valueAt, labelAt] = [place(value), label === undefined ? undefined : place(label)];
  const byValue = new Map<string, OfferedChoice>();
  for (const row of rows) {
    const cell = row[valueAt];
    if (cell === null || cell === undefined || cell === "" || typeof cell === "object") continue;
    const chosen = String(cell);
    const read = labelAt === undefined ? undefined : row[labelAt];
    if (!byValue.has(chosen)) byValue.set(chosen, { value: chosen, label: read === null || read === undefined ? chosen : String(read) });
  }
  const items = [...byValue.values()];
  return { items: items.slice(0, mostOffered), truncated: truncated || items.length > mostOffered };
}

/** Those that have what was typed in them, those that begin with it first. */
export function fitting(items: readonly OfferedChoice[], query: string): readonly OfferedChoice[] {
  const wanted = fold(query);
  if (wanted === "") return items;
  const rank = ({ value, label }: OfferedChoice) => {
    const both = [fold(value), fold(label)];
    if (both.some((text) => text.startsWith(wanted))) return 0;
    return both.some((text) => text.includes(wanted)) ? 1 : 2;
  };
  return items
    .map((item) => ({ item, rank: rank(item) }))
    .filter((each) => each.rank < 2)
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** Without case, accents and what stands between words. */
function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\p{M}\s_-]/gu, "")
    .toLocaleLowerCase();
}
