import { Dialog as Base } from "@base-ui/react/dialog";
import type { ComponentChildren } from "preact";
import { StepUpPlace } from "../session/StepUpPlace.tsx";
import parts from "./parts.module.css";
import popups from "./popups.module.css";

interface DialogLook {
  title: string;
  /** The command that it runs. */
  command?: string;
  /** For what has columns. */
  wide?: boolean;
  /** The id of what has the focus at first, where that isn't the first thing that takes it. */
  first?: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** A modal page over the page: focus goes in, stays in, and returns; Esc and a click beside it close. */
export function Dialog({ title, command, wide = false, first, onClose, children }: DialogLook) {
  return (
    <Base.Root open onOpenChange={(open) => open || onClose()}>
      <Base.Portal>
        <Base.Backdrop className={popups.backdrop} />
        <Base.Popup
          className={wide ? `${popups.dialog} ${popups.wide}` : popups.dialog}
          {...(first === undefined ? {} : { initialFocus: () => document.getElementById(first) })}
        >
          <div class={popups.dialogHead}>
            <Base.Title>{title}</Base.Title>
            {command !== undefined && <span class={parts.command}>{command}</span>}
          </div>
          {children}
          <StepUpPlace />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
