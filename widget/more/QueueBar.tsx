import type { Talk } from "../chat/talk.ts";
import { texts } from "../texts/texts.ts";

export function QueueBar({ talk }: { talk: Talk }) {
  const state = talk.state.value;
  if (state?.controller !== "queue" || !state.open) return null;
  return (
    <div class="bar" role="status">
      <span class="chip accent">{texts.place(state.position)}</span>
      <span class="grow">{texts.wait(minutesOf(state.waitSeconds))}</span>
      <button type="button" class="button plain" onClick={() => talk.press(0, { action: "leave", label: texts.leaveLine })}>
        {texts.leaveQueue}
      </button>
    </div>
  );
}

/** Whole minutes, counted up; 0 for less than one. */
function minutesOf(seconds: number | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  return seconds < 60 ? 0 : Math.ceil(seconds / 60);
}
