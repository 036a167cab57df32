import parts from "../../look/parts.module.css";
import { Labelled, TextField } from "../../settings/fields.tsx";
import type { Written } from "../entities.ts";
import { FieldInput } from "../fields/FieldInput.tsx";
import { fieldTypes } from "../fields/fieldTypes.ts";
import { asField, type MarkedField } from "./blueprintDraft.ts";
import styles from "./Editor.module.css";

interface OptionsLook {
  field: MarkedField;
  onChange: (field: MarkedField) => void;
  /** What is wrong, by the option's name. */
  wrongOf: (option: string) => string | null;
}

/** What a field takes besides its name, by its type. */
export function FieldOptions({ field, onChange, wrongOf }: OptionsLook) {
  const { options, unique, given } = fieldTypes[field.type];
  const id = (option: string) => `field-${field.mark}-${option}`;
  const set = (option: string, value: unknown) => onChange(withOption(field, option, value));
  const isTime = field.type === "date" || field.type === "instant";
  return (
    <>
      {options.includes("choices") && <ChoicesField id={id("choices")} field={field} wrong={wrongOf("choices")} onChange={onChange} />}
      <div class={styles.pair}>
        {options.includes("currency") && (
          <TextField
            id={id("currency")}
            label="Currency"
            maxLength={3}
            placeholder="EUR"
            wrong={wrongOf("currency")}
            value={field.currency ?? ""}
            onInput={(written) => set("currency", written.toUpperCase())}
          />
        )}
        {options.includes("prefix") && (
          <TextField
            id={id("prefix")}
            label="Before its number"
            maxLength={10}
            placeholder="DEL-"
            wrong={wrongOf("prefix")}
            value={field.prefix ?? ""}
            onInput={(written) => set("prefix", written)}
          />
        )}
        {options.includes("places") && (
          <TextField
            id={id("places")}
            label="Digits behind the point"
            inputMode="numeric"
            placeholder="2"
            wrong={wrongOf("places")}
            value={String(field.places ?? "")}
            onInput={(written) => set("places", wholeOr(written))}
          />
        )}
        {options.includes("maxLength") && (
          <TextField
            id={id("maxLength")}
            label="Most characters"
            inputMode="numeric"
            wrong={wrongOf("maxLength")}
            value={String(field.maxLength ?? "")}
            onInput={(written) => set("maxLength", wholeOr(written))}
          />
        )}
        {(["min", "max"] as const)
          .filter((bound) => options.includes(bound))
          .map((bound) => (
            <Labelled
              key={bound}
              id={id(bound)}
              label={isTime ? (bound === "min" ? "Not before" : "Not after") : bound === "min" ? "Least" : "Most"}
              wrong={wrongOf(bound)}
            >
              <FieldInput
                id={id(bound)}
                field={{ id: "", key: bound, name: bound, type: isTime ? field.type : "decimal" }}
                value={field[bound] ?? null}
                isWrong={wrongOf(bound) !== null}
                describedBy={`${id(bound)}-wrong`}
                onInput={(written) => set(bound, written)}
              />
            </Labelled>
          ))}
        {given !== true && field.unique !== true && (
          <DefaultField id={id("default")} field={field} wrong={wrongOf("default")} onSet={set} />
        )}
      </div>
      {given !== true && (
        <div class={styles.flags}>
          <label class={parts.ticked}>
            <input type="checkbox" checked={field.required === true} onChange={(event) => set("required", event.currentTarget.checked)} />
            Required
          </label>
          {unique && (
            <label class={parts.ticked}>
              <input type="checkbox" checked={field.unique === true} onChange={(event) => set("unique", event.currentTarget.checked)} />
              Unique: no two have the same
            </label>
          )}
        </div>
      )}
    </>
  );
}

interface DefaultLook {
  id: string;
  field: MarkedField;
  wrong: string | null;
  onSet: (option: string, value: unknown) => void;
}

function DefaultField({ id, field, wrong, onSet }: DefaultLook) {
  const moment = field.type === "instant" ? "now" : field.type === "date" ? "today" : null;
  const isMoment = moment !== null && field.default === moment;
  const value: Written = field.default ?? null;
  return (
    <Labelled id={id} label="Begins with" wrong={wrong}>
      {!isMoment && (
        <FieldInput
          id={id}
          field={{ ...asField(field), required: false }}
          value={value}
          isWrong={wrong !== null}
          label="Begins with"
          describedBy={`${id}-wrong`}
          onInput={(written) => onSet("default", written)}
        />
      )}
      {moment !== null && (
        <label class={parts.ticked}>
          <input
            {...(isMoment ? { id } : {})}
            type="checkbox"
            checked={isMoment}
            onChange={(event) => onSet("default", event.currentTarget.checked ? moment : null)}
          />
          {moment === "now" ? "The moment in which it is made" : "The day on which it is made"}
        </label>
      )}
    </Labelled>
  );
}

function ChoicesField({ id, field, wrong, onChange }: Omit<OptionsLook, "wrongOf"> & { id: string; wrong: string | null }) {
  return (
    <TextField
      id={id}
      label="Choices, one a line"
      many
      placeholder={"PENDING\nIN_PROGRESS\nDELIVERED"}
      wrong={wrong}
      value={(field.choices ?? []).join("\n")}
      onInput={(written) => onChange({ ...field, choices: written === "" ? [] : written.split("\n") })}
    />
  );
}

/** What is empty isn't there. */
function withOption(field: MarkedField, option: string, value: unknown): MarkedField {
  const { [option]: _, ...rest }: Record<string, unknown> = { ...field };
  const isEmpty = value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0);
  const isDropped = option === "unique" && value === true ? "default" : "";
  const kept = Object.fromEntries(Object.entries(rest).filter(([other]) => other !== isDropped));
  return { ...bare(field), ...kept, ...(isEmpty && !(option === "default" && value === false) ? {} : { [option]: value }) };
}

function bare({ mark, key, name, type }: MarkedField): MarkedField {
  return { mark, key, name, type };
}

function wholeOr(written: string): number | string {
  return /^\d{1,6}$/.test(written.trim()) ? Number(written) : written;
}
