import type { EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { titleOf, valueWords } from "../fields/valueWords.ts";
import { valueIn } from "../table/columns.ts";
import type { Edits } from "../table/edits.ts";
import styles from "./Calendar.module.css";

interface NotesLook {
  fields: readonly Field[];
  entities: readonly EntityView[];
  /** The one by whose days, as the entity has it. */
  fieldIn: (entity: EntityView) => Field | undefined;
  edits: Edits;
}

/** What couldn't be moved, and why; where somebody else was faster, this person decides. */
export function MoveNotes({ fields, entities, fieldIn, edits }: NotesLook) {
  return (
    <>
      {entities.map((entity) => {
        const field = fieldIn(entity);
        const state = field && edits.stateOf(entity.id, field.key);
        if (field === undefined || state?.state !== "failed") return null;
        const title = titleOf(fields, entity);
        const theirs = valueWords(field, valueIn(entity, field)) || "nothing";
        return (
          <div key={entity.id} class={`${parts.notice} ${styles.note}`} role="alert">
            <span class={parts.grow}>
              {state.message === null
                ? `${title}: ${entity.updatedBy} changed it to “${theirs}” meanwhile.`
                : `${title} stays where it was: ${state.message}`}
            </span>
            {state.message === null && (
              <Button small label={`Keep mine of ${title}`} onClick={() => void edits.keep(entity, field.key)}>
                {`Keep mine, ${valueWords(field, state.written)}`}
              </Button>
            )}
            <Button
              small
              label={`${state.message === null ? "Take theirs" : "I have read it"}: ${title}`}
              onClick={() => edits.discard(entity.id, field.key)}
            >
              {state.message === null ? "Take theirs" : "I have read it"}
            </Button>
          </div>
        );
      })}
    </>
  );
}
