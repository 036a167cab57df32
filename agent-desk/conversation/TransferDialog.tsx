import { Users } from "lucide-preact";
import { useState } from "preact/hooks";
import type { AgentItem } from "../../src/protocol/desk.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Avatar } from "../look/Avatar.tsx";
import marks from "../look/marks.module.css";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { labelOf } from "../status/presence.ts";
import styles from "./Conversation.module.css";

/** Where it may be told. */
function loadOf({ holding, capacity }: AgentItem): string {
  if (holding === null) return "";
  if (capacity === null) return ` · holds ${holding}`;
  return holding >= capacity ? ` · full: holds ${holding} of ${capacity}` : ` · holds ${holding} of ${capacity}`;
}

/** To whom, and what they should know. */
export function TransferDialog({ conversation, onClose }: { conversation: string; onClose: () => void }) {
  const { colleagues, conversations, teams } = useDesk();
  const item = conversations.get(conversation);
  const queued = item?.controller === "queue";
  const otherTeams = (teams.value ?? []).filter(({ id }) => id !== item?.team);
  const [to, setTo] = useState(queued ? "" : "queue");
  const [note, setNote] = useState("");
  const args = () => {
    if (to === "") throw new Refusal("invalid_value", "Choose to whom it should go.", { path: "args.to" });
    return { conversation, to, ...(note.trim() === "" ? {} : { note: note.trim() }) };
  };
  return (
    <CommandDialog title="Transfer" command="conversation.transfer" args={args} label="Transfer" onClose={onClose}>
      {(wrongOf) => (
        <>
          <fieldset class={styles.choices} aria-describedby="transfer-wrong">
            <legend>To</legend>
            {!queued && (
              <label class={styles.choice}>
                <input type="radio" name="to" value="queue" checked={to === "queue"} onChange={() => setTo("queue")} />
                <span class={styles.queueIcon}>
                  <Users aria-hidden="true" />
                </span>
                <span class={styles.whom}>
                  Back to the queue
                  <small>Whoever is free takes it</small>
                </span>
              </label>
            )}
            {otherTeams.map((team) => (
              <label key={team.id} class={styles.choice}>
                <input type="radio" name="to" value={team.id} checked={to === team.id} onChange={() => setTo(team.id)} />
                <span class={styles.queueIcon}>
                  <Users aria-hidden="true" />
                </span>
                <span class={styles.whom}>
                  {team.name}
                  <small>
                    {team.waiting === 0 ? "Nobody waits there" : `${team.waiting} wait there; this one comes first`} · {team.agents.online}{" "}
                    online
                  </small>
                </span>
              </label>
            ))}
            {colleagues.value.map((colleague) => {
              const there = colleague.connected && colleague.declared === "online";
              return (
                <label key={colleague.id} class={`${styles.choice} ${there ? "" : styles.away}`}>
                  <input
                    type="radio"
                    name="to"
                    value={colleague.email}
                    checked={to === colleague.email}
                    disabled={!there}
                    onChange={() => setTo(colleague.email)}
                  />
                  <Avatar name={colleague.name} />
                  <span class={styles.whom}>
                    {colleague.name}
                    <small>
                      {colleague.email}
                      {loadOf(colleague)}
                    </small>
                  </span>
                  <span class={`${marks.dot} ${marks[colleague.connected ? colleague.declared : "offline"]}`} aria-hidden="true" />
                  <small>{colleague.connected ? labelOf(colleague.declared) : "Not connected"}</small>
                </label>
              );
            })}
          </fieldset>
          <Wrong id="transfer-wrong">{wrongOf("to")}</Wrong>
          <p class={parts.hint}>A colleague is asked first, and may decline; until then it stays where it is.</p>
          {colleagues.value.length === 0 && <p class={parts.hint}>No colleague is known yet; the queue is always there.</p>}
          <div class={parts.labelled}>
            <label for="transfer-note">Note for whoever takes it (optional)</label>
            <textarea
              id="transfer-note"
              aria-invalid={wrongOf("note") !== null}
              aria-describedby="transfer-note-wrong"
              class={parts.field}
              dir="auto"
              rows={2}
              placeholder="What they should know; the visitor never sees it"
              value={note}
              onInput={(event) => setNote(event.currentTarget.value)}
            />
            <Wrong id="transfer-note-wrong">{wrongOf("note")}</Wrong>
          </div>
        </>
      )}
    </CommandDialog>
  );
}
