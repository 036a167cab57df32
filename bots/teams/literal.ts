import { cut } from "./limits.ts";

const joiner = "\u2060";

/**
 * Text for where Teams reads no Markdown, in which nothing else is an instruction either: `{{DATE(…)}}` would be written as an instant, and `<at>`
 * as a mention. A character that nobody sees stands in their middle. Teams refuses what is empty.
 */
export function literal(text: string, mostCharacters: number): string {
  const shown = cut(visible(text), mostCharacters);
  const inert = shown.replaceAll(/\{(?=\{)|<(?=\/?at\b)/giu, (found) => found + joiner);
  return inert === "" ? "\u00a0" : inert;
}

/** Without what nobody sees and XML does not take, or what turns the line around. */
export function visible(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, "");
}
