import { useState } from "preact/hooks";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import parts from "../look/parts.module.css";

/** Gives it back to the assistant, with what was agreed. */
export function HandBackDialog({ conversation, onClose }: { conversation: string; onClose: () => void }) {
  const [summary, setSummary] = useState("");
  return (
    <CommandDialog
      title="Hand back to the assistant"
      command="conversation.hand-back"
      args={() => ({ conversation, ...(summary.trim() === "" ? {} : { summary: summary.trim() }) })}
      label="Hand back"
      onClose={onClose}
    >
      {() => (
        <>
          <p class={parts.hint}>The assistant answers from the next message on. It leaves your list.</p>
          <div class={parts.labelled}>
            <label for="summary">Summary (optional)</label>
            <textarea
              id="summary"
              class={parts.field}
              dir="auto"
              rows={3}
              placeholder="What was agreed, for colleagues and the assistant"
              value={summary}
              onInput={(event) => setSummary(event.currentTarget.value)}
            />
          </div>
        </>
      )}
    </CommandDialog>
  );
}
