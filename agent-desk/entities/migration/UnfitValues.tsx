import type { Field } from "../../../src/protocol/blueprints.ts";
import parts from "../../look/parts.module.css";
import type { Written } from "../entities.ts";
import { FieldInput } from "../fields/FieldInput.tsx";
import styles from "./Migration.module.css";
import type { MigrationPreview, Way } from "./migrations.ts";

interface UnfitLook {
  unfit: MigrationPreview["unfit"];
  /** Of the version that they come to. */
  fields: readonly Field[];
  way: Way;
  onWay: (way: Way) => void;
}

/** What doesn't fit, and what shall stand there instead; what was said stays in sight once it fits. */
export function UnfitValues({ unfit, fields, way, onWay }: UnfitLook) {
  return (
    <>
      {fields.map((field) => {
        const { count = 0, samples = [] } = unfit[field.key] ?? {};
        const said = Object.keys(way.replace[field.key] ?? {});
        const values = [...new Set([...said, ...samples])];
        const isMissing = (count > 0 && samples.length === 0) || Object.hasOwn(way.fill, field.key);
        if (values.length === 0 && !isMissing) return null;
        return (
          <fieldset key={field.id} class={styles.unfit}>
            <legend>{field.name}</legend>
            <p class={parts.hint}>
              {count === 0
                ? "All fit now."
                : samples.length === 0
                  ? `${count.toLocaleString()} have nothing, and it is required.`
                  : `${count.toLocaleString()} have a value that has no place here.`}
            </p>
            {values.map((value) => (
              <Instead
                key={value}
                id={`replace-${field.id}-${values.indexOf(value)}`}
                label={`${value} becomes`}
                field={field}
                value={way.replace[field.key]?.[value] ?? null}
                onInput={(written) =>
                  onWay({ ...way, replace: { ...way.replace, [field.key]: { ...way.replace[field.key], [value]: written } } })
                }
              />
            ))}
            {isMissing && (
              <Instead
                id={`fill-${field.id}`}
                label="They begin with"
                field={field}
                value={way.fill[field.key] ?? null}
                onInput={(written) => onWay({ ...way, fill: { ...way.fill, [field.key]: written } })}
              />
            )}
          </fieldset>
        );
      })}
    </>
  );
}

interface InsteadLook {
  id: string;
  label: string;
  field: Field;
  value: Written;
  onInput: (value: Written) => void;
}

function Instead({ id, label, field, value, onInput }: InsteadLook) {
  return (
    <div class={styles.instead}>
      <label for={id}>{label}</label>
      <FieldInput id={id} field={{ ...field, required: false }} value={value} isWrong={false} onInput={onInput} />
    </div>
  );
}
