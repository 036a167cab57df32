import { useEffect, useState } from "preact/hooks";
import type { ScheduleTimeView, ScheduleView } from "../../src/protocol/schedules.ts";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { Dialog } from "../look/Dialog.tsx";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import styles from "./Later.module.css";
import { Outcome, stateTones, stateWords } from "./ScheduleOutcome.tsx";
import { inWords } from "./times.ts";

/** When a schedule runs next, and how it went at its times. */
export function ScheduleHistory({ schedule, onClose }: { schedule: ScheduleView; onClose: () => void }) {
  const [times, setTimes] = useState<ScheduleTimeView[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    runCommand("schedule.show", { schedule: schedule.id }).then(
      ({ data }) => setTimes(timesIn(data)),
      (error: unknown) => setWrong(sentence(error)),
    );
  }, [schedule.id]);
  return (
    <Dialog title={schedule.name} command="schedule.show" onClose={onClose}>
      <div class={popups.dialogBody}>
        <p>
          {schedule.words !== undefined && `${sentenceOf(schedule.words)} `}
          {schedule.next.length === 0
            ? "It is paused."
            : `Next: ${schedule.next.map((at) => inWords(at, schedule.timeZone)).join("; ")} (${schedule.timeZone}).`}
        </p>
        <Wrong>{wrong}</Wrong>
        {times === null && wrong === null && <span class={parts.skeleton} style="width: 60%" />}
        {times?.length === 0 && <p class={parts.hint}>It has not run yet.</p>}
        <ol class={styles.times}>
          {times?.map((time) => (
            <li key={time.dueAt}>
              <Chip tone={stateTones[time.state]}>{stateWords[time.state]}</Chip>
              <Outcome time={time} timeZone={schedule.timeZone} />
            </li>
          ))}
        </ol>
      </div>
      <div class={popups.dialogFoot}>
        <Button tone="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}

function timesIn(data: unknown): ScheduleTimeView[] {
  const found: unknown = typeof data === "object" && data !== null ? Reflect.get(data, "times") : undefined;
  return Array.isArray(found) ? found : [];
}

function sentenceOf(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
