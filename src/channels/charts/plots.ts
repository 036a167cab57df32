import type { ChartBlock } from "../../protocol/blocks.ts";
import { placesOf, scalesOf, ticksOf } from "../../protocol/chartScales.ts";
import { at, colours, dashes, fitting, margin, type Piece, width, words } from "./shapes.ts";

const left = 64;
const right = width - margin;
const gap = 28;

/** Lines over their labels, one plot above another where they need scales of their own: as the desk draws lines. */
export function linePlots(chart: ChartBlock): Piece {
  const places = placesOf(chart.labels);
  const order = chart.labels.map((_, index) => index).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const x = (index: number) => left + (places[index] ?? 0) * (right - left);
  const scales = scalesOf(chart.series);
  const height = scales.length === 1 ? 220 : 130;
  const plots = scales.map((lines) => {
    const { svg, y } = ground(
      lines.flatMap((place) => chart.series[place]?.values ?? []),
      height,
    );
    const drawn = lines.map((place) => {
      const points = order.map((index) => `${at(x(index))},${at(y(chart.series[place]?.values[index] ?? 0))}`).join(" ");
      const [first] = points.split(",");
      // One point is no line.
      const dot = order.length === 1 ? `<circle cx="${first}" cy="${points.split(",")[1]}" r="3" fill="${lineColour(place)}"/>` : "";
      return `<polyline points="${points}" ${lineLook(place)}/>${dot}`;
    });
    return svg + drawn.join("");
  });
  return stacked(plots, height, labelled(chart.labels, order, x));
}

/** Columns side by side, where rows would be too many. */
export function columnPlot(chart: ChartBlock): Piece {
  const height = 220;
  const { svg, y } = ground(
    chart.series.flatMap(({ values }) => values),
    height,
  );
  const each = (right - left) / chart.labels.length;
  const wide = (each * 0.84) / chart.series.length;
  const x = (index: number) => left + (index + 0.5) * each;
  const columns = chart.series.flatMap(({ values }, place) =>
    values.map((value, index) => {
      const from = left + index * each + each * 0.08 + place * wide;
      const [top, bottom] = [y(Math.max(0, value)), y(Math.min(0, value))];
      const fill = colours.bars[place % colours.bars.length];
      return `<rect x="${at(from)}" y="${at(top)}" width="${at(wide)}" height="${at(Math.max(bottom - top, 0.5))}" fill="${fill}"/>`;
    }),
  );
  const order = chart.labels.map((_, index) => index);
  return stacked([svg + columns.join("")], height, labelled(chart.labels, order, x));
}

export function lineLook(place: number): string {
  const dash = dashes[place % dashes.length];
  return `fill="none" stroke="${lineColour(place)}" stroke-width="2" stroke-linejoin="round"${dash ? ` stroke-dasharray="${dash}"` : ""}`;
}

function lineColour(place: number): string {
  return colours.lines[place % colours.lines.length] ?? colours.text;
}

/** Lines across with their values, and where a value stands between them. */
function ground(values: readonly number[], height: number): { svg: string; y: (value: number) => number } {
  const ticks = ticksOf(values);
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const y = (value: number) => height - ((value - low) / (high - low)) * height;
  const lines = ticks.map((tick) => {
    const number = fitting(tick.toLocaleString("en", { notation: "compact" }), left - margin - 10);
    const across = `<line x1="${left}" x2="${right}" y1="${at(y(tick))}" y2="${at(y(tick))}" stroke="${colours.line}"/>`;
    return `${across}${words(number, { x: left - 10, y: y(tick) + 4, anchor: "end", colour: colours.muted })}`;
  });
  return { svg: lines.join(""), y };
}

/** The first, the middle and the last. */
function labelled(labels: readonly string[], order: readonly number[], x: (index: number) => number): string {
  const marks = [...new Set([0, Math.floor((order.length - 1) / 2), order.length - 1])];
  const anchors =
    marks.length === 1 ? (["middle"] as const) : marks.length === 2 ? (["start", "end"] as const) : (["start", "middle", "end"] as const);
  return marks
    .map((place, index) => {
      const at = order[place] ?? 0;
      const anchor = anchors[index] ?? "middle";
      const edge = anchor === "start" ? left : anchor === "end" ? right : x(at);
      return words(fitting(labels[at] ?? "", (right - left) / marks.length - 12), { x: edge, y: 0, anchor, colour: colours.muted });
    })
    .join("");
}

function stacked(plots: readonly string[], height: number, labels: string): Piece {
  const all = plots.map((svg, index) => `<g transform="translate(0 ${8 + index * (height + gap)})">${svg}</g>`);
  const end = 8 + plots.length * (height + gap);
  return { svg: `${all.join("")}<g transform="translate(0 ${end + 2})">${labels}</g>`, height: end + 10 };
}
