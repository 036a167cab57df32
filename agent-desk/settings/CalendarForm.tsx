import { Copy, Plus, X } from "lucide-preact";
import { useState } from "preact/hooks";
import type { CalendarView, SpanView } from "../../src/protocol/calendar.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { keyFrom, TextField } from "./fields.tsx";
import styles from "./Hours.module.css";
import { dayName, spansText } from "./week.ts";

const usual: SpanView[] = [1, 2, 3, 4, 5].map((day) => ({ day, from: "09:00", to: "17:00" }));

/** A calendar's name, zone and week; what is wrong with a span stands beside it. */
export function CalendarForm({ calendar, onClose }: { calendar: CalendarView | null; onClose: () => void }) {
  const [name, setName] = useState(calendar?.name ?? "");
  const [timeZone, setTimeZone] = useState(calendar?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [spans, setSpans] = useState<SpanView[]>(calendar?.spans ?? usual);
  // By day, so that the number in an error is that of the line that is shown.
  const sorted = [1, 2, 3, 4, 5, 6, 7].flatMap((day) => spans.filter((span) => span.day === day));
  const change = (place: number, part: Partial<SpanView>) =>
    setSpans(sorted.map((span, at) => (at === place ? { ...span, ...part } : span)));
  const args = () => {
    const common = { name, timeZone, spans: spansText(sorted) };
    return calendar === null ? { key: keyFrom(name), ...common } : { calendar: calendar.key, ...common };
  };
  return (
    <CommandDialog
      title={calendar === null ? "New calendar" : "Change the calendar"}
      command={calendar === null ? "calendar.create" : "calendar.update"}
      args={args}
      onClose={onClose}
    >
      {(wrongOf) => {
        const wrongs = sorted.map((_, place) => wrongOf(`spans.${place}`));
        return (
          <>
            <TextField
              id="calendar-name"
              label="Name"
              wrong={wrongOf("name") ?? wrongOf("key")}
              value={name}
              maxLength={100}
              onInput={setName}
            />
            <TextField
              id="calendar-zone"
              label="Time zone"
              wrong={wrongOf("timeZone")}
              list="zones"
              value={timeZone}
              onInput={setTimeZone}
            />
            <datalist id="zones">
              {Intl.supportedValuesOf("timeZone").map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
            <div>
              {[1, 2, 3, 4, 5, 6, 7].map((day) => (
                <fieldset key={day} class={styles.editDay}>
                  <b>{dayName(day, "short")}</b>
                  <div>
                    {sorted.every((span) => span.day !== day) && <p class={styles.none}>closed</p>}
                    {sorted.map(
                      (span, place) =>
                        span.day === day && (
                          <div key={`${day} ${place}`} class={styles.span}>
                            <Time
                              label={`${dayName(day)}, from`}
                              value={span.from}
                              wrong={wrongs[place]}
                              onInput={(from) => change(place, { from })}
                            />
                            <span aria-hidden="true">–</span>
                            <Time
                              label={`${dayName(day)}, to`}
                              value={span.to}
                              wrong={wrongs[place]}
                              onInput={(to) => change(place, { to })}
                            />
                            <Button
                              tone="plain"
                              small
                              label={`Remove ${span.from} to ${span.to}`}
                              onClick={() => setSpans(sorted.filter((_, at) => at !== place))}
                            >
                              <X />
                            </Button>
                            <Wrong>{wrongs[place]}</Wrong>
                          </div>
                        ),
                    )}
                  </div>
                  <span>
                    <Button
                      tone="plain"
                      small
                      label={`Add hours on ${dayName(day)}`}
                      onClick={() => setSpans([...sorted, nextSpan(day, sorted)])}
                    >
                      <Plus />
                    </Button>
                    {day === 1 && (
                      <Button tone="plain" small label="The same until Friday" onClick={() => setSpans(likeMonday(sorted))}>
                        <Copy />
                      </Button>
                    )}
                  </span>
                </fieldset>
              ))}
            </div>
            <Wrong>{wrongs.some((wrong) => wrong !== null) ? null : wrongOf("spans")}</Wrong>
            <p class={parts.hint}>Hours that end before they begin run past midnight: 21:00–02:00. The whole day is 0:00–24:00.</p>
          </>
        );
      }}
    </CommandDialog>
  );
}

interface TimeLook {
  label: string;
  value: string;
  wrong: string | null | undefined;
  onInput: (value: string) => void;
}

function Time({ label, value, wrong, onInput }: TimeLook) {
  return (
    <input
      class={parts.field}
      type="text"
      aria-label={label}
      placeholder="9:00"
      value={value}
      maxLength={5}
      aria-invalid={wrong !== null && wrong !== undefined}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  );
}

function nextSpan(day: number, spans: readonly SpanView[]): SpanView {
  return spans.some((span) => span.day === day) ? { day, from: "", to: "" } : { day, from: "09:00", to: "17:00" };
}

function likeMonday(spans: readonly SpanView[]): SpanView[] {
  const monday = spans.filter(({ day }) => day === 1);
  return [...[1, 2, 3, 4, 5].flatMap((day) => monday.map((span) => ({ ...span, day }))), ...spans.filter(({ day }) => day > 5)];
}
