import { useState } from "preact/hooks";
import { untilChoices } from "../commands/argumentChoices.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { nextAfter } from "./act.ts";
import styles from "./Conversation.module.css";

/** Until when it leaves the lists. */
export function SnoozeDialog({ conversation, onClose }: { conversation: string; onClose: () => void }) {
  const [chosen, setChosen] = useState("in 1 hour");
  const [written, setWritten] = useState("");
  const goOn = nextAfter(conversation);
  const args = () => ({ conversation, until: written.trim() || chosen });
  return (
    <CommandDialog title="Snooze" command="conversation.snooze" args={args} label="Snooze" onDone={goOn} onClose={onClose}>
      {(wrongOf) => (
        <>
          <p class={parts.hint}>It leaves your list and comes back then, or as soon as the customer writes.</p>
          <fieldset class={styles.choices}>
            <legend>Until</legend>
            {untilChoices.map(({ value: until, about: label }) => (
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
              aria-invalid={wrongOf("until") !== null}
              aria-describedby="snooze-wrong"
              onInput={(event) => setWritten(event.currentTarget.value)}
            />
            <Wrong id="snooze-wrong">{wrongOf("until")}</Wrong>
          </div>
        </>
      )}
    </CommandDialog>
  );
}
