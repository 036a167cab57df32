import { useState } from "preact/hooks";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { nextAfter } from "./act.ts";
import styles from "./Conversation.module.css";

const choices = [
  { until: "in 1 hour", label: "In an hour" },
  { until: "in 3 hours", label: "In three hours" },
  { until: "tomorrow 9:00", label: "Tomorrow at 9:00" },
  { until: "next monday 9:00", label: "Next Monday at 9:00" },
];

/** Until when it leaves the lists. */
export function SnoozeDialog({ conversation, onClose }: { conversation: string; onClose: () => void }) {
  const [chosen, setChosen] = useState("in 1 hour");
  const [written, setWritten] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      const goOn = nextAfter(conversation);
      await runCommand("conversation.snooze", { conversation, until: written.trim() || chosen });
      onClose();
      goOn();
    } catch (error) {
      setWrong(sentence(error));
      setBusy(false);
    }
  };

  return (
    <Dialog title="Snooze" command="conversation.snooze" onClose={onClose}>
      <form onSubmit={submit}>
        <div class={popups.dialogBody}>
          <p class={parts.hint}>It leaves your list and comes back then, or as soon as the customer writes.</p>
          <fieldset class={styles.choices}>
            <legend>Until</legend>
            {choices.map(({ until, label }) => (
              <label key={until} class={styles.choice}>
                <input
                  type="radio"
                  name="until"
                  checked={written === "" && chosen === until}
                  onChange={() => {
                    setChosen(until);
                    setWritten("");
                  }}
                />
                <span class={styles.whom}>{label}</span>
              </label>
            ))}
          </fieldset>
          <div class={parts.labelled}>
            <label for="snooze-until">Another time</label>
            <input
              id="snooze-until"
              class={parts.field}
              type="text"
              placeholder="friday 14:30, in 20 minutes"
              value={written}
              aria-invalid={wrong !== null}
              aria-describedby="snooze-wrong"
              onInput={(event) => setWritten(event.currentTarget.value)}
            />
          </div>
          <Wrong id="snooze-wrong">{wrong}</Wrong>
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit" disabled={busy}>
            {busy ? "Snoozing…" : "Snooze"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
