import type { Field } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import { hiddenFields } from "../../../src/protocol/shownFields.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import type { Written, WrittenValues } from "../entities.ts";
import { FieldInput } from "../fields/FieldInput.tsx";
import fieldStyles from "../fields/Fields.module.css";
import { fieldTypes, isMoment, sectionsOf } from "../fields/fieldTypes.ts";
import { ShownFiles } from "../fields/ShownFiles.tsx";
import { valueWords } from "../fields/valueWords.ts";
import styles from "./Panel.module.css";

/** What somebody else wrote into a field while this person was at it. */
export interface Conflict {
  by: string;
  theirs: Written;
}

interface FieldsLook {
  /** What the ids of its inputs begin with. */
  id: string;
  fields: readonly Field[];
  values: WrittenValues;
  /** What is wrong, by key. */
  wrong: Readonly<Record<string, string>>;
  conflicts?: Readonly<Record<string, Conflict>>;
  readOnly?: boolean;
  /** It isn't made yet: what is empty begins with the moment in which it is. */
  isNew?: boolean;
  onInput: (key: string, value: Written) => void;
  /** What stands there is this person's to overwrite. */
  onKeep?: (key: string) => void;
  onTake?: (key: string) => void;
}

/**
 * The fields of an entity, one below the other, with what is wrong and who was faster beside each; those whose condition holds for what stands in the
 * others at this moment.
 */
export function EntityFields({ id, fields, ...look }: FieldsLook) {
  const hidden = hiddenFields(fields, look.values);
  return (
    <div class={styles.fields}>
      {sectionsOf(fields.filter(({ key }) => !hidden.has(key))).map(({ section, fields: of }) =>
        section === "" ? (
          <Some key={section} id={id} fields={of} {...look} />
        ) : (
          <fieldset key={section} class={styles.heading}>
            <legend>{section}</legend>
            <Some id={id} fields={of} {...look} />
          </fieldset>
        ),
      )}
    </div>
  );
}

function Some({ id, fields, values, wrong, conflicts = {}, readOnly = false, isNew = false, onInput, onKeep, onTake }: FieldsLook) {
  return (
    <>
      {fields.map((field) => {
        const inputId = `${id}-${field.key}`;
        const value = ownValue(values, field.key) ?? null;
        const message = ownValue(wrong, field.key) ?? null;
        const conflict = ownValue(conflicts, field.key);
        const isGroup = field.type === "choices" || field.type === "file" || field.many === true;
        const isGiven = fieldTypes[field.type].given === true;
        const name = (
          <>
            {field.name}
            {field.required === true && !isGiven && !readOnly && <span class={fieldStyles.required}> (required)</span>}
          </>
        );
        if (isGiven || readOnly)
          return (
            <div key={field.id} class={parts.labelled}>
              <span class={styles.name}>{name}</span>
              <output class={styles.given}>
                {field.type === "file" && Array.isArray(value) ? (
                  <ShownFiles files={value} />
                ) : (
                  valueWords(field, value) || (field.type === "formula" ? "–" : isGiven ? "Given when it is made" : "–")
                )}
              </output>
            </div>
          );
        return (
          <div key={field.id} class={parts.labelled} data-field={field.key}>
            {isGroup ? <span class={styles.name}>{name}</span> : <label for={inputId}>{name}</label>}
            <FieldInput
              id={inputId}
              field={field}
              value={value}
              isWrong={message !== null || conflict !== undefined}
              describedBy={`${inputId}-wrong`}
              onInput={(written) => onInput(field.key, written)}
              {...(isGroup ? { label: field.name } : {})}
            />
            {isNew && value === null && isMoment(field) && (
              <p class={parts.hint}>{fieldTypes[field.type].moment?.about}, where nothing is said.</p>
            )}
            <Wrong id={`${inputId}-wrong`}>
              {conflict === undefined
                ? message
                : `${conflict.by} changed it to “${valueWords(field, conflict.theirs) || "nothing"}” meanwhile.`}
            </Wrong>
            {conflict !== undefined && (
              <div class={styles.decide}>
                <Button small label={`Keep mine of ${field.name}`} onClick={() => onKeep?.(field.key)}>
                  Keep mine
                </Button>
                <Button small label={`Take theirs of ${field.name}`} onClick={() => onTake?.(field.key)}>
                  Take theirs
                </Button>
              </div>
            )}
          </div>
        );
      })}
    </>
  );
}
