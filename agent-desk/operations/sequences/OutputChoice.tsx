import parts from "../../look/parts.module.css";
import { Labelled } from "../../settings/fields.tsx";
import type { OutputGroup } from "./outputs.ts";
import { slotInWords } from "./outputs.ts";

interface ChoiceLook {
  id: string;
  label: string;
  /** What stands for nothing chosen. */
  none: string;
  groups: readonly OutputGroup[];
  wrong: string | null;
  value: string;
  onInput: (slot: string) => void;
}

/** One of what may be taken, and nothing else. What was written before and isn't known stays. */
export function OutputChoice({ id, label, none, groups, wrong, value, onInput }: ChoiceLook) {
  const isKnown = value === "" || groups.some(({ outputs }) => outputs.some(({ slot }) => slot === value));
  return (
    <Labelled id={id} label={label} wrong={wrong}>
      <select
        id={id}
        class={parts.field}
        value={value}
        aria-invalid={wrong !== null}
        aria-describedby={`${id}-wrong`}
        onChange={(event) => onInput(event.currentTarget.value)}
      >
        <option value="">{none}</option>
        {!isKnown && <option value={value}>{slotInWords(value, groups)}</option>}
        {groups.map(({ title, outputs }) => (
          <optgroup key={title} label={title}>
            {outputs.map(({ slot, label }) => (
              <option key={slot} value={slot}>
                {label}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </Labelled>
  );
}
