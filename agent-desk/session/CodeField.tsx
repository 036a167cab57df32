import type { Ref } from "preact";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import styles from "./SecondFactor.module.css";

interface CodeFieldLook {
  id: string;
  field: Ref<HTMLInputElement>;
  wrong: string | null;
  /** A recovery code is longer, and has letters. */
  kind?: "time" | "recovery";
  label?: string;
  hint?: string;
}

/** Where a code is written: phones show digits for it, and offer what they have. */
export function CodeField({ id, field, wrong, kind = "time", label, hint }: CodeFieldLook) {
  const recovery = kind === "recovery";
  return (
    <div class={parts.labelled}>
      <label for={id}>{label ?? (recovery ? "Recovery code" : "Code of your authenticator")}</label>
      <input
        ref={field}
        id={id}
        class={`${parts.field} ${styles.code}`}
        type="text"
        inputMode={recovery ? "text" : "numeric"}
        autocomplete={recovery ? "off" : "one-time-code"}
        autocapitalize="characters"
        spellcheck={false}
        maxLength={60}
        placeholder={recovery ? "ABCDEF-GHIJKL-MNOPQR-STUVWX" : "123456"}
        aria-invalid={wrong !== null}
        aria-describedby={`${id}-wrong ${id}-hint`}
      />
      {hint !== undefined && (
        <small id={`${id}-hint`} class={parts.hint}>
          {hint}
        </small>
      )}
      <Wrong id={`${id}-wrong`}>{wrong}</Wrong>
    </div>
  );
}
