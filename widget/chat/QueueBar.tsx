import { texts } from "../texts.ts";
import type { Talk } from "./talk.ts";

export function QueueBar({ talk }: { talk: Talk }) {
  const state = talk.state.value;
  if (state?.controller !== "queue" || !state.open) return null;
  return (
    <div class="bar" role="status">
      <span class="chip accent">{texts.place(state.position)}</span>
      <span class="grow">{texts.wait(state)}</span>
      <button type="button" class="button plain" onClick={() => talk.say(texts.leaveCommand)}>
        {texts.leaveQueue}
      </button>
    </div>
  );
}
