import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { RunAnswer } from "../../src/protocol/commands.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { runCommand, sentence } from "./run.ts";

interface WrongValue {
  path: string | undefined;
  text: string;
}

interface CommandDialogLook {
  title: string;
  command: string;
  /** What it is run with; a Refusal thrown here is told like one of the server's. */
  args: () => Record<string, unknown>;
  label?: string;
  danger?: boolean;
  disabled?: boolean;
  onClose: () => void;
  /** After it ran and the dialog is closed, with what it answered. */
  onDone?: (run: RunAnswer) => void;
  /** Draws the fields; what is wrong with one is told beside it by `wrongOf(argument)`. */
  children: (wrongOf: (argument: string) => string | null) => ComponentChildren;
}

/** A form over the page that runs one command and closes when it is done. */
export function CommandDialog({
  title,
  command,
  args,
  label = "Save",
  danger = false,
  disabled = false,
  onClose,
  onDone,
  children,
}: CommandDialogLook) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<WrongValue | null>(null);
  const told = new Set<string>();
  const wrongOf = (argument: string) => {
    const mine = wrong?.path === `args.${argument}` || wrong?.path?.startsWith(`args.${argument}.`) === true;
    if (mine) told.add(argument);
    return mine ? (wrong?.text ?? null) : null;
  };
  const drawn = children(wrongOf);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      // A dangerous one has just said what it does.
      const run = await runCommand(command, args(), { confirmed: danger });
      onClose();
      onDone?.(run);
    } catch (error) {
      setWrong({ path: error instanceof Refusal ? error.path : undefined, text: sentence(error) });
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} command={command} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div class={popups.dialogBody}>
          {drawn}
          <Wrong>{wrong !== null && told.size === 0 ? wrong.text : null}</Wrong>
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone={danger ? "danger" : "primary"} type="submit" disabled={busy || disabled}>
            {busy ? "One moment…" : label}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
