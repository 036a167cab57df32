import { useEffect, useState } from "preact/hooks";
import type { ArgSchema, CommandListing } from "../../src/protocol/commands.ts";
import type { ScheduleAnswer, ScheduleView } from "../../src/protocol/schedules.ts";
import { argumentLabel, argumentValue } from "../commands/argumentFields.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { listCommands, sentence } from "../commands/run.ts";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { Choice, NameField, TextField } from "../settings/fields.tsx";

const ways = [
  { value: "mail", label: "Mail it" },
  { value: "notice", label: "Tell it to people of the desk" },
  { value: "note", label: "Write it as a note in a conversation" },
  { value: "nothing", label: "Nothing: it stands with the run" },
];

const usualTimes = [
  "every weekday at 09:00",
  "every day at 18:00",
  "every monday at 8:00",
  "every month on the 1st at 8:00",
  "on the last day of every month at 17:00",
  "every hour",
];

/** What runs, when, and what is done with what it answers. */
export function ScheduleForm({ schedule, onClose }: { schedule: ScheduleView | null; onClose: () => void }) {
  const [commands, setCommands] = useState<CommandListing[] | null>(null);
  const [unread, setUnread] = useState<string | null>(null);
  const [name, setName] = useState(schedule?.name ?? "");
  const [operation, setOperation] = useState(schedule?.operation ?? "");
  const [values, setValues] = useState(() => writtenOf(schedule?.args ?? {}));
  const [when, setWhen] = useState(schedule?.when ?? "");
  const [timeZone, setTimeZone] = useState(schedule?.timeZone ?? "");
  const [by, setBy] = useState<string>(schedule?.answer.by ?? "mail");
  const [to, setTo] = useState(schedule !== null && "to" in schedule.answer ? schedule.answer.to.join("\n") : "");
  const [conversation, setConversation] = useState(schedule?.answer.by === "note" ? schedule.answer.conversation : "");
  const [onlyRows, setOnlyRows] = useState(schedule?.onlyRows ?? true);
  useEffect(() => {
    listCommands().then(
      (found) => setCommands(found.filter(({ source, risk }) => source === "operation" && risk !== "destructive")),
      (error: unknown) => setUnread(sentence(error)),
    );
  }, []);
  const chosen = commands?.find((command) => command.name === operation);
  const fields = Object.entries(chosen?.args.properties ?? {});
  const known = (commands ?? []).map((command) => command.name);
  const offered = operation === "" || known.includes(operation) ? known : [...known, operation];
  return (
    <CommandDialog
      title={schedule === null ? "New schedule" : "Change the schedule"}
      command={schedule === null ? "schedule.create" : "schedule.update"}
      args={() => ({
        ...(schedule === null ? {} : { schedule: schedule.id, version: schedule.version }),
        name,
        operation,
        args: chosen === undefined ? (schedule?.args ?? {}) : argsOf(fields, values),
        when,
        ...(timeZone.trim() === "" ? {} : { timeZone }),
        answer: answerOf(by, to, conversation),
        onlyRows,
      })}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <Wrong>{unread}</Wrong>
          <NameField value={name} wrong={wrongOf("name")} onInput={setName} />
          <Choice
            id="schedule-operation"
            label="Operation"
            hint={commands?.length === 0 ? "There is none yet that is published and that you may run." : chosen?.summary}
            wrong={wrongOf("operation")}
            value={operation}
            none={commands === null ? "…" : "Choose an operation"}
            options={offered.map((each) => ({ value: each, label: each }))}
            onInput={setOperation}
          />
          {fields.map(([key, schema]) => (
            <Argument
              key={key}
              name={key}
              schema={schema}
              required={chosen?.args.required?.includes(key) === true}
              wrong={wrongOf(`args.${key}`)}
              value={values[key] ?? ""}
              onInput={(value) => setValues({ ...values, [key]: value })}
            />
          ))}
          <TextField
            id="schedule-when"
            label="When"
            placeholder="every weekday at 09:00"
            hint="Or every hour, every monday at 8:00, every month on the 1st at 8:00, or five cron fields. Every five minutes at most."
            list="schedule-times"
            wrong={wrongOf("when")}
            value={when}
            onInput={setWhen}
          />
          <datalist id="schedule-times">
            {usualTimes.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
          <TextField
            id="schedule-zone"
            label="Time zone"
            placeholder="The workspace's"
            hint="Like Europe/Lisbon. Summer and winter time are heeded."
            wrong={wrongOf("timeZone")}
            value={timeZone}
            onInput={setTimeZone}
          />
          <Choice
            id="schedule-by"
            label="What is done with its answer"
            wrong={wrongOf("answer.by")}
            value={by}
            options={ways}
            onInput={setBy}
          />
          {(by === "mail" || by === "notice") && (
            <TextField
              id="schedule-to"
              label="To, one a line"
              many
              hint={by === "mail" ? "Mail addresses, team:support or role:admin." : "Addresses of colleagues, team:support or role:admin."}
              wrong={wrongOf("answer.to")}
              value={to}
              onInput={setTo}
            />
          )}
          {by === "note" && (
            <TextField
              id="schedule-conversation"
              label="Conversation"
              hint="Its id, as it stands in its address."
              wrong={wrongOf("answer.conversation")}
              value={conversation}
              onInput={setConversation}
            />
          )}
          {by !== "nothing" && (
            <label class={parts.ticked}>
              <input type="checkbox" checked={onlyRows} onChange={(event) => setOnlyRows(event.currentTarget.checked)} />
              Only where there are rows
            </label>
          )}
          {schedule !== null && <p class={parts.hint}>From the save on it runs as you, and at the new time.</p>}
        </>
      )}
    </CommandDialog>
  );
}

interface ArgumentLook {
  name: string;
  schema: ArgSchema;
  required: boolean;
  wrong: string | null;
  value: string;
  onInput: (value: string) => void;
}

function Argument({ name, schema, required, wrong, value, onInput }: ArgumentLook) {
  const label = `${schema.description ?? argumentLabel(name)}${required ? "" : " (optional)"}`;
  const look = { id: `schedule-args-${name}`, label, wrong, value, onInput };
  const options = schema.type === "boolean" ? ["true", "false"] : schema.enum?.map(String);
  if (options !== undefined) return <Choice {...look} none="Choose…" options={options.map((each) => ({ value: each, label: each }))} />;
  return schema.type === "array" ? <TextField {...look} hint="Several with commas." /> : <TextField {...look} />;
}

function argsOf(fields: readonly [string, ArgSchema][], values: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(([key, schema]) => {
      const written = values[key] ?? "";
      if (written.trim() === "") return [];
      return [[key, schema.type === "array" ? linesOf(written.replaceAll(",", "\n")) : argumentValue(schema, written)]];
    }),
  );
}

function writtenOf(args: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(args).map(([key, value]) => [key, Array.isArray(value) ? value.join(", ") : String(value)]));
}

function answerOf(by: string, to: string, conversation: string): ScheduleAnswer {
  if (by === "note") return { by, conversation: conversation.trim() };
  return by === "mail" || by === "notice" ? { by, to: linesOf(to) } : { by: "nothing" };
}

function linesOf(written: string): string[] {
  return written
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
