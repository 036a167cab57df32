import { Link2, X } from "lucide-preact";
import type { ArgSchema } from "../../../src/protocol/commands.ts";
import { ArgumentField } from "../../commands/ArgumentField.tsx";
import { argumentChoices } from "../../commands/argumentChoices.ts";
import { argumentLabel, argumentValue } from "../../commands/argumentFields.ts";
import parts from "../../look/parts.module.css";
import { insertSlot } from "../../look/SlotButtons.tsx";
import { Labelled } from "../../settings/fields.tsx";
import { useDesk } from "../../shell/deskContext.ts";
import { OutputMenu } from "./OutputMenu.tsx";
import { type OutputGroup, slotInWords, wholeSlot } from "./outputs.ts";
import styles from "./Sequence.module.css";

interface ValueLook {
  id: string;
  command: string;
  name: string;
  schema: ArgSchema;
  required: boolean;
  value: unknown;
  /** What stands in the other fields. */
  others: Readonly<Record<string, string>>;
  groups: readonly OutputGroup[];
  wrong: string | null;
  /** Undefined where nothing is given. */
  onChange: (value: unknown) => void;
}

/** A value of a step: written as its type is, or taken from somewhere else and then named in words. */
export function StepValue({ id, command, name, schema, required, value, others, groups, wrong, onChange }: ValueLook) {
  const desk = useDesk();
  const label = argumentLabel(name);
  const slot = wholeSlot(value);
  if (slot !== undefined)
    return (
      <Labelled id={id} label={label} wrong={wrong}>
        <div class={styles.taken} data-wrong={wrong !== null}>
          <Link2 aria-hidden="true" />
          <span class={parts.grow} title={slot}>
            {slotInWords(slot, groups)}
          </span>
          <button type="button" id={id} aria-label={`Write ${label} instead`} onClick={() => onChange(undefined)}>
            <X aria-hidden="true" />
          </button>
        </div>
      </Labelled>
    );
  const written = writtenOf(value);
  const isText = schema.enum === undefined && schema.format === undefined && schema.choicesFrom === undefined && schema.type === "string";
  return (
    <div class={styles.value}>
      <ArgumentField
        id={id}
        command={command}
        name={name}
        schema={schema}
        secret={false}
        required={required}
        value={written}
        others={others}
        known={argumentChoices(desk, null, name, schema)}
        wrong={wrong}
        onInput={(next) => onChange(next === "" ? undefined : argumentValue(schema, next))}
      />
      <span class={styles.take}>
        <OutputMenu
          label={label}
          groups={groups}
          onChoose={(output) =>
            onChange(isText && written !== "" ? insertSlot(document.getElementById(id), written, output.slot) : output.slot)
          }
        />
      </span>
    </div>
  );
}

export function writtenOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
