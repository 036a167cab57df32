import { Tooltip } from "@base-ui/react/tooltip";
import type { ComponentChildren } from "preact";
import button from "./button.module.css";
import { Kbd } from "./Kbd.tsx";
import parts from "./parts.module.css";
import popups from "./popups.module.css";

interface ButtonLook {
  tone?: "primary" | "plain" | "danger" | undefined;
  small?: boolean | undefined;
  /** The name of what is only an icon; of words, where they stand more than once, which of them it is. */
  label?: string | undefined;
  disabled?: boolean | undefined;
  type?: "button" | "submit";
  id?: string;
  /** What stands in the tooltip: a sentence, the command that the button runs, the key that does the same. */
  tip?: string | undefined;
  command?: string | undefined;
  keys?: string | undefined;
  onClick?: (() => void) | undefined;
  pressed?: boolean | undefined;
  children: ComponentChildren;
}

/** A button that tells, on hover and on focus, the command behind it. */
export function Button(look: ButtonLook) {
  const plain = <PlainButton {...look} />;
  const tip = look.tip ?? look.label;
  if (tip === undefined && look.command === undefined) return plain;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger delay={400} render={plain} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className={popups.popup}>
          <Tooltip.Popup className={popups.tip}>
            {tip}
            {look.command !== undefined && <code class={parts.command}>{look.command}</code>}
            {look.keys !== undefined && <Kbd>{look.keys}</Kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

function PlainButton({ tone, small, label, disabled, type = "button", tip, command, keys, pressed, children, ...rest }: ButtonLook) {
  return (
    <button
      {...rest}
      type={type}
      class={[button.button, tone && button[tone], small && button.small, label && typeof children !== "string" && button.icon]
        .filter(Boolean)
        .join(" ")}
      aria-label={label}
      aria-pressed={pressed}
      disabled={disabled}
    >
      {children}
    </button>
  );
}
