import type { ComponentChildren } from "preact";
import button from "./button.module.css";

/** A key, as it is printed on the keyboard. Screen readers hear the button, not its key. */
export function Kbd({ children }: { children: ComponentChildren }) {
  return (
    <span class={button.kbd} aria-hidden="true">
      {children}
    </span>
  );
}
