import parts from "../look/parts.module.css";
import type { Choice } from "./commandLine.ts";
import type { Offered } from "./offeredChoices.ts";

/** As one types, the server says what fits; what can't be offered is said below. */
export function SearchedInput({ common, offered }: { common: { id: string; value: string }; offered: Offered }) {
  const { items, truncated, wrong } = offered;
  const choices = items.map(({ value, label }) => (label === value ? { value } : { value, about: label }));
  const chosen = items.find(({ value, label }) => value === common.value && label !== value);
  return (
    <>
      <input {...common} type="text" autocomplete="off" list={`${common.id}-offered`} />
      <Listed id={`${common.id}-offered`} choices={choices} />
      <p class={parts.hint} role="status">
        {wrong ?? chosen?.label ?? (truncated ? "There are more: type to find them." : "")}
      </p>
    </>
  );
}

export function Listed({ id, choices }: { id: string; choices: readonly Choice[] }) {
  return (
    <datalist id={id}>
      {choices.map(({ value, about }) => (
        <option key={value} value={value}>
          {about}
        </option>
      ))}
    </datalist>
  );
}
