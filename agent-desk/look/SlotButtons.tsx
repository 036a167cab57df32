import type { ComponentChildren } from "preact";
import styles from "./SlotButtons.module.css";

interface SlotLook {
  /** As they are written: `{{row.name}}`. */
  slots: readonly string[];
  /** What a press does with the slot, as it is written. */
  onChoose: (slot: string) => void;
  /** What there is to know of them. */
  children?: ComponentChildren;
}

/** What a text may name: a press writes it there. */
export function SlotButtons({ slots, onChoose, children }: SlotLook) {
  return (
    <fieldset class={styles.slots} aria-label="Write into the text">
      {slots.map((slot) => (
        <button key={slot} type="button" onClick={() => onChoose(slot)}>
          {slot}
        </button>
      ))}
      {children}
    </fieldset>
  );
}

/** The field's text with the slot where the cursor stands, which goes behind it; at its end where it has none. */
export function insertSlot(field: HTMLElement | null, text: string, slot: string): string {
  const written = field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement ? field : null;
  const [from, to] = [written?.selectionStart ?? text.length, written?.selectionEnd ?? text.length];
  requestAnimationFrame(() => {
    written?.focus();
    written?.setSelectionRange(from + slot.length, from + slot.length);
  });
  return `${text.slice(0, from)}${slot}${text.slice(to)}`;
}
