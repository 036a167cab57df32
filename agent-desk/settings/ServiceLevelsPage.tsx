import { Pencil, Timer, Trash2 } from "lucide-preact";
import { useState } from "preact/hooks";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Button } from "../look/Button.tsx";
import { Choice, TextField } from "./fields.tsx";
import { optionsOf } from "./options.ts";
import { Page } from "./Page.tsx";
import page from "./Settings.module.css";
import { useCommandData } from "./useCommandData.ts";
import { useListed } from "./useListed.ts";

/** As `service-level.list` gives it. */
interface Level {
  priority: number;
  calendar: string;
  firstMinutes: number | null;
  nextMinutes: number | null;
  resolutionMinutes: number | null;
  warnPercent: number;
  raiseTo: number | null;
  moveTo: string | null;
}

const names = ["urgent", "high", "normal", "low"];
type Doing = { do: "edit" | "delete"; priority: number } | null;

/** What is promised to those who wait for a person, by priority. */
export function ServiceLevelsPage({ mayChange }: { mayChange: boolean }) {
  const { items: levels, wrong, doing, setDoing, close } = useListed<Level, Doing>("service-level.list", "levels");
  const { data: calendars } = useCommandData<{ key: string; name: string }>("calendar.list", "calendars");
  const levelOf = (priority: number) => levels?.find((level) => level.priority === priority);
  return (
    <Page
      about="What is promised to whoever waits for a person, in the open time of a calendar. It is warned before a promise is broken, and escalated after; while the visitor is awaited or the conversation is snoozed, it stands still."
      wrong={wrong}
      count={levels === null ? null : (calendars?.length ?? null)}
      icon={<Timer strokeWidth={1.5} />}
      empty="No calendar yet"
      emptyHint="A promise counts in open time: make a calendar first, on the page Hours."
    >
      {levels !== null && calendars !== null && calendars.length > 0 && (
        <ul class={page.rows}>
          {names.map((name, index) => {
            const level = levelOf(index + 1);
            return (
              <li key={name}>
                <span class={page.what}>
                  <b>{name.charAt(0).toUpperCase() + name.slice(1)}</b>
                  <small>{level === undefined ? "nothing is promised" : describe(level)}</small>
                </span>
                {mayChange && (
                  <Button
                    tone="plain"
                    small
                    label={`Change ${name}`}
                    command="service-level.set"
                    onClick={() => setDoing({ do: "edit", priority: index + 1 })}
                  >
                    <Pencil />
                  </Button>
                )}
                {mayChange && level !== undefined && (
                  <Button
                    tone="plain"
                    small
                    label={`Promise nothing to ${name}`}
                    command="service-level.delete"
                    onClick={() => setDoing({ do: "delete", priority: index + 1 })}
                  >
                    <Trash2 />
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {doing?.do === "edit" && (
        <LevelForm priority={doing.priority} level={levelOf(doing.priority)} calendars={calendars ?? []} onClose={close} />
      )}
      {doing?.do === "delete" && (
        <CommandDialog
          title={`Promise nothing to ${names[doing.priority - 1]} conversations?`}
          command="service-level.delete"
          args={() => ({ priority: names[doing.priority - 1] })}
          label="Delete"
          danger
          onClose={close}
        >
          {() => <p>Clocks that run are taken away. What was measured stays.</p>}
        </CommandDialog>
      )}
    </Page>
  );
}

interface FormLook {
  priority: number;
  level: Level | undefined;
  calendars: readonly { key: string; name: string }[];
  onClose: () => void;
}

function LevelForm({ priority, level, calendars, onClose }: FormLook) {
  const [values, setValues] = useState({
    calendar: level?.calendar ?? calendars[0]?.key ?? "",
    firstAnswer: written(level?.firstMinutes),
    nextAnswer: written(level?.nextMinutes),
    resolution: written(level?.resolutionMinutes),
    warnAt: `${level?.warnPercent ?? 80}`,
    raiseTo: level?.raiseTo == null ? "" : (names[level.raiseTo - 1] ?? ""),
    moveTo: level?.moveTo ?? "",
  });
  const args = () => ({
    priority: names[priority - 1],
    ...Object.fromEntries(
      Object.entries(values).flatMap(([key, value]) => (value === "" ? [] : [[key, key === "warnAt" ? Number(value) : value]])),
    ),
  });
  const field = (key: keyof typeof values, label: string, wrong: string | null, hint?: string) => ({
    id: `level-${key}`,
    label,
    wrong,
    hint,
    value: values[key],
    onInput: (value: string) => setValues({ ...values, [key]: value }),
  });
  return (
    <CommandDialog
      title={`What ${names[priority - 1]} conversations are promised`}
      command="service-level.set"
      args={args}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <Choice {...field("calendar", "Counts in the hours of", wrongOf("calendar"))} options={optionsOf(calendars)} />
          <TextField
            {...field("firstAnswer", "First answer within", wrongOf("firstAnswer"), "Like 30 min or 4 h; nothing: not promised.")}
          />
          <div class={page.two}>
            <TextField {...field("nextAnswer", "Each next answer within", wrongOf("nextAnswer"))} />
            <TextField {...field("resolution", "Resolved within", wrongOf("resolution"))} />
          </div>
          <div class={page.two}>
            <TextField {...field("warnAt", "Warn after percent of it", wrongOf("warnAt"))} />
            <Choice
              {...field("raiseTo", "After a breach, raise to", wrongOf("raiseTo"))}
              none="as it is"
              options={names.slice(0, priority - 1).map((name) => ({ value: name, label: name }))}
            />
          </div>
          <TextField {...field("moveTo", "After a breach, wait for the team (optional)", wrongOf("moveTo"), "The key of the team.")} />
        </>
      )}
    </CommandDialog>
  );
}

function written(minutes: number | null | undefined): string {
  if (minutes === null || minutes === undefined) return "";
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

function describe(level: Level): string {
  const promised = [
    ...(level.firstMinutes === null ? [] : [`first answer ${written(level.firstMinutes)}`]),
    ...(level.nextMinutes === null ? [] : [`next ${written(level.nextMinutes)}`]),
    ...(level.resolutionMinutes === null ? [] : [`resolved ${written(level.resolutionMinutes)}`]),
  ];
  const then = [...(level.raiseTo === null ? [] : [names[level.raiseTo - 1]]), ...(level.moveTo === null ? [] : [`team ${level.moveTo}`])];
  return `${promised.join(", ")} · ${level.calendar} · warned at ${level.warnPercent} %${then.length === 0 ? "" : `, then ${then.join(", ")}`}`;
}
