import { useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { InboxView } from "../../src/protocol/inbox.ts";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { useCommandData } from "../settings/useCommandData.ts";
import styles from "./Channels.module.css";
import type { Doing, RoomView, WorkspaceView } from "./channels.ts";

interface WorkspaceRowLook {
  workspace: WorkspaceView;
  rooms: readonly RoomView[];
  onDo: (doing: Doing) => void;
  onChanged: () => void;
}

/** A connected workspace: how it is, where what is said there goes, and what can be done with it. */
export function WorkspaceRow({ workspace, rooms, onDo, onChanged }: WorkspaceRowLook) {
  const { name, inbox, state, problem, heardAt, sentAt, heldUntil } = workspace;
  const { data: inboxes } = useCommandData<InboxView>("inbox.list", "inboxes");
  const [told, setTold] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const run = (command: string, args: Record<string, unknown>) => {
    setTold(null);
    setWrong(null);
    runCommand(command, { workspace: workspace.id, ...args }).then(
      ({ messages }) => {
        setTold(messages.map(({ text }) => text).join(" "));
        onChanged();
      },
      (error: unknown) => setWrong(sentence(error)),
    );
  };
  const isHeld = heldUntil !== null && Date.parse(heldUntil) > Date.now();
  return (
    <li>
      <h3>
        <span dir="auto">{name}</span>
        <Chip tone={state === "live" ? "good" : "bad"}>{state === "live" ? "Works" : "Broken"}</Chip>
        {isHeld && <Chip tone="warn">Waits until {new Date(heldUntil).toLocaleTimeString()}</Chip>}
      </h3>
      <p>
        Begins in {inboxes?.find(({ id }) => id === inbox)?.name ?? "its inbox"} · <Moment what="heard" at={heardAt} /> ·{" "}
        <Moment what="written to" at={sentAt} />
      </p>
      {rooms.length > 0 && (
        <ul aria-label={`Rooms of teams in ${name}`}>
          {rooms.map(({ team, room, name: called }) => (
            <li key={team}>
              <span>
                {team} answers in <span dir="auto">#{called}</span>
              </span>
              <span class={styles.actions}>
                <Button
                  small
                  tone="plain"
                  label={`Send a test message to the room of ${team}`}
                  command="channel.test"
                  onClick={() => run("channel.test", { room })}
                >
                  Test
                </Button>
                <Button
                  small
                  tone="plain"
                  label={`Take the room of ${team} away`}
                  command="channel.room"
                  onClick={() => run("channel.room", { team, room: "none" })}
                >
                  Take it away
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      <Wrong>{wrong ?? (state === "broken" && told === null ? problem : null)}</Wrong>
      <p role="status">{told}</p>
      <div class={styles.actions}>
        <Button small label={`Test ${name}`} command="channel.test" onClick={() => run("channel.test", {})}>
          Test
        </Button>
        <Button small label={`Choose the inbox of ${name}`} command="channel.inbox" onClick={() => onDo({ do: "inbox", workspace })}>
          Inbox…
        </Button>
        <Button small label={`Give a team a room in ${name}`} command="channel.room" onClick={() => onDo({ do: "room", workspace })}>
          Room of a team…
        </Button>
        <Button small label={`Disconnect ${name}`} command="channel.disconnect" onClick={() => onDo({ do: "disconnect", workspace })}>
          Disconnect…
        </Button>
      </div>
    </li>
  );
}

function Moment({ what, at }: { what: string; at: string | null }) {
  return at === null ? <span>never {what}</span> : <span title={exactTime(at)}>{`${what} ${relativeTime(at, Date.now())}`}</span>;
}
