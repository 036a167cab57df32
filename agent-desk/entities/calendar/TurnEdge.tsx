import { useDroppable } from "@dnd-kit/core";
import { ChevronLeft, ChevronRight } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import styles from "./Calendar.module.css";
import type { Span } from "./days.ts";

/** How long an entry is held over an edge until the calendar turns, and until it turns once more. */
const holdMs = 700;

interface EdgeLook {
  span: Span;
  step: 1 | -1;
  onTurn: () => void;
}

/** Where a drawn entry is held for the calendar to turn: it is put on a day that isn't in sight yet. */
export function TurnEdge({ span, step, onTurn }: EdgeLook) {
  const { setNodeRef, isOver } = useDroppable({ id: edgeId(span, step) });
  const turn = useRef(onTurn);
  turn.current = onTurn;
  useEffect(() => {
    if (!isOver) return;
    const timer = setInterval(() => turn.current(), holdMs);
    return () => clearInterval(timer);
  }, [isOver]);
  return (
    <div ref={setNodeRef} class={styles.edge} data-step={step} data-over={isOver} aria-hidden="true">
      {step === 1 ? <ChevronRight /> : <ChevronLeft />}
    </div>
  );
}

const words = { "1": "after", "-1": "before" } as const;

function edgeId(span: Span, step: 1 | -1): string {
  return `the ${span} ${words[step]}`;
}

/** What an edge is called that something is held over; undefined for a day. */
export function edgeWords(id: unknown): string | undefined {
  return String(id).startsWith("the ") ? String(id) : undefined;
}
