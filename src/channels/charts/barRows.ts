import type { ChartBlock } from "../../protocol/blocks.ts";
import { at, colours, fitting, margin, numberWords, type Piece, width, widthOf, words } from "./shapes.ts";

const mostLabel = 180;
const bar = 12;
const gap = 10;

/** A row for each label, in it a bar for each series with its value behind: as the desk draws bars. */
export function barRows({ labels, series }: ChartBlock): Piece {
  const all = series.flatMap(({ values }) => values);
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const names = labels.map((label) => fitting(label, mostLabel));
  const left = margin + Math.max(...names.map(widthOf)) + 12;
  const right = width - margin - Math.max(...all.map((value) => widthOf(numberWords(value)))) - 10;
  const x = (value: number) => left + (high === low ? 0 : ((value - low) / (high - low)) * (right - left));
  const rowHeight = series.length * (bar + 3) + gap;
  const rows = names.map((name, row) => {
    const top = row * rowHeight + gap / 2;
    const bars = series.map(({ values }, place) => {
      const value = values[row] ?? 0;
      const y = top + place * (bar + 3);
      const [from, to] = [x(Math.min(0, value)), x(Math.max(0, value))];
      const fill = colours.bars[place % colours.bars.length];
      return `<rect x="${at(from)}" y="${at(y)}" width="${at(value === 0 ? 0 : Math.max(to - from, 1))}" height="${bar}" rx="3" fill="${fill}"/>${words(
        numberWords(value),
        { x: width - margin, y: y + bar - 2, anchor: "end", colour: colours.muted },
      )}`;
    });
    const middle = top + (series.length * (bar + 3) - 3) / 2 + 4;
    return `${words(name, { x: margin, y: middle })}${bars.join("")}`;
  });
  const height = labels.length * rowHeight;
  const axis = `<line x1="${at(x(0))}" x2="${at(x(0))}" y1="0" y2="${height}" stroke="${colours.line}"/>`;
  return { svg: `${axis}${rows.join("")}`, height };
}
