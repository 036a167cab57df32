import type { Talk } from "../chat/talk.ts";
import { more } from "../texts/more/moreTexts.ts";

export function QueueBar({ talk }: { talk: Talk }) {
  const state = talk.state.value;
  if (state?.controller !== "queue" || !state.open) return null;
  return (
    <div class="bar" role="status">
      <span class="chip accent">{more.place(state.position)}</span>
      <span class="grow">{more.wait(minutesOf(state.waitSeconds))}</span>
      <button type="button" class="button plain" onClick={() => talk.press(0, { action: "leave", label: more.leaveLine })}>
        {more.leaveQueue}
      </button>
    </div>
  );
}

/** Whole minutes, counted up; 0 for less than one. */
function minutesOf(seconds: number | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  return seconds < 60 ? 0 : Math.ceil(seconds / 60);
}
