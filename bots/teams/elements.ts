import { most } from "./limits.ts";
import { literal } from "./literal.ts";

/** What a card is made of, of version 1.5 of Adaptive Cards: what of it Teams draws, and only what reads no Markdown. */
export type Element = RichText | Instant | Picture | TableElement | Columns | Input;

/** Words: a string alone, or with a look. */
export type Words =
  | string
  | {
      type: "TextRun";
      text: string;
      weight?: "Bolder";
      isSubtle?: true;
      italic?: true;
      strikethrough?: true;
      color?: "Accent" | "Attention" | "Good";
      fontType?: "Monospace";
      selectAction?: OpenUrl;
    };

export interface RichText {
  type: "RichTextBlock";
  inlines: Words[];
  spacing?: "None" | "Small" | "Medium";
  horizontalAlignment?: "Right";
}

/** The one text that is read as more than letters: the reader's client writes the instant in their time zone. */
export interface Instant {
  type: "TextBlock";
  text: string;
  wrap: true;
}

export interface Picture {
  type: "Image";
  url: string;
  altText: string;
  size: "Medium" | "Stretch";
}

export interface TableElement {
  type: "Table";
  columns: { width: number; horizontalCellContentAlignment?: "Right" }[];
  rows: TableRow[];
  showGridLines: boolean;
}

export interface TableRow {
  type: "TableRow";
  cells: { type: "TableCell"; items: Element[] }[];
}

export interface Columns {
  type: "ColumnSet";
  columns: { type: "Column"; width: number; items: Element[] }[];
  spacing: "Small";
}

export interface Input {
  type: "Input.Text" | "Input.Number" | "Input.Date" | "Input.Time" | "Input.Toggle" | "Input.ChoiceSet";
  id: string;
  label?: string;
  isRequired?: true;
  errorMessage?: string;
  [property: string]: unknown;
}

export interface OpenUrl {
  type: "Action.OpenUrl";
  url: string;
  title?: string;
}

/** A piece of text, taken literally: nothing in it is markup, a mention or a function, whatever it says. */
export function words(
  text: string,
  look: Partial<Omit<Exclude<Words, string>, "type" | "text">> = {},
  mostCharacters: number = most.paragraph,
): Words {
  const shown = literal(text, mostCharacters);
  return Object.keys(look).length === 0 ? shown : { type: "TextRun", text: shown, ...look };
}

/** A link that we make. Words only where it leads nowhere by http. */
export function link(url: string, text: string = url): Words {
  const safe = safeAddress(url);
  return safe === undefined ? words(text) : words(text, { color: "Accent", selectAction: { type: "Action.OpenUrl", url: safe } });
}

export function line(...inlines: Words[]): RichText {
  return { type: "RichTextBlock", inlines };
}

/** Below what stands above it without a gap. */
export function close(element: RichText): RichText {
  return { ...element, spacing: "None" };
}

/** A text in paragraphs, a line each, in which addresses are links that say where they lead. */
export function paragraphs(text: string): RichText[] {
  return text
    .split(/\r\n?|\n/)
    .flatMap(piecesOf)
    .map((piece, index) => (index === 0 ? line(...wordsWithLinks(piece)) : close(line(...wordsWithLinks(piece)))));
}

/** Words in which addresses are links that say where they lead. */
export function wordsWithLinks(text: string): Words[] {
  const found: Words[] = [];
  let done = 0;
  for (const { 0: match, index } of text.matchAll(address)) {
    const shown = match.replace(/[.,;:!?…*_)\]}'"]+$/u, "");
    const href = safeAddress(shown);
    if (href === undefined) continue;
    if (index > done) found.push(words(text.slice(done, index)));
    // Letters that only look like others are shown as what they are.
    found.push(link(shown, href === `${shown}/` ? shown : href));
    done = index + shown.length;
  }
  if (done < text.length || found.length === 0) found.push(words(text.slice(done)));
  return found;
}

const address = /\bhttps?:\/\/[^\s<>"'`|\u200b-\u200f\u202a-\u202e\u2060-\u2069]+/giu;

/** The address as a browser writes it; undefined for what is not of http or https, or says a name before its host, which looks like one. */
export function safeAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, username, href } = new URL(text);
  return /^https?:$/.test(protocol) && host !== "" && username === "" && href.length <= most.address ? href : undefined;
}

function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let rest = text; rest !== "" || pieces.length === 0; ) {
    const letter = /[\ud800-\udbff]/.test(rest.charAt(most.paragraph - 1)) ? most.paragraph - 1 : most.paragraph;
    const space = rest.lastIndexOf(" ", letter);
    const end = rest.length <= most.paragraph ? rest.length : space > most.paragraph / 2 ? space : letter;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return pieces;
}
