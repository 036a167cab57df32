import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { MessageItem, NoteItem } from "../../src/protocol/desk.ts";
import { go, route } from "../shell/route.ts";

interface Jumping {
  scroller: RefObject<HTMLElement | null>;
  /** Looks whether the end is in view. */
  onScroll(): void;
}

const shownMs = 1600;
/** Drawn above what is asked for, for the eye to see where it is. */
const above = 20;

/** What the address asks for, once it is there: before drawing, so that it is among what is drawn. `hidden` counts messages that are not. */
export function itemAsked(
  messages: readonly MessageItem[],
  notes: readonly NoteItem[],
  hidden: { current: number },
): MessageItem | NoteItem | undefined {
  const wanted = route.value.message;
  if (wanted === null) return undefined;
  const note = notes.find(({ id }) => id === wanted);
  const after = note?.afterSeq;
  const place = messages.findIndex(({ id, seq }) => id === wanted || seq === after);
  if (place >= 0 || note !== undefined) hidden.current = Math.min(hidden.current, Math.max(0, place - above));
  return note ?? messages[place];
}

/** Brings what the address asks for into view, once, and marks it for a moment. */
export function useJump(asked: MessageItem | NoteItem | undefined, { scroller, onScroll }: Jumping): void {
  useLayoutEffect(() => {
    if (asked === undefined) return;
    // As the timeline names its rows: what this page sent keeps the key that it had before it was confirmed.
    const key = asked.clientId === undefined ? asked.id : `mine ${asked.clientId}`;
    const line = scroller.current?.querySelector(`[data-row="${CSS.escape(key)}"]`);
    if (!line) return;
    line.scrollIntoView({ block: "center" });
    onScroll();
    line.animate([{ background: "var(--accent-soft)" }, { background: "var(--accent-soft)", offset: 0.7 }, {}], shownMs);
    go({ message: null }, "replace");
  });
}
