import type { Field } from "../../../src/protocol/blueprints.ts";
import { inputTypes } from "../../look/inputTypes.ts";
import parts from "../../look/parts.module.css";
import type { Written } from "../entities.ts";
import styles from "./Fields.module.css";
import { FilesInput } from "./FilesInput.tsx";
import { fieldTypes } from "./fieldTypes.ts";
import type { InputLook } from "./inputLook.ts";
import { NamedInput } from "./NamedInput.tsx";
import { asText, fromText } from "./valueWords.ts";

/** What a value of a field is written into, by its type. */
export function FieldInput({ id, field, value, isWrong, label, describedBy, onInput }: InputLook) {
  const common = {
    id,
    "aria-invalid": isWrong,
    "aria-label": label,
    "aria-describedby": describedBy,
    "aria-required": field.required === true,
  };
  if (field.type === "boolean")
    return (
      <select
        {...common}
        class={parts.field}
        value={value === null ? "" : String(value)}
        onChange={(event) => onInput(event.currentTarget.value === "" ? null : event.currentTarget.value === "true")}
      >
        <option value="">{none}</option>
        <option value="true">Yes</option>
        <option value="false">No</option>
      </select>
    );
  if (field.type === "choice")
    return (
      <select
        {...common}
        class={parts.field}
        value={value === null ? "" : String(value)}
        onChange={(event) => onInput(event.currentTarget.value || null)}
      >
        <option value="">{none}</option>
        {choicesWith(field, value).map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    );
  if (field.type === "choices")
    return <SeveralChoices {...{ id, field, value, isWrong, describedBy, onInput }} label={label ?? field.name} />;
  if (field.type === "longText")
    return (
      <textarea
        {...common}
        class={parts.field}
        dir="auto"
        rows={3}
        value={asText(field, value)}
        onInput={(event) => onInput(fromText(field, event.currentTarget.value))}
      />
    );
  if (field.type === "file") return <FilesInput {...{ id, field, value, isWrong, label, describedBy, onInput }} />;
  if (fieldTypes[field.type].named === true) return <NamedInput {...{ id, field, value, isWrong, label, describedBy, onInput }} />;
  const isNumber = field.type === "integer" || field.type === "decimal" || field.type === "money";
  return (
    <input
      {...inputTypes[field.type === "date" ? "date" : field.type === "instant" ? "datetime" : "text"]}
      {...common}
      class={parts.field}
      dir="auto"
      inputMode={isNumber ? "decimal" : undefined}
      autoComplete="off"
      value={asText(field, value)}
      onInput={(event) => onInput(fromText(field, event.currentTarget.value))}
    />
  );
}

const none = "–";

/** One that isn't offered any more stays what it is until another is chosen. */
function choicesWith({ choices = [] }: Field, value: Written): readonly string[] {
  return typeof value === "string" && !choices.includes(value) ? [...choices, value] : choices;
}

function SeveralChoices({ id, field: { choices = [] }, value, isWrong, label, describedBy, onInput }: InputLook) {
  const chosen = new Set(Array.isArray(value) ? value : []);
  return (
    <fieldset id={id} class={styles.choices} aria-label={label} aria-describedby={describedBy} data-wrong={isWrong}>
      {choices.map((choice) => (
        <label key={choice} class={parts.ticked}>
          <input
            type="checkbox"
            checked={chosen.has(choice)}
            onChange={(event) => onInput(choices.filter((one) => (one === choice ? event.currentTarget.checked : chosen.has(one))))}
          />
          {choice}
        </label>
      ))}
    </fieldset>
  );
}
