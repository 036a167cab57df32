import type { ArgSchema } from "../../src/protocol/commands.ts";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { argumentLabel } from "./argumentFields.ts";
import type { Choice } from "./commandLine.ts";
import { FileInput } from "./FileInput.tsx";
import { offeredFor } from "./offeredChoices.ts";
import { Listed, SearchedInput } from "./SearchedInput.tsx";

interface FieldLook {
  /** Where a page has several forms: unique on it. */
  id?: string;
  command: string;
  name: string;
  schema: ArgSchema;
  secret: boolean;
  required: boolean;
  value: string;
  /** What stands in the other fields. */
  others: Readonly<Record<string, string>>;
  /** Values that the desk knows for it. */
  known: readonly Choice[];
  wrong: string | null;
  onInput: (value: string) => void;
}

/** A field for one argument, by its type: a tick, a date, a number, a choice that is searched, or a text. */
export function ArgumentField(look: FieldLook) {
  const { name, schema, required, value, wrong, onInput } = look;
  const id = look.id ?? `argument-${name}`;
  if (schema.type === "boolean") {
    return (
      <div class={parts.labelled}>
        <label class={parts.ticked}>
          <input
            id={id}
            type="checkbox"
            checked={/^(yes|true)$/i.test(value)}
            aria-invalid={wrong !== null}
            aria-describedby={`${id}-wrong`}
            onChange={(event) => onInput(String(event.currentTarget.checked))}
          />
          {argumentLabel(name)}
        </label>
        {schema.description !== undefined && <p class={parts.hint}>{schema.description}</p>}
        <Wrong id={`${id}-wrong`}>{wrong}</Wrong>
      </div>
    );
  }
  return (
    <div class={parts.labelled}>
      <label for={id}>
        {argumentLabel(name)}
        {!required && " (optional)"}
      </label>
      <Input {...look} id={id} />
      {schema.description !== undefined && <p class={parts.hint}>{schema.description}</p>}
      <Wrong id={`${id}-wrong`}>{wrong}</Wrong>
    </div>
  );
}

function Input({ command, name, schema, secret, required, value, others, known, wrong, onInput, id }: FieldLook & { id: string }) {
  const common = {
    ...{ id, class: parts.field, value, required },
    ...{ "aria-invalid": wrong !== null, "aria-describedby": `${id}-wrong` },
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
  };
  if (schema.enum !== undefined)
    return (
      <select {...common} onChange={(event) => onInput(event.currentTarget.value)}>
        <option value="">Choose…</option>
        {schema.enum.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    );
  if (secret) return <input {...common} type="password" autocomplete={name === "current" ? "current-password" : "new-password"} />;
  if (schema.format === "file") return <FileInput id={id} wrong={wrong} onInput={onInput} />;
  if (schema.choicesFrom !== undefined) {
    const after = Object.fromEntries(schema.choicesFrom.after.map((each) => [each, others[each] ?? ""]));
    return <SearchedInput common={common} offered={offeredFor(command, name, after, value)} />;
  }
  if (schema.format === "date") return <input {...common} type="date" />;
  if (schema.format === "date-time")
    return (
      <input
        {...common}
        type="datetime-local"
        value={localTime(value)}
        onInput={(event) => onInput(instantOf(event.currentTarget.value))}
      />
    );
  const numeric = schema.type === "integer" ? "numeric" : schema.type === "number" || schema.format === "decimal" ? "decimal" : undefined;
  return (
    <>
      <input
        {...common}
        type="text"
        {...(numeric === undefined ? {} : { inputMode: numeric })}
        {...(known.length === 0 ? {} : { list: `${id}-known` })}
      />
      {known.length > 0 && <Listed id={`${id}-known`} choices={known} />}
    </>
  );
}

/** In the person's own zone, as the field shows it. */
function localTime(instant: string): string {
  const at = new Date(instant);
  if (instant === "" || Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function instantOf(local: string): string {
  return local === "" ? "" : new Date(local).toISOString();
}
