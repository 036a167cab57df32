import { CalendarClock, Pencil } from "lucide-preact";
import { useState } from "preact/hooks";
import type { ScheduleView } from "../../src/protocol/schedules.ts";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { ItemMenu } from "../look/ItemMenu.tsx";
import { DeleteDialog } from "../settings/DeleteDialog.tsx";
import { Page } from "../settings/Page.tsx";
import settings from "../settings/Settings.module.css";
import { useCommandData } from "../settings/useCommandData.ts";
import { useDesk } from "../shell/deskContext.ts";
import styles from "./Later.module.css";
import { ScheduleForm } from "./ScheduleForm.tsx";
import { ScheduleHistory } from "./ScheduleHistory.tsx";
import { Outcome, stateTones, stateWords } from "./ScheduleOutcome.tsx";
import { inWords } from "./times.ts";

type Doing = { do: "edit"; schedule: ScheduleView | null } | { do: "history" | "delete"; schedule: ScheduleView } | null;

/** Operations that run by themselves: when each runs next, and how it went the last time. */
export function SchedulesPage() {
  const { data: schedules, wrong, again } = useCommandData<ScheduleView>("schedule.list", "schedules");
  const [doing, setDoing] = useState<Doing>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const close = () => {
    setDoing(null);
    again();
  };
  const run = (command: string, { id }: ScheduleView) =>
    runCommand(command, { schedule: id }).then(
      () => {
        setRefused(null);
        again();
      },
      (error: unknown) => setRefused(sentence(error)),
    );
  return (
    <>
      <Page
        about="Operations that run by themselves, as whoever scheduled them. Their answer goes to people or into a conversation; a time that was missed is made up once."
        wrong={wrong ?? refused}
        add={{ label: "New schedule", command: "schedule.create", onClick: () => setDoing({ do: "edit", schedule: null }) }}
        count={schedules?.length ?? null}
        icon={<CalendarClock strokeWidth={1.5} />}
        empty="No schedules yet"
        emptyHint="A query every morning, by mail to the team: choose a published operation and say when."
      >
        <ul class={settings.rows}>
          {schedules?.map((schedule) => (
            <Row
              key={schedule.id}
              schedule={schedule}
              onEdit={() => setDoing({ do: "edit", schedule })}
              items={[
                { label: "How it went", command: "schedule.show", onClick: () => setDoing({ do: "history", schedule }) },
                schedule.state === "active"
                  ? { label: "Pause", command: "schedule.pause", onClick: () => void run("schedule.pause", schedule) }
                  : { label: "Resume", command: "schedule.resume", onClick: () => void run("schedule.resume", schedule) },
                { label: "Delete", command: "schedule.delete", onClick: () => setDoing({ do: "delete", schedule }) },
              ]}
            />
          ))}
        </ul>
      </Page>
      {doing?.do === "edit" && <ScheduleForm schedule={doing.schedule} onClose={close} />}
      {doing?.do === "history" && <ScheduleHistory schedule={doing.schedule} onClose={close} />}
      {doing?.do === "delete" && (
        <DeleteDialog group="schedule" noun="schedule" id={doing.schedule.id} name={doing.schedule.name} onClose={close}>
          It runs no more, and how it went is forgotten. Its runs stay.
        </DeleteDialog>
      )}
    </>
  );
}

interface RowLook {
  schedule: ScheduleView;
  onEdit: () => void;
  items: Parameters<typeof ItemMenu>[0]["items"];
}

function Row({ schedule, onEdit, items }: RowLook) {
  const { account } = useDesk();
  const { name, operation, when, words, timeZone, next, last, state, reason, owner } = schedule;
  const [first] = next;
  return (
    <li class={styles.row}>
      <span class={settings.what}>
        <b dir="auto">{name}</b>
        <small>
          {operation}, {words === undefined ? when : `${words} (${when})`}
          {first !== undefined && (
            <>
              {" · next "}
              <time dateTime={first} title={next.map((at) => inWords(at, timeZone)).join("\n")}>
                {inWords(first, timeZone)}
              </time>{" "}
              {timeZone}
            </>
          )}
        </small>
        {reason !== null && <small class={styles.bad}>{reason}</small>}
        {reason === null && last !== null && <Outcome time={last} timeZone={timeZone} />}
      </span>
      {owner.id !== account.id && <Chip>as {owner.name}</Chip>}
      {state === "paused" ? (
        <Chip tone="warn">paused</Chip>
      ) : (
        last !== null && <Chip tone={stateTones[last.state]}>{stateWords[last.state]}</Chip>
      )}
      <Button tone="plain" small label={`Change ${name}`} command="schedule.update" onClick={onEdit}>
        <Pencil />
      </Button>
      <ItemMenu label={`What else can be done with ${name}`} items={items} />
    </li>
  );
}
