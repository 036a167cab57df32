import { useState } from "preact/hooks";
import { runCommand, sentence } from "../commands/run.ts";
import { Avatar } from "../look/Avatar.tsx";
import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import marks from "../look/marks.module.css";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
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
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (email === "") return setWrong("Choose a colleague.");
    setBusy(true);
    setWrong(null);
    try {
      await runCommand("conversation.invite", { conversation, email });
      onClose();
    } catch (error) {
      setWrong(sentence(error));
      setBusy(false);
    }
  };

  return (
    <Dialog title="Invite a colleague" command="conversation.invite" onClose={onClose}>
      <form onSubmit={submit}>
        <div class={popups.dialogBody}>
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
          <Wrong>{wrong}</Wrong>
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit" disabled={busy || others.length === 0}>
            {busy ? "Inviting…" : "Invite"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
