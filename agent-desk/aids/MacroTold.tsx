import { Check, X } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { Button } from "../look/Button.tsx";
import styles from "./Aids.module.css";
import { macroTold } from "./runMacro.ts";

/** Long enough to be read, and it can be put away. */
const shownMs = 12_000;

/** What a macro did. */
export function MacroTold({ conversation }: { conversation: string }) {
  const told = macroTold.value?.conversation === conversation ? macroTold.value : null;
  useEffect(() => {
    if (told === null) return;
    const timer = setTimeout(() => {
      if (macroTold.peek() === told) macroTold.value = null;
    }, shownMs);
    return () => clearTimeout(timer);
  }, [told]);
  return (
    <div role="status">
      {told !== null && (
        <p class={styles.told}>
          <Check aria-hidden="true" />
          <span>{told.text}</span>
          <Button
            tone="plain"
            small
            label="Dismiss"
            onClick={() => {
              macroTold.value = null;
            }}
          >
            <X />
          </Button>
        </p>
      )}
    </div>
  );
}
