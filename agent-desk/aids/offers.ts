import type { CannedItem, MacroItem } from "../../src/protocol/aids.ts";
import { versionFor } from "../../src/protocol/slots.ts";
import { fold } from "./fold.ts";

/** What `/` and some letters offer: a canned answer to insert, or a macro to run. */
export type Offer = { kind: "canned"; item: CannedItem; text: string } | { kind: "macro"; item: MacroItem; text: string };

/** `/` and what was typed behind it, right before the cursor; at the beginning or after a space, so that an address stays one. */
export function slashBefore(text: string, cursor: number): { from: number; word: string } | null {
  const match = /(?:^|\s)\/([\p{L}\p{N}_-]*)$/u.exec(text.slice(0, cursor));
  return match === null ? null : { from: cursor - (match[1]?.length ?? 0) - 1, word: match[1] ?? "" };
}

/** What a key means to the list above the composer: `wait` until there is something to choose from; undefined where it isn't for the list. */
export type KeyMeaning = "down" | "up" | "take" | "wait" | "leave" | undefined;

/**
 * `asked`: a `/` stands before the cursor. While the answers and macros aren't known, Enter waits for them: `/hours` must not go to the
 * customer as it stands, nor an action be taken in place of an answer that is still on its way.
 */
export function meaningOf(
  { key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">,
  { asked, known, offers }: { asked: boolean; known: boolean; offers: number },
): KeyMeaning {
  const takes = (key === "Enter" && !shiftKey) || key === "Tab";
  if (asked && !known && takes) return "wait";
  if (offers === 0) return undefined;
  if (takes) return "take";
  if (key === "ArrowDown") return "down";
  if (key === "ArrowUp") return "up";
  return key === "Escape" ? "leave" : undefined;
}

/** Those whose name begins with it, then those that have it in their name or text; of one's own team and everyone's. At most `limit`. */
export function offersFor(
  word: string,
  {
    canned,
    macros,
    team,
    languages,
  }: { canned: readonly CannedItem[]; macros: readonly MacroItem[]; team: string; languages: (string | null)[] },
  limit = 8,
): Offer[] {
  const wanted = fold(word);
  const usable = ({ owner }: { owner: string }) => !owner.startsWith("team:") || owner === `team:${team}`;
  const offers: Offer[] = [
    ...canned.filter(usable).map((item): Offer => ({ kind: "canned", item, text: versionFor(item.texts, languages) })),
    ...macros.filter(usable).map((item): Offer => ({ kind: "macro", item, text: "" })),
  ];
  const rank = ({ item, text }: Offer) => {
    const name = fold(item.name);
    if (name.startsWith(wanted)) return 0;
    if (name.includes(wanted)) return 1;
    return fold(text).includes(wanted) ? 2 : 3;
  };
  return offers
    .map((offer) => ({ offer, rank: rank(offer) }))
    .filter((each) => each.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map(({ offer }) => offer);
}
