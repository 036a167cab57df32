import { useState } from "preact/hooks";
import type { CalendarView } from "../../src/protocol/calendar.ts";
import parts from "../look/parts.module.css";
import { Labelled } from "./fields.tsx";
import { SaveDialog } from "./SaveDialog.tsx";
import page from "./Settings.module.css";

/** A day or several on which other hours are kept, or none. */
export function HolidayForm({ calendar, onClose }: { calendar: CalendarView; onClose: () => void }) {
  const [name, setName] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [spans, setSpans] = useState("");
  const args = () => ({
    calendar: calendar.key,
    from,
    name,
    ...(to === "" ? {} : { to }),
    ...(spans.trim() === "" ? {} : { spans }),
  });
  return (
    <SaveDialog title={`A holiday of ${calendar.name}`} command="calendar.holiday-add" args={args} label="Add" onClose={onClose}>
      {(wrongOf) => (
        <>
          <Labelled id="holiday-name" label="Name" wrong={wrongOf("name")}>
            <input
              id="holiday-name"
              class={parts.field}
              dir="auto"
              value={name}
              maxLength={100}
              required
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </Labelled>
          <div class={page.two}>
            <Labelled id="holiday-from" label="First day" wrong={wrongOf("from")}>
              <input
                id="holiday-from"
                class={parts.field}
                type="date"
                value={from}
                required
                onInput={(event) => setFrom(event.currentTarget.value)}
              />
            </Labelled>
            <Labelled id="holiday-to" label="Last day (optional)" wrong={wrongOf("to")}>
              <input
                id="holiday-to"
                class={parts.field}
                type="date"
                value={to}
                min={from}
                onInput={(event) => setTo(event.currentTarget.value)}
              />
            </Labelled>
          </div>
          <Labelled
            id="holiday-hours"
            label="Hours (optional)"
            hint="Like 9:00-12:00 13:00-15:00. Without hours it is closed."
            wrong={wrongOf("spans")}
          >
            <input id="holiday-hours" class={parts.field} value={spans} onInput={(event) => setSpans(event.currentTarget.value)} />
          </Labelled>
        </>
      )}
    </SaveDialog>
  );
}
