import { signal } from "@preact/signals";
import type { ConversationItem } from "../../src/protocol/desk.ts";

/** Something that I should hear wherever I am at the desk: a transfer that came back. */
export interface Notice {
  id: number;
  conversation: string;
  text: string;
  /** Who held the conversation then; undefined where the list doesn't know it. */
  hands: string | undefined;
}

const mostShown = 5;
/** Long enough to read two lines; the same stands as a note in the conversation. */
const shownMs = 10_000;

export const notices = signal<readonly Notice[]>([]);

let count = 0;
let held = false;
const timers = new Map<number, ReturnType<typeof setTimeout>>();

export function hearNotice({ conversation, text }: Pick<Notice, "conversation" | "text">, item: ConversationItem | undefined): void {
  count += 1;
  notices.value = [{ id: count, conversation, text, hands: handsOf(item) }, ...notices.peek()].slice(0, mostShown);
  if (!held) endLater(count);
}

export function dismissNotice(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  notices.value = notices.peek().filter((notice) => notice.id !== id);
}

/** While somebody points at one or has the cursor in it, none goes; afterwards each has its whole time again. */
export function holdNotices(hold: boolean): void {
  held = hold;
  for (const { id } of notices.peek()) {
    clearTimeout(timers.get(id));
    if (!hold) endLater(id);
  }
}

/** What was told of a conversation is old once somebody else holds it. */
export function dropOldNotices(find: (conversation: string) => ConversationItem | undefined): void {
  for (const { id, conversation, hands } of notices.peek()) {
    const now = handsOf(find(conversation));
    if (hands !== undefined && now !== undefined && now !== hands) dismissNotice(id);
  }
}

function endLater(id: number): void {
  timers.set(id, setTimeout(dismissNotice, shownMs, id));
}

function handsOf(item: ConversationItem | undefined): string | undefined {
  return item && `${item.open} ${item.controller} ${item.agent?.id}`;
}
