import type { ChartBlock } from "../../protocol/blocks.ts";
import { barRows } from "./barRows.ts";
import { columnPlot, lineLook, linePlots } from "./plots.ts";
import { colours, fitting, margin, type Piece, plainLine, textSize, width, widthOf, words } from "./shapes.ts";

/** A year of days, in eight series: as many as a query draws. */
const mostLabels = 366;
const mostSeries = 8;
/** Above it rows are too many to be looked at, and columns stand side by side. */
const mostRows = 40;

/** The letters of these are in DejaVu Sans: others might be empty boxes, where letters of the reader's own are none. */
const strange =
  /[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Common}\p{Script=Inherited}]/u;

/**
 * A chart as SVG, `width` units wide, with all that is in it as words alone. Undefined where it would be no good picture: nothing in it, more than can be
 * told apart, numbers that no scale has, letters that the font lacks.
 */
export function chartSvg(chart: ChartBlock): string | undefined {
  if (!isDrawable(chart)) return undefined;
  const rows = chart.labels.length * chart.series.length;
  const lines = chart.look === "lines";
  const body = lines ? linePlots(chart) : rows > mostRows ? columnPlot(chart) : barRows(chart);
  const legend: Piece = chart.series.length > 1 ? legendOf(chart.series, lines) : { svg: "", height: 0 };
  const title = chart.title?.trim() ? 30 : 0;
  const top = margin + title;
  const height = Math.ceil(top + body.height + legend.height + margin);
  const parts = [
    `<rect width="${width}" height="${height}" rx="10" fill="${colours.surface}"/>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="9.5" fill="none" stroke="${colours.line}"/>`,
    title === 0 ? "" : words(fitting(chart.title ?? "", width - 2 * margin), { x: margin, y: margin + 12, bold: true }),
    `<g transform="translate(0 ${top})">${body.svg}</g>`,
    `<g transform="translate(0 ${top + body.height})">${legend.svg}</g>`,
  ];
  const font = `font-family="DejaVu Sans" font-size="${textSize}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ${font}>${parts.join("")}</svg>`;
}

/** What was kept as JSON has null where a number was none. */
function isDrawable({ title = "", labels, series }: ChartBlock): boolean {
  if (labels.length === 0 || series.length === 0 || labels.length > mostLabels || series.length > mostSeries) return false;
  if (strange.test(plainLine([title, ...labels, ...series.map(({ name }) => name)].join(" ")))) return false;
  return series.every(({ values }) => values.length === labels.length && values.every(hasScale));
}

function hasScale(value: unknown): boolean {
  return typeof value === "number" && (value === 0 || (Math.abs(value) < 1e100 && Math.abs(value) > 1e-100));
}

/** Which series has which colour, in as many lines as it takes. */
function legendOf(series: ChartBlock["series"], lines: boolean): Piece {
  let [x, y] = [margin, 20];
  const entries = series.map(({ name }, place) => {
    const shown = fitting(name, 200);
    const taken = 30 + widthOf(shown) + 16;
    if (x > margin && x + taken > width - margin) [x, y] = [margin, y + 20];
    const fill = colours.bars[place % colours.bars.length];
    const mark = lines
      ? `<line x1="${x}" x2="${x + 24}" y1="${y - 4}" y2="${y - 4}" ${lineLook(place)}/>`
      : `<rect x="${x + 6}" y="${y - 10}" width="12" height="12" rx="3" fill="${fill}"/>`;
    const entry = `${mark}${words(shown, { x: x + 30, y })}`;
    x += taken;
    return entry;
  });
  return { svg: entries.join(""), height: y + 4 };
}
