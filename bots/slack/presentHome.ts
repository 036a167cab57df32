import type { HomeView, KnownBlock } from "@slack/types";
import type { CardButton, Home } from "../../src/channels/drawing.ts";
import { plainText } from "./escape.ts";
import { most } from "./limits.ts";
import { buttonsOf, presentBlocks } from "./present.ts";
import { buttonOf } from "./pressed.ts";
import { paragraph, paragraphs, words } from "./richText.ts";

/** Of a thing that waits, so that one long plan doesn't take the page. */
const blocksOfWaiting = 8;
const mostWaiting = 6;
/** Each thing on the page numbers its buttons from its own hundred. */
const stride = 100;

/** A person's page: what waits for them, then what they may run, within what a page of Slack holds. */
export function presentHome({ greeting, link: linking, waiting, commands, card }: Home): HomeView {
  const top: KnownBlock[] = [...paragraphs(greeting.slice(0, most.section)), ...buttonsOf(linking)];
  const shown = waiting
    .slice(0, mostWaiting)
    .flatMap(({ text, blocks = [], card: its, more }, index): KnownBlock[] => [
      { type: "divider" },
      ...presentBlocks({ text, blocks }, blocksOfWaiting, false, buttonsOf(its, (index + 1) * stride), more),
    ]);
  const missing = waiting.length - mostWaiting;
  const above: KnownBlock[] = [
    ...top,
    ...(waiting.length === 0 ? [] : [header("What waits for you")]),
    ...shown,
    ...(missing > 0 ? [paragraph(words(`And ${missing} more, at the desk.`))] : []),
    ...(commands.length === 0 ? [] : [header("What you may run")]),
  ];
  const room = most.blocksOfView - above.length - 1;
  const rows = commands.slice(0, room).map((command, index) => row(command, card, (mostWaiting + 1) * stride + index));
  const rest = commands.length - rows.length;
  return {
    type: "home",
    blocks: [...above, ...rows, ...(rest > 0 ? [paragraph(words(`And ${rest} more: /sb help lists them all.`))] : [])],
  };
}

function header(text: string): KnownBlock {
  return { type: "header", text: plainText(text, most.header) };
}

function row({ name, summary }: Home["commands"][number], card: Home["card"], number: number): KnownBlock {
  const button = card && runButton(card.buttons, name);
  return {
    type: "section",
    text: plainText(`${name}\n${summary}`, most.section),
    ...(card === undefined || button === undefined ? {} : { accessory: buttonOf(card.id, button, number) }),
  };
}

/** The command's own button, or the one that stands for each of them. */
function runButton(buttons: readonly CardButton[], name: string): CardButton | undefined {
  const each = buttons.find(({ value }) => value === undefined);
  return buttons.find(({ value }) => value === name) ?? (each === undefined ? undefined : { ...each, value: name });
}
