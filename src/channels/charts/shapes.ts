/** The desk's colours by day (`tokens.css`, `blocks.css`, `LineChart.module.css`): a picture stands on its own ground, so that it is read by night as well. */
export const colours = {
  surface: "#ffffff",
  line: "#e3e6eb",
  text: "#14171c",
  muted: "#535a66",
  bars: ["#2d55dd", "#213a80", "#9bb6f5", "#535a66", "#14171c"],
  lines: ["#2d55dd", "#0c6b4a", "#854d00", "#535a66"],
} as const;

/** Each line differs by its dashes too, as at the desk. */
export const dashes = ["", "7 4", "2 4", "9 4 2 4"] as const;

/** In units of the picture, which is so wide. */
export const width = 640;
export const margin = 16;
export const textSize = 12;

/** A piece of a picture, `height` high. */
export interface Piece {
  svg: string;
  height: number;
}

export function words(
  text: string,
  {
    x,
    y,
    anchor = "start",
    colour = colours.text,
    bold = false,
  }: { x: number; y: number; anchor?: "start" | "middle" | "end"; colour?: string; bold?: boolean },
): string {
  const weight = bold ? ' font-weight="bold"' : "";
  return `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" fill="${colour}"${weight}>${escaped(text)}</text>`;
}

/** A number as an attribute has it. */
export function at(value: number): string {
  return value.toFixed(2).replace(/\.?0+$/, "");
}

/** As much of a text as fits into so many units, with an ellipsis where something is missing. */
export function fitting(text: string, most: number): string {
  const line = plainLine(text);
  if (widthOf(line) <= most) return line;
  let kept = "";
  let used = widthOf("…");
  for (const letter of line) {
    used += widthOf(letter);
    if (used > most) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}

/** About as wide as DejaVu Sans draws it at `textSize`, rather more than less. */
export function widthOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (/[ilIj.,:;'|! ]/.test(letter) ? 0.38 : /[mwMW@%]/.test(letter) ? 1 : 0.66), 0) * textSize;
}

/** A number in words: as the desk writes it, and short where it would take half a line. */
export function numberWords(value: number): string {
  const size = Math.abs(value);
  return size >= 1e12 || (size > 0 && size < 0.001) ? value.toExponential(2) : value.toLocaleString("en");
}

/** Without what XML, or one line, can't have, and without pictures that no letter of the font is. */
export function plainLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\uFFFE\uFFFF\s]+/gu, " ")
    .replaceAll(/\p{Emoji_Presentation}/gu, "")
    .trim();
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
