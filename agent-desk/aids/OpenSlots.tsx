import { TriangleAlert } from "lucide-preact";
import type { RefObject } from "preact";
import { openSlots } from "../../src/protocol/slots.ts";
import styles from "./Aids.module.css";

/** The values that a canned answer asks for and nobody knows: each leads to its place. */
export function OpenSlots({ text, box }: { text: string; box: RefObject<HTMLTextAreaElement | null> }) {
  const open = openSlots(text);
  return (
    <div role="status">
      {open.length > 0 && (
        <div class={styles.open}>
          <TriangleAlert aria-hidden="true" />
          <span>{open.length === 1 ? "Still to fill in:" : `${open.length} still to fill in:`}</span>
          {open.map(({ from, to, name }) => (
            <button
              key={from}
              type="button"
              onClick={() => {
                box.current?.focus();
                box.current?.setSelectionRange(from, to);
              }}
            >
              {name}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** The text once more behind the box, with what is still to be filled in marked. */
export function MarkedSlots({ text }: { text: string }) {
  const pieces: (string | { name: string; from: number })[] = [];
  let at = 0;
  for (const { from, to } of openSlots(text)) {
    pieces.push(text.slice(at, from), { name: text.slice(from, to), from });
    at = to;
  }
  if (pieces.length === 0) return null;
  return (
    <div class={styles.behind} aria-hidden="true" dir="auto">
      {pieces.map((piece) => (typeof piece === "string" ? piece : <mark key={piece.from}>{piece.name}</mark>))}
      {text.slice(at)}
    </div>
  );
}
