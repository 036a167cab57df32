import { useState } from "preact/hooks";
import type { CalendarView } from "../../src/protocol/calendar.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { TextField } from "./fields.tsx";
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
    <CommandDialog title={`A holiday of ${calendar.name}`} command="calendar.holiday-add" args={args} label="Add" onClose={onClose}>
      {(wrongOf) => (
        <>
          <TextField id="holiday-name" label="Name" wrong={wrongOf("name")} value={name} maxLength={100} onInput={setName} />
          <div class={page.two}>
            <TextField id="holiday-from" label="First day" type="date" wrong={wrongOf("from")} value={from} onInput={setFrom} />
            <TextField id="holiday-to" label="Last day (optional)" type="date" wrong={wrongOf("to")} value={to} onInput={setTo} />
          </div>
          <TextField
            id="holiday-hours"
            label="Hours (optional)"
            hint="Like 9:00-12:00 13:00-15:00. Without hours it is closed."
            wrong={wrongOf("spans")}
            value={spans}
            onInput={setSpans}
          />
        </>
      )}
    </CommandDialog>
  );
}
