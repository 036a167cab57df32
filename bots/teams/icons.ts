import sharp from "sharp";
import type { Icons } from "./manifest.ts";

const mark = (color: string) =>
  `<g fill="none" stroke="${color}" stroke-width="8" stroke-linecap="round"><path d="M24 34h20c14 0 14 28 28 28"/><path d="M24 62h20c14 0 14-28 28-28"/></g><g fill="${color}"><circle cx="24" cy="34" r="8"/><circle cx="24" cy="62" r="8"/><circle cx="72" cy="34" r="8"/><circle cx="72" cy="62" r="8"/></g>`;

/** The two that Teams asks for: on our colour, and in outline. */
export async function teamsIcons(): Promise<Icons> {
  const color = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="192" height="192"><rect width="96" height="96" fill="#2F4BD8"/>${mark("#fff")}</svg>`;
  const outline = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="8 8 80 80" width="32" height="32">${mark("#fff")}</svg>`;
  return { color: await sharp(Buffer.from(color)).png().toBuffer(), outline: await sharp(Buffer.from(outline)).png().toBuffer() };
}
