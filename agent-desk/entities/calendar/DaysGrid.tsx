import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Part } from "../table/Part.tsx";
import styles from "./Calendar.module.css";
import { DayCell } from "./DayCell.tsx";
import { addDays, dayWords, type Span, turn, type Week } from "./days.ts";
import type { CalendarEntry } from "./entries.ts";

interface GridLook {
  name: string;
  span: Span;
  /** One that is in sight. */
  day: string;
  today: string;
  weeks: readonly Week[];
  entries: ReadonlyMap<string, readonly CalendarEntry[]>;
  children: (entry: CalendarEntry) => ComponentChildren;
  /** What a new one is called, and how it is begun on a day; null where this person makes none. */
  making: { label: string; onNew: (day: string) => void } | null;
  onTurn: (day: string) => void;
  onWeek: (day: string) => void;
}

/** As many as a day of a month shows; its week shows all. */
const mostOfDay = 4;
const dayStep: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Days with what is on them, a line for each week. Arrows go from day to day, Enter goes into one, and there from entry to entry; Escape leads out again. */
export function DaysGrid({ name, span, day, today, weeks, entries, children, making, onTurn, onWeek }: GridLook) {
  const box = useRef<HTMLDivElement>(null);
  const days = weeks.flat();
  const [wanted, setWanted] = useState(day);
  const active = days.includes(wanted) ? wanted : days.includes(today) ? today : day;
  // A day that wasn't in sight is there once the calendar has turned to it.
  const awaited = useRef<string | null>(null);
  useEffect(() => {
    if (awaited.current === null || !days.includes(awaited.current)) return;
    cellOf(box.current, awaited.current)?.focus();
    awaited.current = null;
  });
  const goTo = (to: string) => {
    if (days.includes(to)) return cellOf(box.current, to)?.focus();
    setWanted(to);
    awaited.current = to;
    onTurn(to);
  };
  const pressed = (event: KeyboardEvent, of: string): boolean => {
    if (event.altKey || event.ctrlKey || event.metaKey) return false;
    // Who is ahead of the page goes on from where it turns to.
    const from = awaited.current ?? of;
    const step = dayStep[event.key];
    const week = weeks.find((one) => one.includes(from));
    if (step !== undefined) goTo(addDays(from, step));
    else if (event.key === "Home") goTo(week?.[0] ?? from);
    else if (event.key === "End") goTo(week?.[6] ?? from);
    else if (event.key === "PageDown" || event.key === "PageUp") goTo(turn(span, from, event.key === "PageDown" ? 1 : -1));
    else if (event.key === "Enter") {
      const first = cellOf(box.current, from)?.querySelector<HTMLElement>("[data-entry]");
      if (first !== null && first !== undefined) first.focus();
      else making?.onNew(from);
    } else return false;
    return true;
  };
  const pressedIn = (event: KeyboardEvent, entry: HTMLElement, of: string): boolean => {
    if (event.altKey || event.ctrlKey || event.metaKey) return false;
    const cell = cellOf(box.current, of);
    const all = [...(cell?.querySelectorAll<HTMLElement>("[data-entry], [data-more]") ?? [])];
    if (event.key === "Escape") cell?.focus();
    else if (event.key === "ArrowDown") all[all.indexOf(entry) + 1]?.focus();
    else if (event.key === "ArrowUp") all[all.indexOf(entry) - 1]?.focus();
    else return false;
    return true;
  };
  return (
    <Part
      role="grid"
      box={box}
      class={styles.grid}
      data-span={span}
      aria-label={name}
      onFocusIn={({ target }) => {
        const focused = target instanceof HTMLElement ? target.closest<HTMLElement>("[data-day]")?.dataset["day"] : undefined;
        if (focused !== undefined && focused !== wanted) setWanted(focused);
      }}
      onKeyDown={(event) => {
        const { target } = event;
        if (!(target instanceof HTMLElement)) return;
        const of = target.closest<HTMLElement>("[data-day]")?.dataset["day"];
        if (of === undefined) return;
        const isDay = target.dataset["day"] !== undefined;
        const isIn = target.dataset["entry"] !== undefined || target.dataset["more"] !== undefined;
        if (!(isDay ? pressed(event, of) : isIn && pressedIn(event, target, of))) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <Part role="row" class={styles.names}>
        {(weeks[0] ?? []).map((one, place) => (
          <Part key={one} role="columnheader" aria-colindex={place + 1} aria-label={dayWords(one, { weekday: "long" })}>
            {dayWords(one, { weekday: "short" })}
          </Part>
        ))}
      </Part>
      {weeks.map((week) => (
        <Part key={week[0]} role="row" class={styles.week}>
          {week.map((one, place) => {
            const all = entries.get(one) ?? [];
            const shown = span === "month" && all.length > mostOfDay + 1 ? all.slice(0, mostOfDay) : all;
            return (
              <DayCell
                key={one}
                day={one}
                column={place + 1}
                count={all.length}
                isToday={one === today}
                isBeside={span === "month" && one.slice(0, 7) !== day.slice(0, 7)}
                isActive={one === active}
                making={making && { label: making.label, onNew: () => making.onNew(one) }}
              >
                {shown.map(children)}
                {shown.length < all.length && (
                  <button type="button" class={styles.more} data-more="" onClick={() => onWeek(one)}>
                    {(all.length - shown.length).toLocaleString()} more
                  </button>
                )}
              </DayCell>
            );
          })}
        </Part>
      ))}
    </Part>
  );
}

function cellOf(box: HTMLElement | null, day: string): HTMLElement | null {
  return box?.querySelector<HTMLElement>(`[data-day="${CSS.escape(day)}"]`) ?? null;
}
