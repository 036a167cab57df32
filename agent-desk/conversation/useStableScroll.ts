import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { TimelineRow } from "./timelineRows.ts";

interface Reading {
  rows: readonly TimelineRow[];
  /** What I sent and is not confirmed: sending is followed to the end. */
  mine: number;
  atEnd: boolean;
  setAtEnd(atEnd: boolean): void;
}

interface StableScroll {
  scroller: RefObject<HTMLElement | null>;
  /** What was said below, since the reader left the end. */
  news: number;
  toEnd(): void;
  onScroll(): void;
}

/** So near to the end counts as the end. */
const nearPx = 48;

/** At the end the timeline follows what comes; elsewhere it stays, whatever is added above or below. */
export function useStableScroll({ rows, mine, atEnd, setAtEnd }: Reading): StableScroll {
  const scroller = useRef<HTMLElement>(null);
  // Not the first line: that is a day, which stays while messages are put between it and them.
  const first = rows.find(({ kind }) => kind === "said")?.key;
  const before = useRef({ height: 0, first, mine });
  const [saidWhenLeft, setSaidWhenLeft] = useState(0);
  const said = rows.filter(({ kind }) => kind === "said").length;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (atEnd || mine > before.current.mine) element.scrollTop = element.scrollHeight;
    else if (first !== before.current.first) element.scrollTop += element.scrollHeight - before.current.height;
    before.current = { height: element.scrollHeight, first, mine };
  });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || !atEnd) return;
    // The composer grows, the window shrinks, somebody types: who is at the end stays there.
    const follow = new ResizeObserver(() => {
      element.scrollTop = element.scrollHeight;
    });
    follow.observe(element);
    if (element.firstElementChild !== null) follow.observe(element.firstElementChild);
    return () => follow.disconnect();
  }, [atEnd, said > 0]);

  const onScroll = () => {
    const element = scroller.current;
    if (element === null) return;
    const end = element.scrollHeight - element.scrollTop - element.clientHeight < nearPx;
    if (end === atEnd) return;
    setAtEnd(end);
    setSaidWhenLeft(said);
  };
  const toEnd = () => {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior: calm ? "auto" : "smooth" });
  };
  return { scroller, news: atEnd ? 0 : Math.max(0, said - saidWhenLeft), toEnd, onScroll };
}
