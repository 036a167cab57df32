import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import type { Sharp } from "sharp";
import { createTurnstile } from "../../platform/process/turnstile.ts";
import type { ChartBlock } from "../../protocol/blocks.ts";
import { chartSvg } from "./chartSvg.ts";

/** Draws a chart as PNG; undefined where it would be no good picture, or takes too long. */
export type DrawChart = (chart: ChartBlock) => Promise<Buffer | undefined>;

/** 1024 pixels wide, the most that Teams documents, at 72 to the inch of the drawing's own 640. */
const density = (72 * 1024) / 640;
const longestSeconds = 5;
const atOnce = 2;
/** Some 20 KB each. */
const mostKept = 100;

const { resolve: findFile } = createRequire(import.meta.url);

/** Sharp draws outside of the event loop, in about 40 ms; what was drawn lately is drawn once, however often services fetch it. */
export function createChartDrawer(): DrawChart {
  const pool = createTurnstile(atOnce);
  const kept = new Map<string, Promise<Buffer | undefined>>();
  let prepared: Promise<(svg: string) => Sharp> | undefined;
  const rasterized = (svg: string) =>
    pool(async () => {
      try {
        prepared ??= prepare();
        const open = await prepared;
        return await open(svg).png({ palette: true, colours: 64 }).toBuffer();
      } catch {
        return undefined;
      }
    });
  return async (chart) => {
    const svg = chartSvg(chart);
    if (svg === undefined) return undefined;
    const key = createHash("sha256").update(svg).digest("base64url");
    const picture = kept.get(key) ?? rasterized(svg);
    // The last that was asked for is the last to go.
    kept.delete(key);
    kept.set(key, picture);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    const png = await picture;
    if (png === undefined) kept.delete(key);
    return png;
  };
}

/**
 * What sharp writes with a font's file, its drawings of SVG know by name from then on (both ask the process' fontconfig): so no font has to be
 * installed. Not before it is needed, since it brings 20 MB.
 */
async function prepare(): Promise<(svg: string) => Sharp> {
  const { default: sharp } = await import("sharp");
  sharp.cache(false);
  sharp.concurrency(1);
  for (const name of ["DejaVuSans", "DejaVuSans-Bold"]) {
    const fontfile = findFile(`dejavu-fonts-ttf/ttf/${name}.ttf`);
    await sharp({ text: { text: "0", font: "DejaVu Sans", fontfile } })
      .raw()
      .toBuffer();
  }
  return (svg) => sharp(Buffer.from(svg), { density, limitInputPixels: 8_000_000 }).timeout({ seconds: longestSeconds });
}
