import { z } from "zod";
import type { CommandMessage } from "../../protocol/commands.ts";
import { fill } from "../slots.ts";
import type { Cell, Column } from "../sources/dataSource.ts";

/** As what an answer is read: all its rows, a picture of two columns, or a sentence with the values of its first row. */
export const queryAnswer = z.discriminatedUnion("as", [
  z.strictObject({ as: z.literal("table") }),
  z.strictObject({
    as: z.literal("chart"),
    title: z.string().max(200).optional(),
    /** Columns by name: what stands under the bars, and their heights. */
    labels: z.string().min(1).max(128),
    values: z.array(z.string().min(1).max(128)).min(1, "a chart needs values").max(8, "8 series are the most"),
  }),
  z.strictObject({
    as: z.literal("sentence"),
    /** `{{count}}` is how many rows there are, another slot a column of the first. */
    text: z.string().min(1).max(1000),
    /** What is said where there is no row. */
    none: z.string().min(1).max(1000).optional(),
  }),
]);

export interface QueryAnswer {
  columns: readonly Pick<Column, "name" | "key" | "type">[];
  rows: readonly (readonly Cell[])[];
  truncated: boolean;
}

/** Rows that a message shows; all of them are in the run's data. */
const mostShown = 200;
const mostBars = 100;

/** The message that people read. */
export function shownAs(answer: QueryAnswer, as: z.output<typeof queryAnswer>): CommandMessage {
  if (answer.rows.length === 0 && as.as !== "sentence") return { text: "There is nothing." };
  if (as.as === "sentence") return { text: sentence(answer, as) };
  if (as.as === "chart") return chart(answer, as) ?? table(answer);
  return table(answer);
}

function table({ columns, rows, truncated }: QueryAnswer): CommandMessage {
  const shown = rows.slice(0, mostShown);
  const isCut = truncated || shown.length < rows.length;
  return {
    text: isCut ? `Showing the first ${shown.length} of more.` : counted(rows.length),
    blocks: [
      {
        type: "table",
        columns: columns.map(({ name, type }) => ({ name, type })),
        rows: shown.map((row) => row.map(written)),
        truncated: isCut,
      },
    ],
  };
}

/** Undefined where a column isn't there any more: the table shows what is. */
function chart(
  answer: QueryAnswer,
  { title, labels, values }: Extract<z.output<typeof queryAnswer>, { as: "chart" }>,
): CommandMessage | undefined {
  const { columns, rows, truncated } = answer;
  const place = (name: string) => columns.findIndex(({ key }) => key === name);
  const [at, series] = [place(labels), values.map((name) => ({ name, at: place(name) }))];
  if (at === -1 || series.some((one) => one.at === -1)) return undefined;
  const bars = rows.slice(0, mostBars);
  const isCut = truncated || bars.length < rows.length;
  return {
    text: `${title === undefined ? counted(rows.length) : `${title}: ${counted(rows.length)}`}${isCut ? ` The first ${bars.length} are shown.` : ""}`,
    blocks: [
      {
        type: "chart",
        ...(title === undefined ? {} : { title }),
        labels: bars.map((row) => written(row[at] ?? null)),
        series: series.map((one) => ({ name: one.name, values: bars.map((row) => numberOf(row[one.at] ?? null)) })),
      },
    ],
  };
}

function sentence(
  { columns, rows, truncated }: QueryAnswer,
  { text, none }: Extract<z.output<typeof queryAnswer>, { as: "sentence" }>,
): string {
  const [first] = rows;
  if (first === undefined && none !== undefined) return none;
  const cells = Object.fromEntries(columns.map(({ key }, index) => [key, first?.[index] ?? null]));
  return String(fill(text, { ...cells, count: truncated ? `more than ${rows.length}` : String(rows.length) }) ?? "");
}

function counted(rows: number): string {
  return rows === 1 ? "1 row." : `${rows} rows.`;
}

function written(cell: Cell): string {
  return cell === null ? "" : String(cell);
}

/** What is no number has no height. */
function numberOf(cell: Cell): number {
  const number = Number(cell);
  return cell === null || cell === "" || !Number.isFinite(number) ? 0 : number;
}
