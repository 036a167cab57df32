import { useRef } from "preact/hooks";
import parts from "../../look/parts.module.css";
import { Labelled } from "../../settings/fields.tsx";
import type { Fault } from "../kind.ts";
import styles from "./Requests.module.css";

interface SlotFieldLook {
  id: string;
  label: string;
  hint?: string;
  placeholder?: string;
  many?: boolean;
  fault: Fault | null;
  value: string;
  onInput: (value: string) => void;
}

/** A text in which `{{name}}` stands out, and the character that is wrong: they are drawn behind what is typed. */
export function SlotField({ id, label, hint, placeholder, many = false, fault, value, onInput }: SlotFieldLook) {
  const behind = useRef<HTMLDivElement>(null);
  const follow = (event: { currentTarget: HTMLElement }) => {
    behind.current?.scrollTo(event.currentTarget.scrollLeft, event.currentTarget.scrollTop);
  };
  const common = {
    id,
    class: `${parts.field} ${styles.over}`,
    value,
    placeholder,
    spellcheck: false,
    autocomplete: "off",
    dir: "ltr" as const,
    "aria-invalid": fault !== null,
    "aria-describedby": `${id}-wrong`,
    onScroll: follow,
    onInput: (event: { currentTarget: HTMLElement & { value: string } }) => {
      onInput(event.currentTarget.value);
      follow(event);
    },
  };
  return (
    <Labelled id={id} label={label} hint={hint} wrong={fault?.text ?? null}>
      <div class={styles.slotField} data-many={many}>
        <div class={styles.behind} ref={behind} aria-hidden="true">
          {piecesOf(value, fault?.at).map(({ text, what }, index) => (
            <span key={index} class={what === undefined ? undefined : styles[what]}>
              {text}
            </span>
          ))}
        </div>
        {many ? <textarea {...common} rows={6} /> : <input {...common} type="text" />}
      </div>
    </Labelled>
  );
}

interface Piece {
  text: string;
  what?: "slot" | "wrongAt";
}

/** `wrongAt` is counted from 1. */
function piecesOf(value: string, wrongAt: number | undefined): Piece[] {
  const pieces = value.split(/(\{\{\s*\w+\s*\}\})/u).map((text): Piece => (text.startsWith("{{") ? { text, what: "slot" } : { text }));
  if (wrongAt === undefined) return pieces;
  let from = 0;
  return pieces.flatMap((piece) => {
    const at = wrongAt - 1 - from;
    from += piece.text.length;
    if (at < 0 || at >= piece.text.length) return [piece];
    const { text, ...rest } = piece;
    return [
      { ...rest, text: text.slice(0, at) },
      { text: text.slice(at, at + 1), what: "wrongAt" },
      { ...rest, text: text.slice(at + 1) },
    ];
  });
}
