import { signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { go, route } from "../shell/route.ts";
import type { ConversationFacts, OpenConversation } from "./openConversation.ts";
import { keyOfMine } from "./timelineRows.ts";

interface Jumping {
  scroller: RefObject<HTMLElement | null>;
  /** Looks whether the end is in view. */
  onScroll(): void;
}

type Said = Pick<ConversationFacts, "messages" | "notes">;

const shownMs = 1600;
/** Drawn above what is asked for, for the eye to see where it is. */
const above = 20;

/** What the address asks for stands in this merged conversation; null or of another message: in the one on the page. */
export const askedPart = signal<{ conversation: string; message: string } | null>(null);

/** The line that the address asks for, once it is there: before drawing, so that it is among what is drawn. `hidden` counts messages that are not. */
export function lineAsked(own: Said, parts: readonly OpenConversation[], hidden: { current: number }): string | undefined {
  const wanted = route.value.message;
  if (wanted === null) return undefined;
  const elsewhere = askedPart.value?.message === wanted ? askedPart.value.conversation : null;
  if (elsewhere === null) return lineOf(own, wanted, hidden);
  const part = parts.find(({ id }) => id === elsewhere);
  const line = part && lineOf(part.facts.value, wanted, { current: 0 });
  if (part === undefined || line === undefined) return undefined;
  // What is hidden of it is told by the instants of the other: none is, then.
  hidden.current = 0;
  return line.startsWith("mine ") ? line : `${part.id} ${line}`;
}

function lineOf({ messages, notes }: Said, wanted: string, hidden: { current: number }): string | undefined {
  const note = notes.find(({ id }) => id === wanted);
  const after = note?.afterSeq;
  const place = messages.findIndex(({ id, seq }) => id === wanted || seq === after);
  if (place >= 0 || note !== undefined) hidden.current = Math.min(hidden.current, Math.max(0, place - above));
  const asked = note ?? messages[place];
  // As the timeline names its rows: what this page sent keeps the key that it had before it was confirmed.
  return asked && (asked.clientId === undefined ? asked.id : keyOfMine(asked.clientId));
}

/** Brings the line that the address asks for into view, once, and marks it for a moment. */
export function useJump(asked: string | undefined, { scroller, onScroll }: Jumping): void {
  useLayoutEffect(() => {
    if (asked === undefined) return;
    const line = scroller.current?.querySelector(`[data-row="${CSS.escape(asked)}"]`);
    if (!line) return;
    line.scrollIntoView({ block: "center" });
    onScroll();
    line.animate([{ background: "var(--accent-soft)" }, { background: "var(--accent-soft)", offset: 0.7 }, {}], shownMs);
    askedPart.value = null;
    go({ message: null }, "replace");
  });
}
