import { Trash2 } from "lucide-preact";
import { useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../../src/client/relativeTime.ts";
import type { EntityView } from "../../../src/protocol/blueprints.ts";
import { allowed } from "../../commands/allowed.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { now } from "../../shell/now.ts";
import { useNotes } from "./notes.ts";
import styles from "./Panel.module.css";

/** What colleagues know of it; not for who sees a part of it only. */
export function NotesSection({ entity }: { entity: EntityView }) {
  const notes = useNotes(entity);
  const [text, setText] = useState("");
  const { blueprint } = entity;
  const command = `${blueprint}.add-note`;
  if (notes === null || (notes.items.length === 0 && !allowed.value.has(command))) return null;
  const add = async () => {
    const said = text.trim();
    if (said === "" || !(await notes.add(said))) return;
    // What was written on meanwhile stays.
    setText((now) => (now.trim() === said ? "" : now));
  };
  return (
    <section class={styles.section} aria-label="Notes">
      <h3>
        Notes{" "}
        <span class={parts.hint}>
          {notes.items.length || ""}
          {notes.nextCursor !== null && "+"}
        </span>
      </h3>
      {allowed.value.has(command) && (
        <form
          class={styles.noted}
          onSubmit={(event) => {
            event.preventDefault();
            void add();
          }}
        >
          <textarea
            class={parts.field}
            rows={2}
            maxLength={10_000}
            aria-label="A note for colleagues"
            placeholder="A note for colleagues"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              void add();
            }}
          />
          {text.trim() !== "" && (
            <Button small type="submit" disabled={notes.isSaving} command={command} keys="Ctrl Enter">
              Add the note
            </Button>
          )}
        </form>
      )}
      <Wrong>{notes.wrong}</Wrong>
      <ol class={styles.history}>
        {notes.items.map(({ id, text: said, by, mine, at }) => (
          <li key={id}>
            <p class={styles.note} dir="auto">
              {said}
            </p>
            <span class={parts.hint}>
              {by},{" "}
              <time dateTime={at} title={exactTime(at)}>
                {relativeTime(at, now.value)}
              </time>
            </span>
            {(mine || allowed.value.has("blueprint.update")) && (
              <Button
                small
                tone="plain"
                label={`Delete the note: ${said.slice(0, 40)}`}
                command={`${blueprint}.delete-note`}
                onClick={() => void notes.remove(id)}
              >
                <Trash2 />
              </Button>
            )}
          </li>
        ))}
      </ol>
      {notes.nextCursor !== null && (
        <Button small tone="plain" onClick={() => void notes.readOlder()}>
          Show older notes
        </Button>
      )}
    </section>
  );
}
