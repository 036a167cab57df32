import { Check, Clock, Pencil } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { FieldItem, FieldValue } from "../../src/protocol/aids.ts";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import styles from "./Contact.module.css";
import { type Change, type Changeable, saveValue } from "./change.ts";

type Input = Pick<FieldItem, "type" | "choices"> | { type: "long" };

interface FactLook {
  label: string;
  /** The argument that it fills, like `phone` or `fields.plan`. */
  path: string;
  of: Changeable;
  input?: Input;
  value: FieldValue | null;
  /** How it is shown; the value itself where it is left out. */
  children?: ComponentChildren;
}

/** A value beside its name. Pressed, it is edited in its place; saved, it stands there at once, and is taken back where the server refuses. */
export function Fact({ label, path, of, input = { type: "text", choices: [] }, value, children }: FactLook) {
  const [written, setWritten] = useState<string | null>(null);
  const [expected, setExpected] = useState<{ value: FieldValue | null } | null>(null);
  const [outcome, setOutcome] = useState<(Change & { mine: FieldValue | null }) | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  // The news of the change has come, or another's.
  useEffect(() => setExpected(null), [value]);

  const save = async (next: FieldValue | null, before = value) => {
    setWritten(null);
    setOutcome(null);
    button.current?.focus();
    if ((next ?? "") === (before ?? "")) return;
    setExpected({ value: next });
    const change = await saveValue(of, path, before, next);
    if (change.kind !== "saved") setExpected(null);
    setOutcome({ ...change, mine: next });
  };
  const shown = expected === null ? value : expected.value;

  return (
    <>
      <dt>{label}</dt>
      <dd class={styles.fact}>
        {written === null ? (
          <span class={styles.value}>
            <span dir="auto" class={expected === null ? undefined : styles.saving}>
              {expected === null && children !== undefined ? children : inWords(shown)}
            </span>
            {expected !== null && <Clock aria-label="Saving" />}
            {expected === null && outcome?.kind === "saved" && <Check aria-label="Saved" />}
            <button
              ref={button}
              type="button"
              class={styles.edit}
              aria-label={`Change ${label.toLowerCase()}`}
              onClick={() => setWritten(shown === null ? "" : String(shown))}
            >
              <Pencil />
            </button>
          </span>
        ) : (
          <Editor
            label={label}
            input={input}
            written={written}
            onWrite={setWritten}
            onSave={(text) => save(writtenValue(text))}
            onCancel={() => {
              setWritten(null);
              requestAnimationFrame(() => button.current?.focus());
            }}
          />
        )}
        {outcome?.kind === "refused" && <Wrong>{outcome.text}</Wrong>}
        {outcome?.kind === "stale" && (
          <div class={styles.both} role="alert">
            <p>
              A colleague changed it to <b>{inWords(valueFrom(outcome.theirs))}</b>. Yours is <b>{inWords(outcome.mine)}</b>.
            </p>
            <Button small onClick={() => setOutcome(null)}>
              Keep theirs
            </Button>
            <Button small tone="primary" onClick={() => save(outcome.mine, valueFrom(outcome.theirs))}>
              Save mine
            </Button>
          </div>
        )}
      </dd>
    </>
  );
}

interface EditorLook {
  label: string;
  input: Input;
  written: string;
  onWrite: (text: string) => void;
  onSave: (text: string) => void;
  onCancel: () => void;
}

function Editor({ label, input, written, onWrite, onSave, onCancel }: EditorLook) {
  const place = useRef<HTMLElement | null>(null);
  useEffect(() => place.current?.focus(), []);
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    }
    if (event.key !== "Enter" || event.isComposing || (input.type === "long" && !event.ctrlKey && !event.metaKey)) return;
    event.preventDefault();
    onSave(written);
  };
  const common = {
    dir: "auto" as const,
    ref: (element: HTMLElement | null) => {
      place.current = element;
    },
    class: parts.field,
    "aria-label": label,
    value: written,
    onKeyDown: keys,
  };
  if (input.type === "choice" || input.type === "boolean") {
    const choices =
      input.type === "choice"
        ? input.choices.map((choice) => [choice, choice])
        : [
            ["true", "Yes"],
            ["false", "No"],
          ];
    return (
      <select {...common} onChange={(event) => onSave(event.currentTarget.value)} onBlur={onCancel}>
        <option value="">–</option>
        {choices.map(([choice, shown]) => (
          <option key={choice} value={choice}>
            {shown}
          </option>
        ))}
      </select>
    );
  }
  return (
    <form
      class={styles.editor}
      onSubmit={(event) => {
        event.preventDefault();
        onSave(written);
      }}
    >
      {input.type === "date" ? (
        <input {...common} type="date" onInput={(event) => onWrite(event.currentTarget.value)} />
      ) : input.type === "long" ? (
        <textarea {...common} rows={4} onInput={(event) => onWrite(event.currentTarget.value)} />
      ) : (
        <input
          {...common}
          type="text"
          inputMode={input.type === "number" ? "decimal" : "text"}
          onInput={(event) => onWrite(event.currentTarget.value)}
        />
      )}
      <span class={styles.editorFoot}>
        <Button small tone="primary" type="submit">
          Save
        </Button>
        <Button small onClick={onCancel}>
          Cancel
        </Button>
      </span>
    </form>
  );
}

function writtenValue(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === "" ? null : trimmed;
}

function valueFrom(value: unknown): FieldValue | null {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

function inWords(value: FieldValue | null): ComponentChildren {
  if (value === null || value === "") return <span class={parts.hint}>not known</span>;
  if (value === true || value === "true") return "Yes";
  if (value === false || value === "false") return "No";
  return String(value);
}
