import { Trash2 } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { Flow, Transition } from "../../../src/protocol/blueprints.ts";
import { runCommand } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { Choice, Labelled, TextField } from "../../settings/fields.tsx";
import type { MarkedField } from "../editor/blueprintDraft.ts";
import { fieldTypes } from "../fields/fieldTypes.ts";
import { ConditionInput } from "../table/ConditionInput.tsx";
import { EffectRows } from "./EffectRows.tsx";
import styles from "./Flow.module.css";
import { stepRenamed, stepWith } from "./flowDraft.ts";
import { StartRows } from "./StartRows.tsx";

interface FormLook {
  step: Transition;
  flow: Flow;
  fields: readonly MarkedField[];
  /** What is wrong with a part of it: `to`, `set.qty`; "" of the whole. */
  wrongOf: (option: string) => string | null;
  onStep: (step: Transition) => void;
  onRemove: () => void;
}

/** All that can be said of a step: from where to where, what it asks for and sets, when it may be done, and by whom. */
export function StepForm({ step, flow, fields, wrongOf, onStep, onRemove }: FormLook) {
  const writable = fields.filter(({ key, type }) => key !== "" && key !== flow.field && fieldTypes[type].given !== true);
  const say = (more: Parameters<typeof stepWith>[1]) => onStep(stepWith(step, more));
  return (
    <section class={styles.form} aria-label={`Step ${step.name}`}>
      <div class={styles.pair}>
        <TextField
          id="step-name"
          label="What is done"
          placeholder="Delivered"
          maxLength={100}
          wrong={wrongOf("name")}
          value={step.name}
          onInput={(name) => onStep(stepRenamed(step, name))}
        />
        <TextField
          id="step-key"
          label="Its command"
          hint={`/${step.key || "…"} of one`}
          maxLength={60}
          wrong={wrongOf("key")}
          value={step.key}
          onInput={(key) => onStep({ ...step, key: key.toLowerCase().replace(/\s+/g, "-") })}
        />
        <Choice
          id="step-to"
          label="Leads to"
          wrong={wrongOf("to")}
          value={step.to}
          options={flow.states.map((state) => ({ value: state, label: state }))}
          onInput={(to) => onStep({ ...step, to })}
        />
      </div>
      <Ticks
        legend="Begins in"
        all={flow.states.map((state) => ({ value: state, label: state }))}
        chosen={step.from}
        wrong={wrongOf("from")}
        onChosen={(from) => onStep({ ...step, from })}
      />
      {writable.length > 0 && (
        <>
          <Ticks
            legend="Asks for"
            hint="Whoever does it is asked for these, where they are empty."
            all={writable.map(({ key, name }) => ({ value: key, label: name }))}
            chosen={step.required ?? []}
            wrong={wrongOf("required")}
            onChosen={(required) => say({ required })}
          />
          <EffectRows set={step.set ?? {}} fields={writable} wrongOf={(key) => wrongOf(`set.${key}`)} onSet={(set) => say({ set })} />
        </>
      )}
      <StartRows
        start={step.start ?? []}
        fields={fields.filter(({ key, name, type }) => key !== "" && name !== "" && type !== "formula")}
        wrongOf={(path) => wrongOf(`start.${path}`)}
        onStart={(start) => say({ start })}
      />
      <ConditionInput
        legend="Only where"
        condition={step.guard}
        fields={fields}
        wrong={wrongOf("guard")}
        onCondition={(guard) => say({ guard })}
      />
      <People step={step} wrongOf={wrongOf} onRoles={(roles) => say({ roles })} onApproval={(approval) => say({ approval })} />
      <Wrong>{wrongOf("name") === null && wrongOf("key") === null && wrongOf("to") === null ? unplaced(wrongOf) : null}</Wrong>
      <div>
        <Button small tone="danger" onClick={onRemove}>
          <Trash2 aria-hidden="true" /> Take the step off
        </Button>
      </div>
    </section>
  );
}

const placedOptions = ["name", "key", "to", "from", "required", "set", "guard", "roles", "approval", "start"];

/** What is wrong with the step as a whole. */
function unplaced(wrongOf: (option: string) => string | null): string | null {
  return placedOptions.some((option) => wrongOf(option) !== null) ? null : wrongOf("");
}

interface TicksLook {
  legend: string;
  hint?: string;
  all: readonly { value: string; label: string }[];
  chosen: readonly string[];
  wrong: string | null;
  onChosen: (chosen: string[]) => void;
}

function Ticks({ legend, hint, all, chosen, wrong, onChosen }: TicksLook) {
  return (
    <fieldset class={styles.ticks} aria-invalid={wrong !== null}>
      <legend>{legend}</legend>
      {all.map(({ value, label }) => (
        <label key={value} class={parts.ticked}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ currentTarget: { checked } }) =>
              onChosen(all.map((one) => one.value).filter((one) => (one === value ? checked : chosen.includes(one))))
            }
          />
          {label}
        </label>
      ))}
      {hint !== undefined && <p class={parts.hint}>{hint}</p>}
      <Wrong>{wrong}</Wrong>
    </fieldset>
  );
}

interface PeopleLook {
  step: Transition;
  wrongOf: (option: string) => string | null;
  onRoles: (roles: string[]) => void;
  onApproval: (approval: Transition["approval"]) => void;
}

function People({ step, wrongOf, onRoles, onApproval }: PeopleLook) {
  const roles = useRoles();
  const { approval } = step;
  const named = new Set([...roles.map(({ value }) => value), ...(step.roles ?? [])]);
  const known = [...named].map((value) => ({ value, label: roles.find((role) => role.value === value)?.label ?? value }));
  const by = approval?.by.replace(/^role:/, "") ?? "";
  return (
    <>
      <Ticks
        legend="Done by"
        hint={step.roles === undefined ? "Everybody who may change them." : "Only by people with one of these roles."}
        all={known}
        chosen={step.roles ?? []}
        wrong={wrongOf("roles")}
        onChosen={onRoles}
      />
      <div class={styles.pair}>
        <Choice
          id="step-approval"
          label="Who must agree"
          none="Nobody"
          wrong={wrongOf("approval")}
          value={by}
          options={known.some(({ value }) => value === by) || by === "" ? known : [...known, { value: by, label: by }]}
          onInput={(role) =>
            onApproval(role === "" ? undefined : { by: role.includes(":") ? role : `role:${role}`, quorum: approval?.quorum ?? 1 })
          }
        />
        {approval !== undefined && (
          <Labelled id="step-quorum" label="How many of them" wrong={null}>
            <input
              id="step-quorum"
              class={parts.field}
              type="number"
              min={1}
              max={20}
              value={approval.quorum}
              onInput={(event) => onApproval({ ...approval, quorum: Math.trunc(Number(event.currentTarget.value)) })}
            />
          </Labelled>
        )}
      </div>
    </>
  );
}

/** The roles of the tenant; none for who may not see them, who then writes none. */
function useRoles(): { value: string; label: string }[] {
  const [roles, setRoles] = useState<{ value: string; label: string }[]>([]);
  useEffect(() => {
    void runCommand("role.list", {}).then(
      ({ data }) => setRoles(rolesIn(data)),
      () => {},
    );
  }, []);
  return roles;
}

function rolesIn(data: unknown): { value: string; label: string }[] {
  const found: unknown = typeof data === "object" && data !== null && "roles" in data ? data.roles : [];
  return (Array.isArray(found) ? found : []).flatMap((role: unknown) =>
    typeof role === "object" && role !== null && "key" in role && "name" in role
      ? [{ value: String(role.key), label: String(role.name) }]
      : [],
  );
}
