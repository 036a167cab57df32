import { CalendarClock, CalendarPlus, Pencil, Trash2 } from "lucide-preact";
import type { CalendarView, HolidayView } from "../../src/protocol/calendar.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { untilWhen } from "../inbox/waiting.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import parts from "../look/parts.module.css";
import { CalendarForm } from "./CalendarForm.tsx";
import { DeleteDialog } from "./DeleteDialog.tsx";
import { HolidayForm } from "./HolidayForm.tsx";
import styles from "./Hours.module.css";
import { Page } from "./Page.tsx";
import { useListed } from "./useListed.ts";
import { Week } from "./Week.tsx";
import { hoursText } from "./week.ts";

type Doing =
  | { do: "edit"; calendar: CalendarView | null }
  | { do: "delete" | "holiday"; calendar: CalendarView }
  | { do: "removeHoliday"; calendar: CalendarView; holiday: HolidayView }
  | null;

/** When people work: the one place for the chat, the inboxes, the teams and the service levels. */
export function CalendarsPage({ mayChange }: { mayChange: boolean }) {
  const { items: calendars, wrong, doing, setDoing, close } = useListed<CalendarView, Doing>("calendar.list", "calendars");
  return (
    <Page
      about="When people work. Inboxes, teams and service levels keep the hours of a calendar; outside them the chat says so."
      add={
        mayChange ? { label: "New calendar", command: "calendar.create", onClick: () => setDoing({ do: "edit", calendar: null }) } : null
      }
      wrong={wrong}
      count={calendars?.length ?? null}
      icon={<CalendarClock strokeWidth={1.5} />}
      empty="No calendars yet"
      emptyHint={mayChange ? "Without one, every inbox is always open." : undefined}
    >
      {calendars?.map((calendar) => (
        <Card key={calendar.key} calendar={calendar} mayChange={mayChange} onDo={setDoing} />
      ))}
      {doing?.do === "edit" && <CalendarForm calendar={doing.calendar} onClose={close} />}
      {doing?.do === "holiday" && <HolidayForm calendar={doing.calendar} onClose={close} />}
      {doing?.do === "delete" && (
        <DeleteDialog group="calendar" noun="calendar" id={doing.calendar.key} name={doing.calendar.name} onClose={close}>
          {doing.calendar.usedBy.length === 0
            ? "Nobody keeps it. Its holidays go with it; this can't be undone."
            : `It is kept by ${doing.calendar.usedBy.join(", ")}: give them another first.`}
        </DeleteDialog>
      )}
      {doing?.do === "removeHoliday" && (
        <CommandDialog
          title={`Remove “${doing.holiday.name}”?`}
          command="calendar.holiday-remove"
          args={() => ({ calendar: doing.calendar.key, day: doing.holiday.from })}
          label="Remove"
          danger
          onClose={close}
        >
          {() => <p>The usual hours of the week are kept on {daysText(doing.holiday)} then.</p>}
        </CommandDialog>
      )}
    </Page>
  );
}

interface CardLook {
  calendar: CalendarView;
  mayChange: boolean;
  onDo: (doing: Doing) => void;
}

function Card({ calendar, mayChange, onDo }: CardLook) {
  const { key, name, timeZone, open, changesAt, usedBy, spans, holidays } = calendar;
  const until = changesAt === null ? "" : `${open ? " until" : ", opens"} ${untilWhen(changesAt)}`;
  return (
    <section class={styles.card} aria-labelledby={`calendar-${key}`}>
      <div class={styles.cardHead}>
        <h2 id={`calendar-${key}`}>{name}</h2>
        <Chip tone={open ? "good" : undefined}>{open ? "open" : "closed"}</Chip>
        <small>
          {timeZone}
          {until}
        </small>
        {mayChange && (
          <>
            <Button tone="plain" small label={`Change ${name}`} command="calendar.update" onClick={() => onDo({ do: "edit", calendar })}>
              <Pencil />
            </Button>
            <Button tone="plain" small label={`Delete ${name}`} command="calendar.delete" onClick={() => onDo({ do: "delete", calendar })}>
              <Trash2 />
            </Button>
          </>
        )}
      </div>
      <Week spans={spans} />
      <div class={styles.sub}>
        <h3>
          Holidays
          {mayChange && (
            <Button
              tone="plain"
              small
              tip={`Add a holiday to ${name}`}
              command="calendar.holiday-add"
              onClick={() => onDo({ do: "holiday", calendar })}
            >
              <CalendarPlus aria-hidden="true" /> Add
            </Button>
          )}
        </h3>
        {holidays.length === 0 && <p class={parts.hint}>None.</p>}
        <ul>
          {holidays.map((holiday) => (
            <li key={holiday.from}>
              <span>
                <b dir="auto">{holiday.name}</b> <small>{daysText(holiday)}</small>
              </span>
              <span class={holiday.spans.length === 0 ? styles.closed : styles.open}>{hoursText(holiday.spans) || "closed"}</span>
              {mayChange && (
                <Button
                  tone="plain"
                  small
                  label={`Remove ${holiday.name}`}
                  command="calendar.holiday-remove"
                  onClick={() => onDo({ do: "removeHoliday", calendar, holiday })}
                >
                  <Trash2 />
                </Button>
              )}
            </li>
          ))}
        </ul>
      </div>
      <p class={parts.hint}>
        {usedBy.length === 0 ? "Nobody keeps these hours yet: an inbox does on the page Inboxes." : `Kept by ${usedBy.join(", ")}.`}{" "}
        <span class={parts.command}>{key}</span>
      </p>
    </section>
  );
}

function daysText({ from, to }: HolidayView): string {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
  return from === to ? format.format(Date.parse(from)) : format.formatRange(Date.parse(from), Date.parse(to));
}
