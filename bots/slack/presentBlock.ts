import type { KnownBlock, RichTextElement } from "@slack/types";
import type { Block, CardBlock, FileBlock, PlanBlock } from "../../src/protocol/blocks.ts";
import { most } from "./limits.ts";
import { chartText } from "./presentChart.ts";
import { tableOf, tableText } from "./presentTable.ts";
import { link, paragraph, paragraphs, preformatted, richText, words, wordsWithLinks } from "./richText.ts";

export interface Drawn {
  blocks: KnownBlock[];
  /** Whether something is missing that the drawing has. */
  cut: boolean;
}

const bold = { bold: true } as const;

/** One block of a message as Slack draws it. `takesTable`: whether it may be a table, of which a message has one and a view none. */
export function presentBlock(block: Block, takesTable: boolean): Drawn {
  switch (block.type) {
    case "table":
      return table(block, takesTable);
    case "fields":
      return lines(block.fields.map(({ label, value }) => [words(`${label}: `, bold), ...wordsWithLinks(value)]));
    case "card":
      return lines(cardLines(block));
    case "chart": {
      const { text, cut } = chartText(block);
      return { blocks: [...(block.title ? [paragraph(words(block.title, bold))] : []), preformatted(text)], cut };
    }
    case "plan":
      return plan(block);
    case "file":
      return lines([fileLine(block)]);
    case "form":
      return lines([
        ...(block.title === undefined ? [] : [[words(block.title, bold)]]),
        [words(`It asks for: ${block.fields.map(({ label }) => label).join(", ")}`)],
      ]);
    case "buttons":
      return lines([[words(`You can answer: ${block.buttons.map(({ label }) => label).join(" · ")}`, { italic: true })]]);
    case "action":
      return lines(Object.entries(block.values ?? {}).map(([name, value]) => [words(`${name}: `, bold), words(String(value))]));
    case "offer":
      return lines([[words(`${block.by} for ${block.to}: `, bold), ...wordsWithLinks(block.text)]]);
    case "summary":
      return lines([[words(`${block.by}: `, bold), ...wordsWithLinks(block.text)]]);
    default:
      // What happened is said by the text; what isn't known here is passed over, as everywhere.
      return { blocks: [], cut: false };
  }
}

function table(block: Block & { type: "table" }, takesTable: boolean): Drawn {
  if (block.columns.length === 0) return { blocks: [], cut: false };
  if (takesTable) {
    const { table: drawn, cut } = tableOf(block);
    return { blocks: [drawn], cut };
  }
  const { text, cut } = tableText(block);
  return { blocks: [preformatted(text)], cut };
}

const mostLines = 40;

/** Lines of one paragraph, within a block's size. */
function lines(all: readonly (readonly RichTextElement[])[]): Drawn {
  const elements: RichTextElement[] = [];
  let characters = 0;
  let shown = 0;
  for (const line of all) {
    characters += line.reduce((sum, element) => sum + sizeOf(element) + 1, 0);
    if (shown > 0 && (shown >= mostLines || characters > most.richText)) break;
    if (shown > 0) elements.push(words("\n"));
    elements.push(...line);
    shown++;
  }
  return { blocks: elements.length === 0 ? [] : [paragraph(...elements)], cut: shown < all.length || characters > most.richText };
}

function sizeOf(element: RichTextElement): number {
  return "text" in element ? (element.text?.length ?? 0) : "url" in element ? (element.url?.length ?? 0) : 0;
}

function cardLines({ title, text, image, link: href, buttons }: CardBlock): RichTextElement[][] {
  return [
    [href === undefined ? words(title, bold) : link(href, title)],
    ...(text === undefined ? [] : [wordsWithLinks(text)]),
    // Slack refuses a whole message over one picture that it can't fetch.
    ...(image === undefined ? [] : [[link(image.url, image.alt === "" ? "Picture" : image.alt)]]),
    ...(buttons === undefined ? [] : [[words(buttons.map(({ label }) => label).join(" · "), { italic: true })]]),
  ];
}

function plan({ summary, changes, more = 0 }: PlanBlock): Drawn {
  const items = changes
    .slice(0, mostLines)
    .map(({ what, before, after }) => [
      words(what, undefined, 400),
      ...(before === undefined ? [] : [words(" "), words(before, { strike: true }, 400)]),
      ...(after === undefined ? [] : [words(" → "), words(after, bold, 400)]),
    ]);
  const missing = more + changes.length - items.length;
  const list = items.map((elements) => ({ type: "rich_text_section" as const, elements }));
  return {
    blocks: [
      ...paragraphs(summary),
      ...(list.length === 0 ? [] : [richText({ type: "rich_text_list", style: "bullet", elements: list })]),
      ...(missing > 0 ? [paragraph(words(`And ${missing.toLocaleString("en")} more.`))] : []),
    ],
    cut: missing > 0,
  };
}

function fileLine({ name, size, url }: FileBlock): RichTextElement[] {
  const kilobytes = Math.max(1, Math.round(size / 1024)).toLocaleString("en");
  return [link(url, name), words(` (${kilobytes} KB)`)];
}
