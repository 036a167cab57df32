import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import popups from "../../look/popups.module.css";
import { Choice } from "../../settings/fields.tsx";

interface MovedLook {
  /** How many are in each state that the flow leaves out; "" for none. */
  left: Readonly<Record<string, number>>;
  states: readonly string[];
  onClose: () => void;
  onMoved: (moved: Record<string, string>) => void;
}

/** Asks where entities go on whose state the flow has no more. */
export function MovedDialog({ left, states, onClose, onMoved }: MovedLook) {
  const [moved, setMoved] = useState<Record<string, string>>(() =>
    Object.fromEntries(Object.keys(left).map((state) => [state, states[0] ?? ""])),
  );
  return (
    <Dialog title="Where do they go on?" command="blueprint.update" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onMoved(moved);
        }}
      >
        <div class={popups.dialogBody}>
          <p>The flow leaves out states that some are in. They go on where you say, with a line in their history.</p>
          {Object.entries(left).map(([state, count]) => (
            <Choice
              key={state}
              id={`moved-${state}`}
              label={`${count} ${count === 1 ? "is" : "are"} ${state === "" ? "in no state" : `at ${state}`}: they become`}
              wrong={null}
              value={moved[state] ?? ""}
              options={states.map((one) => ({ value: one, label: one }))}
              onInput={(becomes) => setMoved({ ...moved, [state]: becomes })}
            />
          ))}
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit">
            Save and move them
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
