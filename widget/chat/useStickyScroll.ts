import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../../src/protocol/conversation.ts";

const nearPx = 48;

/** Follows the end while one is there; keeps its place, and counts what came, while one is not. */
export function useStickyScroll(messages: readonly Message[], pending: readonly unknown[]) {
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const seenSeq = useRef(0);
  const pendingBefore = useRef(0);
  const topBefore = useRef(0);
  const stuck = useRef(true);
  stuck.current = atEnd;
  const last = messages.at(-1)?.seq ?? 0;
  if (atEnd) seenSeq.current = last;
  const fresh = messages.reduce((count, { seq, author }) => count + Number(seq > seenSeq.current && author.kind !== "visitor"), 0);

  // Without dependencies: whatever grew (a message, the dots, a bar that leaves less room), the end stays in sight.
  useLayoutEffect(() => {
    const said = pending.length > pendingBefore.current;
    pendingBefore.current = pending.length;
    if (said || atEnd) toEnd();
  });

  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return undefined;
    // The box gets smaller when a phone's keyboard opens or the text box grows.
    const observer = new ResizeObserver(() => {
      if (stuck.current) toEnd();
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, []);

  function toEnd(): void {
    const box = scroller.current;
    if (box === null) return;
    box.scrollTop = box.scrollHeight;
    topBefore.current = box.scrollTop;
    if (!atEnd) setAtEnd(true);
  }

  function onScroll(): void {
    const box = scroller.current;
    if (box === null) return;
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx;
    // Only a hand goes up: where the box grew or shrank below, the end is followed.
    const wentUp = box.scrollTop < topBefore.current;
    topBefore.current = box.scrollTop;
    if (near || wentUp) setAtEnd(near);
  }

  return { scroller, atEnd, fresh, toEnd, onScroll };
}
