import { AlarmClock, Coffee, Funnel, Inbox, SearchX, Users } from "lucide-preact";
import type { ViewItem } from "../../src/protocol/aids.ts";
import { Button } from "../look/Button.tsx";
import { Empty } from "../look/Empty.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { go } from "../shell/route.ts";
import { declarePresence } from "../status/presence.ts";
import type { View } from "./views.ts";

interface EmptyLook {
  view: View;
  saved: ViewItem | undefined;
  wanted: string;
  onClear: () => void;
}

/** What would stand in this view, and the first step. */
export function EmptyList({ view, saved, wanted, onClear }: EmptyLook) {
  const desk = useDesk();
  if (wanted !== "") {
    return (
      <Empty icon={<SearchX strokeWidth={1.5} />} title="Nothing found">
        <p>No conversation here has “{wanted}” in its name, its last words or its colleague.</p>
        <Button small onClick={onClear}>
          Clear the filter
        </Button>
        {view !== "all" && (
          <Button small tone="plain" onClick={() => go({ view: "all" })}>
            Look in all
          </Button>
        )}
      </Empty>
    );
  }
  if (saved !== undefined) {
    return (
      <Empty icon={<Funnel strokeWidth={1.5} />} title="Nothing fits">
        <p>Conversations appear in “{saved.name}” as soon as they fit it.</p>
      </Empty>
    );
  }
  if (view === "queue") {
    return (
      <Empty icon={<Coffee strokeWidth={1.5} />} title="Nobody waits">
        <p>Whoever asks for a person stands here, longest first.</p>
      </Empty>
    );
  }
  if (view === "snoozed") {
    return (
      <Empty icon={<AlarmClock strokeWidth={1.5} />} title="Nothing is snoozed">
        <p>What waits for a time or for its customer stands here.</p>
      </Empty>
    );
  }
  if (view === "all") {
    return (
      <Empty icon={<Users strokeWidth={1.5} />} title="No open conversations">
        <p>They appear here as soon as a visitor writes.</p>
      </Empty>
    );
  }
  const waiting = desk.counts.value.queue;
  return (
    <Empty icon={<Inbox strokeWidth={1.5} />} title="You hold no conversation">
      {desk.presence.value === "online" ? (
        <p>{waiting === 0 ? "Nobody waits right now. What you take stands here." : "Take the one that has waited longest."}</p>
      ) : (
        <>
          <p>Go online to be there for visitors. What you take stands here.</p>
          <Button
            small
            tone="primary"
            command="me.online"
            tip="Take conversations"
            onClick={() => declarePresence(desk, "online").catch(() => {})}
          >
            Go online
          </Button>
        </>
      )}
    </Empty>
  );
}
