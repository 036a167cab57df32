import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { BlueprintView, EntityView, Field } from "../../../src/protocol/blueprints.ts";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { phone } from "../../shell/screen.ts";
import { manyOf } from "../blueprints.ts";
import type { EntityNews } from "../entityNews.ts";
import type { EntityRows } from "../entityRows.ts";
import { titleOf } from "../fields/valueWords.ts";
import { countEntities, useFresh } from "../groups.ts";
import { Edits } from "../table/edits.ts";
import { NewsButton } from "../table/NewsButton.tsx";
import table from "../table/Table.module.css";
import { ownField, useVersions } from "../useEntityRows.ts";
import styles from "./Calendar.module.css";
import { DayList } from "./DayList.tsx";
import { DaysGrid } from "./DaysGrid.tsx";
import { dayWords, onDay, type Span, turn, type Week } from "./days.ts";
import { Entry } from "./Entry.tsx";
import { type CalendarEntry, entriesOf } from "./entries.ts";
import { MovableEntries } from "./MovableEntries.tsx";
import { MoveNotes } from "./MoveNotes.tsx";

interface CalendarLook {
  blueprint: BlueprintView;
  by: Field;
  span: Span;
  day: string;
  today: string;
  weeks: readonly Week[];
  rows: EntityRows;
  /** What `rows` are filtered by. */
  filter: object;
  news: EntityNews;
  mayMove: boolean;
  open: string | null;
  onOpen: (id: string) => void;
  /** What a new one is called, and how it is begun on a day; null where this person makes none. */
  making: { label: string; onNew: (day: string) => void } | null;
  onTurn: (day: string) => void;
  onWeek: (day: string) => void;
}

/** As many as are read; a month of which more is known is looked at through a filter, or by its weeks. */
const mostShown = 500;
const lookEveryMs = 30_000;

/** Entities on the days of one of their fields, moved from one to the other. */
export function Calendar({ blueprint, by, span, day, today, weeks, rows, filter, news, mayMove, open, onOpen, ...does }: CalendarLook) {
  const { fields, key } = blueprint;
  const versions = useVersions(blueprint, rows);
  const edits = useMemo(() => new Edits(rows), [rows]);
  const [moved, setMoved] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const shown = rows.rows.value;
  const hasMore = rows.more.value;
  useEffect(() => {
    if (hasMore && shown.length < mostShown) void rows.readMore();
  }, [rows, shown, hasMore]);
  const isCut = hasMore && shown.length >= mostShown;
  const count = useFresh(news, isCut ? JSON.stringify(filter) : null, () => countEntities(key, { filter, trashed: false }));
  // What the bus lost is found by looking.
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && void rows.look(), lookEveryMs);
    return () => clearInterval(timer);
  }, [rows]);

  const fieldIn = (entity: EntityView) => ownField(blueprint, versions, entity, by);
  const entries = entriesOf(shown, fieldIn, edits);
  const days = weeks.flat();
  // Who moves it by keys goes along, wherever it is drawn anew, until the focus is elsewhere.
  const followed = useRef<string | null>(null);
  useEffect(() => {
    if (followed.current === null) return;
    const found = box.current?.querySelector<HTMLElement>(`[data-entry="${CSS.escape(followed.current)}"]`);
    if (document.activeElement === document.body) found?.focus();
    else if (document.activeElement !== found) followed.current = null;
  });
  const move = async ({ entity, field, value, day: before }: CalendarEntry, to: string) => {
    // Keys that repeat are faster than answers.
    if (to === before || edits.stateOf(entity.id, field.key)?.state === "saving") return;
    // The calendar may have turned since it was picked up.
    rows.add(entity);
    edits.begin(entity, field);
    edits.write(onDay(field, value, to));
    await edits.commit();
    if (edits.stateOf(entity.id, field.key) !== undefined) return;
    setMoved(`${titleOf(fields, entity)} is on ${dayWords(to, { dateStyle: "full" })} now.`);
    if (!days.includes(to)) does.onTurn(to);
  };
  const entryFor = (entry: CalendarEntry) => (
    <Entry
      key={entry.entity.id}
      blueprint={blueprint}
      entry={entry}
      mayMove={mayMove}
      isOpen={open === entry.entity.id}
      onOpen={() => onOpen(entry.entity.id)}
      onMove={(to) => {
        followed.current = entry.entity.id;
        void move(entry, to);
      }}
    />
  );
  const name = `${manyOf(key)} by ${by.name}`;
  return (
    <>
      <Wrong>{rows.wrong.value}</Wrong>
      <MoveNotes fields={fields} entities={shown.map(({ entity }) => entity)} fieldIn={fieldIn} edits={edits} />
      {isCut && (
        <p class={styles.cut}>
          {`These are the first ${shown.length.toLocaleString()}${count === null ? "" : `; ${count.exact ? "" : "about "}${Math.max(0, count.count - shown.length).toLocaleString()} more are on these days`}. A filter shows others.`}
        </p>
      )}
      <p class={parts.hidden} role="status">
        {moved}
      </p>
      <div
        class={table.place}
        ref={box}
        onPointerDown={() => {
          followed.current = null;
        }}
      >
        <NewsButton rows={rows} />
        <MovableEntries
          blueprint={blueprint}
          entryOf={(id) => [...entries.values()].flat().find(({ entity }) => entity.id === id)}
          onMove={(entry, to) => void move(entry, to)}
          span={span}
          onTurn={(step) => does.onTurn(turn(span, day, step))}
        >
          {phone.value ? (
            <DayList name={name} days={days} today={today} entries={entries}>
              {entryFor}
            </DayList>
          ) : (
            <DaysGrid name={name} span={span} day={day} today={today} weeks={weeks} entries={entries} {...does}>
              {entryFor}
            </DaysGrid>
          )}
        </MovableEntries>
      </div>
    </>
  );
}
