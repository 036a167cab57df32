import { Trash2 } from "lucide-preact";
import { useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../../src/client/relativeTime.ts";
import type { EntityNote, EntityView } from "../../../src/protocol/blueprints.ts";
import { allowed } from "../../commands/allowed.ts";
import { sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { now } from "../../shell/now.ts";
import { addNote, deleteNote, readNotes, useBeside } from "./around.ts";
import styles from "./Panel.module.css";

/** What colleagues know of it; not for who sees a part of it only. */
export function NotesSection({ entity }: { entity: EntityView }) {
  const [notes, setNotes] = useBeside<EntityNote>(entity, readNotes);
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const { blueprint } = entity;
  const command = `${blueprint}.add-note`;
  if (notes === null || (notes.length === 0 && !allowed.value.has(command))) return null;
  const attempt = async (act: () => Promise<readonly EntityNote[]>) => {
    try {
      setNotes(await act());
      setWrong(null);
    } catch (error) {
      setWrong(sentence(error));
    }
  };
  const add = () => {
    const said = text.trim();
    if (said === "") return;
    void attempt(async () => {
      const made = await addNote(entity, said);
      setText("");
      return [made, ...notes];
    });
  };
  return (
    <section class={styles.section} aria-label="Notes">
      <h3>
        Notes <span class={parts.hint}>{notes.length || ""}</span>
      </h3>
      {allowed.value.has(command) && (
        <form
          class={styles.noted}
          onSubmit={(event) => {
            event.preventDefault();
            add();
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
              add();
            }}
          />
          {text.trim() !== "" && (
            <Button small type="submit" command={command} keys="Ctrl Enter">
              Add the note
            </Button>
          )}
        </form>
      )}
      <Wrong>{wrong}</Wrong>
      <ol class={styles.history}>
        {notes.map(({ id, text: said, by, mine, at }) => (
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
                onClick={() =>
                  void attempt(async () => {
                    await deleteNote(entity, id);
                    return notes.filter((one) => one.id !== id);
                  })
                }
              >
                <Trash2 />
              </Button>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
