import { useDroppable } from "@dnd-kit/core";
import { Plus } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { Part } from "../table/Part.tsx";
import styles from "./Calendar.module.css";
import { dayWords } from "./days.ts";

interface DayLook {
  day: string;
  column: number;
  /** How many entries it has. */
  count: number;
  isToday: boolean;
  /** Of another month than the one that is shown. */
  isBeside: boolean;
  isActive: boolean;
  /** What a new one is called, and how it is begun; null where this person makes none. */
  making: { label: string; onNew: () => void } | null;
  children: ComponentChildren;
}

export function DayCell({ day, column, count, isToday, isBeside, isActive, making, children }: DayLook) {
  const { setNodeRef, isOver } = useDroppable({ id: day });
  const name = dayWords(day, { dateStyle: "full" });
  return (
    <Part
      role="gridcell"
      box={setNodeRef}
      aria-colindex={column}
      aria-label={count === 0 ? name : `${name}: ${count.toLocaleString()}`}
      aria-current={isToday ? "date" : undefined}
      tabIndex={isActive ? 0 : -1}
      data-day={day}
      data-over={isOver}
      data-beside={isBeside}
      class={styles.day}
    >
      <div class={styles.dayHead} aria-hidden="true">
        <span>{dayWords(day, day.endsWith("-01") ? { day: "numeric", month: "short" } : { day: "numeric" })}</span>
      </div>
      {making !== null && (
        <button type="button" tabIndex={-1} class={styles.add} aria-label={`${making.label} on ${name}`} onClick={making.onNew}>
          <Plus aria-hidden="true" />
        </button>
      )}
      {children}
    </Part>
  );
}
