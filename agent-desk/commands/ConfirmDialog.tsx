import type { PlanAnswer } from "../../src/protocol/commands.ts";
import { PlannedChanges } from "../answers/PlannedChanges.tsx";
import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";

/** Says what can't be taken back before it is done. */
export function ConfirmDialog({ command, plan, onEnd }: { command: string; plan: PlanAnswer; onEnd: (said: boolean) => void }) {
  return (
    <Dialog title="Do you mean it?" command={command} onClose={() => onEnd(false)}>
      <div class={popups.dialogBody}>
        <p>{plan.summary}</p>
        <PlannedChanges changes={plan.changes} />
        <p class={parts.hint}>This can't be taken back. The answer counts for a minute.</p>
      </div>
      <div class={popups.dialogFoot}>
        <Button onClick={() => onEnd(false)}>Cancel</Button>
        <Button tone="danger" onClick={() => onEnd(true)}>
          Do it
        </Button>
      </div>
    </Dialog>
  );
}
