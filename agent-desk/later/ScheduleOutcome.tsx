import type { ScheduleTimeView } from "../../src/protocol/schedules.ts";
import type { Tone } from "../look/Chip.tsx";
import { runAddress } from "../runs/runsRoute.ts";
import styles from "./Later.module.css";
import { inWords } from "./times.ts";

/** How it went at one time, with the run where there was one. */
export function Outcome({ time, timeZone }: { time: ScheduleTimeView; timeZone: string }) {
  const { dueAt, state, outcome, run } = time;
  return (
    <small class={state === "failed" || state === "uncertain" ? styles.bad : undefined}>
      <time dateTime={dueAt}>{inWords(dueAt, timeZone)}</time>: {outcome ?? "It runs."}
      {run !== null && (
        <>
          {" "}
          <a href={runAddress(run)}>The run</a>
        </>
      )}
    </small>
  );
}

export const stateWords: Record<ScheduleTimeView["state"], string> = {
  running: "runs",
  succeeded: "went well",
  waiting: "waits for approval",
  failed: "failed",
  uncertain: "not known",
};

export const stateTones: Record<ScheduleTimeView["state"], Tone> = {
  running: "accent",
  succeeded: "good",
  waiting: "warn",
  failed: "bad",
  uncertain: "warn",
};
