import { z } from "zod";
import type { ChartBlock } from "../../protocol/blocks.ts";
import type { CommandMessage } from "../../protocol/commands.ts";
import { fill } from "../slots.ts";
import type { Cell, Column } from "../sources/dataSource.ts";

/** As what an answer is read: all its rows, a picture of two columns, or a sentence with the values of its first row. */
export const queryAnswer = z.discriminatedUnion("as", [
  z.strictObject({ as: z.literal("table") }),
  z.strictObject({
    as: z.literal("chart"),
    title: z.string().max(200).optional(),
    look: z.enum(["bars", "lines"]).optional(),
    /** Columns by name: what stands along the chart, and how high it is there. */
    labels: z.string().min(1).max(128),
    values: z.array(z.string().min(1).max(128)).min(1, "a chart needs values").max(8, "8 series are the most"),
    /** A column instead of several: each of its values is a series of its own, of the first of `values`. */
    by: z.string().min(1).max(128).optional(),
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
/** A year of days. */
const mostPoints = 366;
const mostSeries = 8;

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
  { columns, rows, truncated }: QueryAnswer,
  { title, look, labels, values, by }: Extract<z.output<typeof queryAnswer>, { as: "chart" }>,
): CommandMessage | undefined {
  const place = (name: string) => columns.findIndex(({ key }) => key === name);
  const [at, part, numbers] = [place(labels), by === undefined ? undefined : place(by), values.map((name) => ({ name, at: place(name) }))];
  if ([at, part ?? 0, ...numbers.map((one) => one.at)].includes(-1)) return undefined;
  const drawn = part === undefined ? byColumn(rows, at, numbers) : byPart(rows, at, part, numbers[0]?.at ?? -1);
  const most = look === "lines" ? mostPoints : mostBars;
  const shown = Math.min(most, drawn.labels.length);
  const series = drawn.series.slice(0, mostSeries);
  const isCut = truncated || shown < drawn.labels.length;
  const told = [
    `${title === undefined ? "" : `${title}: `}${counted(rows.length)}`,
    ...(isCut ? [`The first ${shown} are shown.`] : []),
    ...(series.length < drawn.series.length ? [`The first ${mostSeries} of ${drawn.series.length} series are shown.`] : []),
  ];
  return {
    text: told.join(" "),
    blocks: [
      {
        type: "chart",
        ...(look === undefined ? {} : { look }),
        ...(title === undefined ? {} : { title }),
        labels: drawn.labels.slice(0, most),
        series: series.map(({ name, values: all }) => ({ name, values: all.slice(0, most) })),
      },
    ],
  };
}

type Drawn = Pick<ChartBlock, "labels" | "series">;
type Rows = QueryAnswer["rows"];

function byColumn(rows: Rows, at: number, numbers: readonly { name: string; at: number }[]): Drawn {
  return {
    labels: rows.map((row) => written(row[at] ?? null)),
    series: numbers.map((one) => ({ name: one.name, values: rows.map((row) => numberOf(row[one.at] ?? null)) })),
  };
}

/** Each label once, in the order in which they come; what no row says is 0, what two say is their sum. */
function byPart(rows: Rows, at: number, part: number, value: number): Drawn {
  const labels = [...new Set(rows.map((row) => written(row[at] ?? null)))];
  const places = new Map(labels.map((label, index) => [label, index]));
  const series = new Map<string, number[]>();
  for (const row of rows) {
    const name = written(row[part] ?? null);
    const values = series.get(name) ?? labels.map(() => 0);
    const index = places.get(written(row[at] ?? null)) ?? 0;
    values[index] = (values[index] ?? 0) + numberOf(row[value] ?? null);
    series.set(name, values);
  }
  return { labels, series: [...series].map(([name, values]) => ({ name, values })) };
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
