import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { MessageItem } from "../../src/protocol/desk.ts";
import { go, route } from "../shell/route.ts";

interface Jumping {
  scroller: RefObject<HTMLElement | null>;
  setAtEnd(atEnd: boolean): void;
}

const shownMs = 1600;
/** Drawn above the message, for the eye to see where it is. */
const above = 20;

/** The message that the address asks for, once it is there: before drawing, so that it is among what is drawn. `hidden` counts what is not. */
export function messageAsked(messages: readonly MessageItem[], hidden: { current: number }): MessageItem | undefined {
  const { message } = route.value;
  const place = message === null ? -1 : messages.findIndex(({ seq }) => seq === message);
  if (place >= 0) hidden.current = Math.min(hidden.current, Math.max(0, place - above));
  return messages[place];
}

/** Brings the message that the address asks for into view, once, and marks it for a moment. */
export function useJump(asked: MessageItem | undefined, { scroller, setAtEnd }: Jumping): void {
  useLayoutEffect(() => {
    if (asked === undefined) return;
    // As the timeline names its rows: what this page sent keeps the key that it had before it was confirmed.
    const key = asked.clientId === undefined ? asked.id : `mine ${asked.clientId}`;
    const line = scroller.current?.querySelector(`[data-row="${CSS.escape(key)}"]`);
    if (!line) return;
    setAtEnd(false);
    line.scrollIntoView({ block: "center" });
    line.animate([{ background: "var(--accent-soft)" }, { background: "var(--accent-soft)", offset: 0.7 }, {}], shownMs);
    go({ message: null }, "replace");
  });
}
