import { useState } from "preact/hooks";
import { Refusal } from "../../src/protocol/refusal.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Avatar } from "../look/Avatar.tsx";
import marks from "../look/marks.module.css";
import parts from "../look/parts.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { labelOf } from "../status/presence.ts";
import styles from "./Conversation.module.css";

/** Which colleague should take part. */
export function InviteDialog({ conversation, onClose }: { conversation: string; onClose: () => void }) {
  const { colleagues, open } = useDesk();
  const { head } = open(conversation).facts.value;
  const here = new Set([head?.agent?.id, ...(head?.participants ?? []).map(({ id }) => id)]);
  const others = colleagues.value.filter(({ id }) => !here.has(id));
  const [email, setEmail] = useState("");
  const args = () => {
    if (email === "") throw new Refusal("invalid_value", "Choose a colleague.");
    return { conversation, email };
  };
  return (
    <CommandDialog
      title="Invite a colleague"
      command="conversation.invite"
      args={args}
      label="Invite"
      disabled={others.length === 0}
      onClose={onClose}
    >
      {() => (
        <>
          <p class={parts.hint}>They find it under Mine and may answer the customer too; it stays with whoever answers it.</p>
          <fieldset class={styles.choices}>
            <legend>Whom</legend>
            {others.map((colleague) => (
              <label key={colleague.id} class={styles.choice}>
                <input type="radio" name="email" checked={email === colleague.email} onChange={() => setEmail(colleague.email)} />
                <Avatar name={colleague.name} />
                <span class={styles.whom}>
                  {colleague.name}
                  <small>{colleague.email}</small>
                </span>
                <span class={`${marks.dot} ${marks[colleague.connected ? colleague.declared : "offline"]}`} aria-hidden="true" />
                <small>{colleague.connected ? labelOf(colleague.declared) : "Not connected"}</small>
              </label>
            ))}
          </fieldset>
          {others.length === 0 && <p class={parts.hint}>Every colleague takes part already.</p>}
        </>
      )}
    </CommandDialog>
  );
}
