import type { KnownBlock } from "@slack/types";
import type { Card, Drawing } from "../../src/channels/drawing.ts";
import type { Block } from "../../src/protocol/blocks.ts";
import { escaped } from "./escape.ts";
import { cut, most } from "./limits.ts";
import { presentBlock } from "./presentBlock.ts";
import { buttonOf } from "./pressed.ts";
import { link, paragraph, paragraphs, words } from "./richText.ts";

/** A message as `chat.postMessage` takes it. */
export interface Message {
  /** For notifications and screen readers. */
  text: string;
  blocks: KnownBlock[];
}

/** A drawing as a message of Slack, within its limits; what doesn't fit is left out, and the last line says so and where all of it is. */
export function present(drawing: Drawing): Message {
  const { text, card, more } = drawing;
  return { text: escaped(text, most.text), blocks: presentBlocks(drawing, most.blocksOfMessage, true, buttonsOf(card), more) };
}

/** The same as blocks among others, in which there are no tables. `buttons` stand below it, and its `more` last. */
export function presentBlocks(
  { text, blocks = [], pictures = {} }: Pick<Drawing, "text" | "blocks" | "pictures">,
  mostBlocks: number,
  takesTable: boolean,
  buttons: KnownBlock[],
  more: Drawing["more"],
): KnownBlock[] {
  const shownText = text.slice(0, most.text);
  const body: KnownBlock[] = isSaidBy(blocks, text) ? [] : paragraphs(shownText);
  let isCut = shownText.length < text.length;
  for (const [place, block] of blocks.entries()) {
    const picture = pictures[place];
    if (picture !== undefined) {
      body.push({ type: "image", image_url: picture.url, alt_text: cut(picture.alt, most.altText) });
      continue;
    }
    const drawn = presentBlock(block, takesTable && !body.some(({ type }) => type === "table"));
    body.push(...drawn.blocks);
    isCut ||= drawn.cut;
  }
  const room = mostBlocks - buttons.length - 1;
  isCut ||= body.length > room;
  return [...body.slice(0, room), ...buttons, ...restOf(more, isCut)];
}

/** A card's buttons in a row; they count from `first`, so that no two of a message are alike. */
export function buttonsOf(card: Card | undefined, first = 0): KnownBlock[] {
  if (card === undefined || card.buttons.length === 0) return [];
  return [{ type: "actions", elements: card.buttons.slice(0, most.buttons).map((one, index) => buttonOf(card.id, one, first + index)) }];
}

/** A plan says its summary and its changes itself. */
function isSaidBy(blocks: readonly Block[], text: string): boolean {
  return text === "" || blocks.some((block) => block.type === "plan" && text.startsWith(block.summary));
}

function restOf(more: Drawing["more"], isCut: boolean): KnownBlock[] {
  if (more === undefined) return isCut ? [paragraph(words("There is more than fits here.", { italic: true }))] : [];
  const rest = isCut ? [words("There is more than fits here: ")] : [];
  return [paragraph(...rest, link(more.url, more.label))];
}
