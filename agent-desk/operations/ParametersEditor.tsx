import { Plus, Trash2 } from "lucide-preact";
import { type Parameter, parameterTypes } from "../../src/protocol/operations.ts";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import { Choice, TextField } from "../settings/fields.tsx";
import styles from "./Bench.module.css";
import { BlueprintChoice } from "./BlueprintChoice.tsx";
import type { Fault } from "./kind.ts";
import { parameterFor, typed, typeWords } from "./parameterWords.ts";

interface ParametersLook {
  parameters: readonly Parameter[];
  /** The names that the operation's text asks for. */
  asked: readonly string[];
  optionalHint: string;
  onChange: (parameters: readonly Parameter[]) => void;
  /** By the path from `parameters` on: `0.name`. */
  faultAt: (path: string) => Fault | null;
}

/** What the operation asks for when it is run. What its text names and isn't there yet is offered. */
export function ParametersEditor({ parameters, asked, optionalHint, onChange, faultAt }: ParametersLook) {
  const offered = asked.filter((name) => !parameters.some((parameter) => parameter.name === name));
  const change = (place: number, changed: Parameter) => onChange(parameters.map((each, index) => (index === place ? changed : each)));
  return (
    <section class={styles.part} aria-labelledby="operation-parameters">
      <div class={styles.partHead}>
        <h2 id="operation-parameters">Parameters</h2>
        <span class={parts.hint}>What it asks for when it is run</span>
      </div>
      {offered.length > 0 && (
        <div class={styles.offers} role="status">
          {offered.map((name) => (
            <Button key={name} small tone="primary" onClick={() => onChange([...parameters, parameterFor(name)])}>
              <Plus aria-hidden="true" /> Add parameter {name}
            </Button>
          ))}
        </div>
      )}
      {parameters.length === 0 && offered.length === 0 && (
        <p class={parts.hint}>None: it does the same each time. Write a name in its text, and it is offered here.</p>
      )}
      {parameters.map((parameter, index) => (
        <ParameterRow
          key={index}
          index={index}
          parameter={parameter}
          isAsked={asked.includes(parameter.name)}
          optionalHint={optionalHint}
          faultAt={(field) => faultAt(`${index}.${field}`)?.text ?? null}
          onChange={(changed) => change(index, changed)}
          onRemove={() => onChange(parameters.filter((_, place) => place !== index))}
        />
      ))}
    </section>
  );
}

interface RowLook {
  index: number;
  parameter: Parameter;
  isAsked: boolean;
  optionalHint: string;
  faultAt: (field: string) => string | null;
  onChange: (parameter: Parameter) => void;
  onRemove: () => void;
}

function ParameterRow({ index, parameter, isAsked, optionalHint, faultAt, onChange, onRemove }: RowLook) {
  const { name, type, label, required, choices } = parameter;
  const id = `parameter-${index}`;
  const set = (changes: Partial<Parameter>) => onChange({ ...parameter, ...changes });
  const retype = (written: string) => {
    const next = parameterTypes.find((each) => each === written) ?? "text";
    const { choices: _, default: __, blueprint: ___, ...kept } = parameter;
    onChange({ ...kept, type: next, ...(next === "choice" ? { choices: choices ?? [] } : {}) });
  };
  return (
    <fieldset class={styles.parameter}>
      <legend class={parts.hidden}>Parameter {name}</legend>
      <div class={styles.parameterFields}>
        <TextField id={`${id}-name`} label="Name" wrong={faultAt("name")} value={name} onInput={(next) => set({ name: next.trim() })} />
        <Choice
          id={`${id}-type`}
          label="Type"
          wrong={faultAt("type")}
          value={type}
          options={parameterTypes.map((each) => ({ value: each, label: typeWords[each] }))}
          onInput={retype}
        />
        <TextField
          id={`${id}-label`}
          label="Asked as"
          placeholder={`Which ${name}?`}
          wrong={faultAt("label")}
          value={label ?? ""}
          onInput={(next) => onChange(withText(parameter, "label", next))}
        />
        {type === "file" ? (
          <span />
        ) : (
          <DefaultField id={`${id}-default`} parameter={parameter} wrong={faultAt("default")} onChange={onChange} />
        )}
        <Button tone="plain" label={`Remove parameter ${name}`} onClick={onRemove}>
          <Trash2 />
        </Button>
      </div>
      {type === "entity" && (
        <BlueprintChoice
          id={`${id}-blueprint`}
          wrong={faultAt("blueprint")}
          value={parameter.blueprint ?? ""}
          onInput={(blueprint) => set({ blueprint })}
        />
      )}
      {type === "choice" && (
        <TextField
          id={`${id}-choices`}
          label="What may be chosen, one a line"
          many
          wrong={faultAt("choices")}
          value={(choices ?? []).join("\n")}
          onInput={(next) => set({ choices: next === "" ? [] : next.split("\n") })}
        />
      )}
      <div class={styles.ticks}>
        {parameter.fixed === true ? (
          <Button small tone="plain" onClick={() => onChange(asked(parameter))}>
            Ask for it again
          </Button>
        ) : (
          <label class={parts.ticked}>
            <input type="checkbox" checked={required} onChange={(event) => set({ required: event.currentTarget.checked })} />
            Required
          </label>
        )}
        {type !== "file" && (
          <label class={parts.ticked}>
            <input
              type="checkbox"
              checked={parameter.list === true}
              onChange={(event) => {
                const { list: _, default: __, ...one } = parameter;
                onChange(event.currentTarget.checked ? { ...one, list: true } : one);
              }}
            />
            Several values
          </label>
        )}
        {!isAsked && <span class={parts.hint}>Nothing in its text names it yet.</span>}
      </div>
      {!required && parameter.default === undefined && <p class={parts.hint}>{optionalHint}</p>}
    </fieldset>
  );
}

interface DefaultLook {
  id: string;
  parameter: Parameter;
  wrong: string | null;
  onChange: (parameter: Parameter) => void;
}

function DefaultField({ id, parameter, wrong, onChange }: DefaultLook) {
  const { type, choices = [] } = parameter;
  const value = parameter.default === undefined ? "" : String(parameter.default);
  const set = (written: string) => {
    const { default: _, ...rest } = parameter;
    onChange(written === "" ? rest : { ...rest, default: typed(type, written) });
  };
  if (type === "choice" || type === "boolean") {
    const options =
      type === "boolean"
        ? [
            { value: "true", label: "Yes" },
            { value: "false", label: "No" },
          ]
        : choices.filter((choice) => choice.trim() !== "").map((choice) => ({ value: choice, label: choice }));
    return (
      <Choice
        id={id}
        label={parameter.fixed === true ? "Always" : "Default"}
        wrong={wrong}
        value={value}
        none="Nothing"
        options={options}
        onInput={set}
      />
    );
  }
  return (
    <TextField
      id={id}
      label={parameter.fixed === true ? "Always" : "Default"}
      type={type === "date" ? "date" : "text"}
      wrong={wrong}
      value={value}
      onInput={set}
    />
  );
}

function asked({ fixed: _, ...parameter }: Parameter): Parameter {
  return parameter;
}

function withText(parameter: Parameter, key: "label", written: string): Parameter {
  const { [key]: _, ...rest } = parameter;
  return written === "" ? rest : { ...rest, [key]: written };
}
