import type { Parameter } from "../../src/protocol/operations.ts";
import { Choice, TextField } from "../settings/fields.tsx";
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
  const { name, type, label, list, choices = [], required } = parameter;
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
  if (type === "date") return <TextField {...look} type="date" />;
  return (
    <TextField
      {...look}
      placeholder={standard}
      {...(type === "integer" ? { inputMode: "numeric" as const } : type === "decimal" ? { inputMode: "decimal" as const } : {})}
    />
  );
}
