import type { PlainTextElement } from "@slack/types";
import { cut } from "./limits.ts";

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/**
 * Text in which nothing is an instruction: Slack reads mentions, links and `<!channel>` between angle brackets alone, and takes these three
 * characters as entities ("Formatting text for app surfaces"). At most so many characters as Slack counts them: after this.
 */
export function escaped(text: string, mostCharacters: number): string {
  const clean = visible(text);
  const whole = entityText(clean);
  if (whole.length <= mostCharacters) return whole;
  let kept = "";
  for (const character of clean) {
    const next = entities[character] ?? character;
    if (kept.length + next.length > mostCharacters - 1) break;
    kept += next;
  }
  return `${kept}…`;
}

/** A text object that has no formatting at all, emoji neither. */
export function plainText(text: string, mostCharacters: number): PlainTextElement {
  return { type: "plain_text", text: escaped(filled(text), mostCharacters), emoji: false };
}

/** Text for where Slack takes it literally, entities neither: rich text, cells of tables. */
export function literal(text: string, mostCharacters: number): string {
  return cut(visible(text) || "\u00a0", mostCharacters);
}

/** Slack refuses a text that is empty. */
function filled(text: string): string {
  return text.trim() === "" ? "\u00a0" : text;
}

function entityText(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character] ?? character);
}

/** Without what nobody sees and Slack refuses, or what turns the line around. */
function visible(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, "");
}
