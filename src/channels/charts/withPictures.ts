import type { Keys } from "../../access/keys/keys.ts";
import type { Clock } from "../../platform/clock/clock.ts";
import type { Drawing, Picture } from "../drawing.ts";
import { chartPath } from "./chartAddresses.ts";
import type { DrawChart } from "./chartPicture.ts";
import { chartWords } from "./chartWords.ts";

export interface Picturing {
  keys: Keys;
  clock: Clock;
  drawChart: DrawChart;
  publicUrl: string;
}

/** The most that Slack documents of `alt_text`; Teams takes less, by its own limits. */
const mostWords = 2000;

/**
 * The drawing with pictures of its charts, where these can be had: drawn once here, so that one that can't be is known before it is sent. Services fetch
 * them from our address, which none of them does but by https.
 */
export async function withPictures(outside: Picturing, of: { tenant: string; out: string }, drawing: Drawing): Promise<Drawing> {
  if (!outside.publicUrl.startsWith("https:")) return drawing;
  const pictures: Record<number, Picture> = {};
  for (const [place, block] of (drawing.blocks ?? []).entries()) {
    if (block.type !== "chart" || (await outside.drawChart(block)) === undefined) continue;
    pictures[place] = { url: outside.publicUrl + chartPath(outside, { ...of, place }), alt: chartWords(block, mostWords) };
  }
  return Object.keys(pictures).length === 0 ? drawing : { ...drawing, pictures };
}
