import type { ComponentChildren } from "preact";
import styles from "./Calendar.module.css";
import { dayWords } from "./days.ts";
import type { CalendarEntry } from "./entries.ts";

interface ListLook {
  name: string;
  days: readonly string[];
  today: string;
  entries: ReadonlyMap<string, readonly CalendarEntry[]>;
  children: (entry: CalendarEntry) => ComponentChildren;
}

/** The days on which something is, one below the other: where a grid of seven columns has no room. */
export function DayList({ name, days, today, entries, children }: ListLook) {
  const filled = days.filter((day) => entries.has(day));
  return (
    <section class={styles.list} aria-label={name}>
      {filled.map((day) => (
        <section key={day} aria-label={dayWords(day, { dateStyle: "full" })}>
          <h3 data-today={day === today}>{dayWords(day, { weekday: "long", day: "numeric", month: "long" })}</h3>
          {entries.get(day)?.map(children)}
        </section>
      ))}
      {filled.length === 0 && <p class={styles.nothing}>Nothing is on these days.</p>}
    </section>
  );
}
