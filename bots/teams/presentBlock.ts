import type { Block, CardBlock, FileBlock, PlanBlock } from "../../src/protocol/blocks.ts";
import { close, type Element, line, link, paragraphs, safeAddress, words } from "./elements.ts";
import { most } from "./limits.ts";
import { literal } from "./literal.ts";
import { chartOf, type DrawnRows, factsOf, tableOf } from "./presentTable.ts";

export interface Drawn {
  elements: Element[];
  /** Whether something is missing that the block has. */
  cut: boolean;
}

const bold = { weight: "Bolder" } as const;

/** One block of a message as a card has it, in at most so many bytes where it is a table; whoever asks leaves out lines that are too many. */
export function presentBlock(block: Block, room: number): Drawn {
  switch (block.type) {
    case "table":
      return block.columns.length === 0 ? whole([]) : tabled(tableOf(block, room));
    case "fields":
      return tabled(
        factsOf(
          block.fields.map(({ label, value }) => ({ label, value: paragraphs(value) })),
          room,
        ),
      );
    case "card":
      return whole(cardLines(block));
    case "chart":
      return tabled(chartOf(block, room), block.title ? [line(words(block.title, bold))] : []);
    case "plan":
      return plan(block);
    case "file":
      return whole([fileLine(block)]);
    case "form":
      return whole([
        ...(block.title === undefined ? [] : [line(words(block.title, bold))]),
        line(words(`It asks for: ${block.fields.map(({ label }) => label).join(", ")}`)),
      ]);
    case "buttons":
      return whole([line(words(`You can answer: ${block.buttons.map(({ label }) => label).join(" · ")}`, { italic: true }))]);
    case "action":
      return whole(Object.entries(block.values ?? {}).map(([name, value]) => line(words(`${name}: `, bold), words(String(value)))));
    case "offer":
      return whole([line(words(`${block.by} for ${block.to}: `, bold)), ...paragraphs(block.text)]);
    case "summary":
      return whole([line(words(`${block.by}: `, bold)), ...paragraphs(block.text)]);
    default:
      // What happened is said by the text; what isn't known here is passed over, as everywhere.
      return whole([]);
  }
}

function whole(elements: Element[]): Drawn {
  return { elements, cut: false };
}

function tabled({ elements, cut }: DrawnRows, above: Element[] = []): Drawn {
  return { elements: [...above, ...elements], cut };
}

function cardLines({ title, text, image, link: href, buttons }: CardBlock): Element[] {
  const source = image === undefined ? undefined : safeAddress(image.url);
  return [
    line(href === undefined ? words(title, bold) : link(href, title)),
    ...(text === undefined ? [] : paragraphs(text).map(close)),
    ...(image === undefined || !source?.startsWith("https:")
      ? []
      : [{ type: "Image", url: source, altText: literal(image.alt, most.label), size: "Medium" } as const]),
    ...(buttons === undefined ? [] : [line(words(buttons.map(({ label }) => label).join(" · "), { italic: true }))]),
  ];
}

function plan({ summary, changes, more = 0 }: PlanBlock): Drawn {
  const shown = changes.slice(0, most.rows);
  const missing = more + changes.length - shown.length;
  const lines = shown.map(({ what, before, after }) =>
    close(
      line(
        words(`• ${what}`, {}, most.cell),
        ...(before === undefined ? [] : [words(" "), words(before, { strikethrough: true }, most.cell)]),
        ...(after === undefined ? [] : [words(" → "), words(after, bold, most.cell)]),
      ),
    ),
  );
  return {
    elements: [...paragraphs(summary), ...lines, ...(missing > 0 ? [close(line(words(`And ${missing.toLocaleString("en")} more.`)))] : [])],
    cut: missing > 0,
  };
}

function fileLine({ name, size, url }: FileBlock): Element {
  const kilobytes = Math.max(1, Math.round(size / 1024)).toLocaleString("en");
  return line(link(url, name), words(` (${kilobytes} KB)`));
}
