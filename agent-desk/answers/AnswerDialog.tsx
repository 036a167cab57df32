import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import popups from "../look/popups.module.css";
import { Answer } from "./Answer.tsx";
import { shownAnswer } from "./shownAnswer.ts";

/** What a command that was run from the bar answered, where that is more than a line. */
export function AnswerDialog() {
  const run = shownAnswer.value;
  if (run === null) return null;
  const close = () => {
    shownAnswer.value = null;
  };
  return (
    <Dialog title={run.command} wide first="answer-close" onClose={close}>
      <div class={popups.dialogBody}>
        <Answer answer={run} />
      </div>
      <div class={popups.dialogFoot}>
        <Button id="answer-close" tone="primary" onClick={close}>
          Close
        </Button>
      </div>
    </Dialog>
  );
}
