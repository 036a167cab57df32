import type { RichTextBlock, RichTextBlockElement, RichTextElement, RichTextText } from "@slack/types";
import { literal } from "./escape.ts";
import { most } from "./limits.ts";

type Style = NonNullable<RichTextText["style"]>;

/** A piece of rich text, taken literally: nothing in it is markup, a mention or a ping, whatever it says. */
export function words(text: string, style?: Style, mostCharacters: number = most.richText): RichTextElement {
  return { type: "text", text: literal(text, mostCharacters), ...(style === undefined ? {} : { style }) };
}

/** A link that we make: where it leads, and what it says. Words only where it leads nowhere by http. */
export function link(url: string, text?: string): RichTextElement {
  const safe = safeAddress(url);
  if (safe === undefined) return words(text ?? url);
  return { type: "link", url: safe, ...(text === undefined ? {} : { text: literal(text, most.label * 4) }) };
}

/** Words in which addresses are links that say where they lead. */
export function wordsWithLinks(text: string): RichTextElement[] {
  const elements: RichTextElement[] = [];
  let done = 0;
  for (const { 0: found, index } of text.matchAll(address)) {
    const shown = found.replace(/[.,;:!?…*_)\]}'"]+$/u, "");
    const href = safeAddress(shown);
    if (href === undefined) continue;
    if (index > done) elements.push(words(text.slice(done, index)));
    // Letters that only look like others are shown as what they are.
    elements.push(link(shown, href === `${shown}/` ? shown : undefined));
    done = index + shown.length;
  }
  if (done < text.length || elements.length === 0) elements.push(words(text.slice(done)));
  return elements;
}

/** A paragraph. */
export function paragraph(...elements: RichTextElement[]): RichTextBlock {
  return richText({ type: "rich_text_section", elements });
}

export function richText(...elements: RichTextBlockElement[]): RichTextBlock {
  return { type: "rich_text", elements };
}

/** Letters of one width, for what stands in columns. */
export function preformatted(text: string): RichTextBlock {
  return richText({ type: "rich_text_preformatted", elements: [{ type: "text", text: literal(text, most.richText) }] });
}

/** A text in paragraphs of Slack's size, divided between lines where it can be. */
export function paragraphs(text: string): RichTextBlock[] {
  const blocks: RichTextBlock[] = [];
  for (let rest = text; rest !== ""; ) {
    const whole = rest.length <= most.richText;
    const line = rest.lastIndexOf("\n", most.richText);
    const letter = /[\ud800-\udbff]/.test(rest.charAt(most.richText - 1)) ? most.richText - 1 : most.richText;
    const end = whole ? rest.length : line > most.richText / 2 ? line : letter;
    blocks.push(paragraph(...wordsWithLinks(rest.slice(0, end))));
    rest = rest.slice(end).replace(/^\n/, "");
  }
  return blocks;
}

const address = /\bhttps?:\/\/[^\s<>"'`|\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/giu;

/** The address as a browser writes it; undefined for what is not of http or https, or says a name before its host, which looks like one. */
export function safeAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, username, href } = new URL(text);
  return /^https?:$/.test(protocol) && host !== "" && username === "" && href.length <= most.section ? href : undefined;
}
