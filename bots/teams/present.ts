import type { Card, Drawing } from "../../src/channels/drawing.ts";
import { type Element, line, paragraphs, safeAddress, words } from "./elements.ts";
import { bytesOf, cut, most } from "./limits.ts";
import { literal } from "./literal.ts";
import { presentBlock } from "./presentBlock.ts";
import { type Action, actionOf } from "./pressed.ts";

export const cardType = "application/vnd.microsoft.card.adaptive";

export interface AdaptiveCard {
  type: "AdaptiveCard";
  $schema: "http://adaptivecards.io/schemas/adaptive-card.json";
  version: "1.5";
  /** For a client that can't draw it. */
  fallbackText?: string;
  body: Element[];
  actions?: Action[];
  msteams?: { width: "Full" };
}

/** A message as the connector takes it: a card; `summary` is what a notification says. */
export interface Message {
  type: "message";
  summary: string;
  attachments: [{ contentType: typeof cardType; content: AdaptiveCard }];
}

/** A drawing as a message of Teams, within its limits; what doesn't fit is left out, and the last line says so and where all of it is. */
export function present(drawing: Drawing): Message {
  const summary = literal(drawing.text, most.summary);
  return { type: "message", summary, attachments: [{ contentType: cardType, content: presentCard(drawing) }] };
}

/** The same as a card alone: for a dialog, or the answer to a press. */
export function presentCard({ text, blocks = [], pictures = {}, card, author, more }: Drawing): AdaptiveCard {
  const actions = actionsOf(card, more);
  let room: number = most.cardBytes - bytesOf(actions) - bytesOf(cut(text, most.summary));
  const body: Element[] = [];
  let isCut = (card?.buttons.length ?? 0) > most.buttons;
  const add = (element: Element) => {
    const bytes = bytesOf(element) + 1;
    if (bytes > room || body.length >= most.elements) {
      isCut = true;
      room = 0;
      return;
    }
    body.push(element);
    room -= bytes;
  };
  if (author !== undefined) add(line(words(author.name, { weight: "Bolder", isSubtle: true }, most.label)));
  const isSaid = text === "" || blocks.some((block) => block.type === "plan" && text.startsWith(block.summary));
  if (!isSaid) for (const paragraph of paragraphs(text)) add(paragraph);
  for (const [place, block] of blocks.entries()) {
    const picture = pictures[place];
    if (picture !== undefined) {
      add({ type: "Image", url: picture.url, altText: literal(picture.alt, most.altText), size: "Stretch" });
      continue;
    }
    const drawn = presentBlock(block, room);
    for (const element of drawn.elements) add(element);
    isCut ||= drawn.cut;
  }
  if (isCut)
    body.push(line(words(`There is more than fits here${more === undefined ? "." : `: ${more.label}`}`, { italic: true, isSubtle: true })));
  if (body.length === 0) body.push(line(words("")));
  return {
    ...cardOf(body, actions),
    fallbackText: literal(text, most.summary),
    ...(body.some(({ type }) => type === "Table") ? { msteams: { width: "Full" } } : {}),
  };
}

export function cardOf(body: Element[], actions: Action[]): AdaptiveCard {
  return {
    type: "AdaptiveCard",
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    version: "1.5",
    body,
    ...(actions.length === 0 ? {} : { actions }),
  };
}

function actionsOf(card: Card | undefined, more: Drawing["more"]): Action[] {
  const url = more === undefined ? undefined : safeAddress(more.url);
  const leading: Action[] =
    more === undefined || url === undefined ? [] : [{ type: "Action.OpenUrl", title: literal(more.label, most.label), url }];
  const pressed = (card?.buttons ?? []).slice(0, most.buttons).map((button) => actionOf(card?.id ?? "", button));
  const all = pressed.map((action, index): Action => (index < most.primaryButtons ? action : { ...action, mode: "secondary" }));
  return [...all, ...leading];
}
