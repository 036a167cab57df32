import type { RecordedValue, Recording, ValueWay } from "../../src/protocol/recording.ts";
import { argumentLabel } from "../commands/argumentFields.ts";
import parts from "../look/parts.module.css";
import { Choice } from "../settings/fields.tsx";
import styles from "./Runs.module.css";

interface RecordedLook {
  recording: Recording;
  ways: ReadonlyMap<RecordedValue, ValueWay>;
  onChange: (value: RecordedValue, way: ValueWay) => void;
}

/** The steps with their values: each stays as it was, is asked for, or comes from a step before. */
export function RecordedValues({ recording, ways, onChange }: RecordedLook) {
  const { steps, values, leftOut } = recording;
  return (
    <>
      {steps.length === 0 && <p>None of it can be a step.</p>}
      {steps.map(({ name, command }, index) => (
        <fieldset key={name} class={styles.recorded}>
          <legend>
            Step {index + 1}: <b>{command}</b>
          </legend>
          {values
            .filter(({ step }) => step === index)
            .map((value) => (
              <Choice
                key={value.argument}
                id={`recorded-${index}-${value.argument}`}
                label={`${argumentLabel(value.argument)}: ${short(value.value)}`}
                wrong={null}
                hint={value.asked}
                value={ways.get(value) ?? "keep"}
                options={optionsFor(value)}
                onInput={(way) => onChange(value, way === "ask" || way === "from" ? way : "keep")}
              />
            ))}
        </fieldset>
      ))}
      {leftOut.length > 0 && (
        <div>
          <p>Left out:</p>
          <ul class={parts.hint}>
            {leftOut.map(({ run, command, why }) => (
              <li key={run}>
                {command}: {why}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function optionsFor({ from, parameter, asked, argument }: RecordedValue): { value: ValueWay; label: string }[] {
  return [
    ...(from === undefined ? [] : [{ value: "from" as const, label: `Taken from ${from.replace(/[{}]/g, "")}` }]),
    ...(parameter === undefined ? [] : [{ value: "ask" as const, label: `Asked for each time, as "${parameter.name}"` }]),
    ...(asked === undefined && argument !== "conversation" ? [{ value: "keep" as const, label: "Always the same" }] : []),
  ];
}

function short(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
