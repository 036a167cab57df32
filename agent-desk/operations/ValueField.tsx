import type { Parameter } from "../../src/protocol/operations.ts";
import { FileInput } from "../commands/FileInput.tsx";
import { offeredFor } from "../commands/offeredChoices.ts";
import { SearchedInput } from "../commands/SearchedInput.tsx";
import inputs from "../look/parts.module.css";
import { Choice, Labelled, TextField } from "../settings/fields.tsx";
import { typeWords } from "./parameterWords.ts";

interface ValueLook {
  id: string;
  parameter: Parameter;
  /** What stands for no value. */
  none?: string;
  wrong: string | null;
  value: string;
  onInput: (value: string) => void;
}

/** A field for a value of a parameter, as its type is best written. */
export function ValueField({ id, parameter, none, wrong, value, onInput }: ValueLook) {
  const { name, type, label, list, choices = [], required, blueprint = "" } = parameter;
  const standard = none ?? (parameter.default === undefined ? (required ? "" : "nothing") : String(parameter.default));
  const look = { id, label: label ?? name, wrong, value, onInput };
  if (list === true) return <TextField {...look} hint={`${typeWords[type]}, several with commas`} />;
  if (type === "choice")
    return <Choice {...look} none={standard || "Choose…"} options={choices.map((choice) => ({ value: choice, label: choice }))} />;
  if (type === "boolean")
    return (
      <Choice
        {...look}
        none={standard || "Choose…"}
        options={[
          { value: "true", label: "Yes" },
          { value: "false", label: "No" },
        ]}
      />
    );
  if (type === "entity" || type === "file")
    return (
      <Labelled id={id} label={look.label} wrong={wrong}>
        {type === "file" ? (
          <FileInput id={id} wrong={wrong} onInput={onInput} />
        ) : (
          <EntityInput id={id} blueprint={blueprint} wrong={wrong} value={value} onInput={onInput} />
        )}
      </Labelled>
    );
  if (type === "date") return <TextField {...look} type="date" />;
  return (
    <TextField
      {...look}
      placeholder={standard}
      {...(type === "integer" ? { inputMode: "numeric" as const } : type === "decimal" ? { inputMode: "decimal" as const } : {})}
    />
  );
}

/** What the blueprint's own command offers, since what is only drafted is no command yet. */
function EntityInput({ id, blueprint, wrong, value, onInput }: Omit<ValueLook, "parameter"> & { blueprint: string }) {
  const common = {
    ...{ id, class: inputs.field, value },
    ...{ "aria-invalid": wrong !== null, "aria-describedby": `${id}-wrong` },
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
  };
  if (blueprint === "") return <input {...common} type="text" />;
  return <SearchedInput common={common} offered={offeredFor(`${blueprint}.show`, "entityId", {}, value)} />;
}
