import styles from "./Message.module.css";

interface SlotLook {
  /** Names with dots: `row.name`. */
  slots: readonly string[];
  /** The id of the text's field. */
  field: string;
  onInsert: (text: string) => void;
}

/** What a text may name: a press writes it where the cursor stands, and the cursor goes behind it. */
export function SlotButtons({ slots, field, onInsert }: SlotLook) {
  const insert = (slot: string) => {
    const text = document.getElementById(field);
    if (!(text instanceof HTMLTextAreaElement)) return;
    const written = `{{${slot}}}`;
    const { value, selectionStart, selectionEnd } = text;
    onInsert(`${value.slice(0, selectionStart)}${written}${value.slice(selectionEnd)}`);
    requestAnimationFrame(() => {
      text.focus();
      text.setSelectionRange(selectionStart + written.length, selectionStart + written.length);
    });
  };
  return (
    <fieldset class={styles.slots} aria-label="Write into the text">
      {slots.map((slot) => (
        <button key={slot} type="button" onClick={() => insert(slot)}>
          {`{{${slot}}}`}
        </button>
      ))}
    </fieldset>
  );
}
