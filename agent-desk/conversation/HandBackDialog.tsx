import { useState } from "preact/hooks";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";

/** Gives it back to the assistant, with what was agreed. */
export function HandBackDialog({ conversation, onClose }: { conversation: string; onClose: () => void }) {
  const [summary, setSummary] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      await runCommand("conversation.hand-back", { conversation, ...(summary.trim() === "" ? {} : { summary: summary.trim() }) });
      onClose();
    } catch (error) {
      setWrong(sentence(error));
      setBusy(false);
    }
  };

  return (
    <Dialog title="Hand back to the assistant" command="conversation.hand-back" onClose={onClose}>
      <form onSubmit={submit}>
        <div class={popups.dialogBody}>
          <p class={parts.hint}>The assistant answers from the next message on. It leaves your list.</p>
          <div class={parts.labelled}>
            <label for="summary">Summary (optional)</label>
            <textarea
              id="summary"
              class={parts.field}
              rows={3}
              placeholder="What was agreed, for colleagues and the assistant"
              value={summary}
              onInput={(event) => setSummary(event.currentTarget.value)}
            />
          </div>
          <Wrong>{wrong}</Wrong>
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit" disabled={busy}>
            {busy ? "Handing back…" : "Hand back"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
