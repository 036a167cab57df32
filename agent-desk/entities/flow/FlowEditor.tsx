import { Plus, Workflow, X } from "lucide-preact";
import { useState } from "preact/hooks";
import type { BlueprintView, Flow } from "../../../src/protocol/blueprints.ts";
import { Button } from "../../look/Button.tsx";
import { Chip } from "../../look/Chip.tsx";
import { Empty } from "../../look/Empty.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { Choice } from "../../settings/fields.tsx";
import { phone } from "../../shell/screen.ts";
import { type BlueprintDraft, type MarkedField, newField } from "../editor/blueprintDraft.ts";
import styles from "./Flow.module.css";
import { FlowCanvas } from "./FlowCanvas.tsx";
import { newFlow, stepChanged, unreached, withoutState, withoutStep, withStep } from "./flowDraft.ts";
import { StepForm } from "./StepForm.tsx";
import { StepList } from "./StepList.tsx";
import { TryFlow } from "./TryFlow.tsx";

interface FlowLook {
  stored: BlueprintView | null;
  draft: BlueprintDraft;
  onDraft: (draft: BlueprintDraft) => void;
  /** What is wrong at a place, as HTTP calls it: `flow.transitions.0.to`. */
  wrongAt: (path: string) => string | null;
}

/** The life of an entity: its states, what leads from one to the next, and a try of it before it is saved. */
export function FlowEditor({ stored, draft, onDraft, wrongAt }: FlowLook) {
  const { flow, fields } = draft;
  const [open, setOpen] = useState<string | null>(null);
  const [at, setAt] = useState<string | null>(null);
  const state = fields.find(({ key }) => key === flow?.field);
  if (flow === null || state === undefined) return <NoFlow draft={draft} wrong={wrongAt("flow.field")} onDraft={onDraft} />;
  const change = (next: Flow | null) => onDraft({ ...draft, flow: next });
  const first = typeof state.default === "string" ? state.default : flow.states[0];
  const faults = flow.transitions
    .map(({ key }, place) => ({ key, place }))
    .filter(({ place }) => wrongAt(`flow.transitions.${place}`) !== null);
  const shown = open ?? faults[0]?.key ?? null;
  const place = flow.transitions.findIndex(({ key }) => key === shown);
  const step = flow.transitions[place];
  const connect = (from: string, to: string) => {
    const next = withStep(flow, from, to);
    change(next);
    setOpen(next.transitions.at(-1)?.key ?? null);
    requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector<HTMLInputElement>("#step-name")?.select()));
  };
  const lost = unreached(flow, first);
  return (
    <div class={styles.flow}>
      <div class={styles.head}>
        <p class={parts.hint}>
          The state is <b>{state.name}</b>. It changes by these steps and in no other way; each is a command.
        </p>
        <span class={parts.grow} />
        <Button small tone="plain" tip="Its values stay, and may be changed by hand again" onClick={() => change(null)}>
          Take the flow off
        </Button>
      </div>
      <States
        flow={flow}
        state={state}
        first={first}
        onFlow={change}
        onState={(added) =>
          onDraft({
            ...draft,
            flow: { ...flow, states: [...flow.states, added] },
            fields: fields.map((field) => withChoice(field, state, added)),
          })
        }
      />
      <Wrong>{wrongAt("flow.states") ?? wrongAt("flow.field")}</Wrong>
      <FlowCanvas
        flow={flow}
        first={first}
        open={shown}
        at={at}
        wrong={new Set(faults.map(({ key }) => key))}
        isNarrow={phone.value}
        onOpen={(key) => setOpen(key === shown ? null : key)}
        onConnect={connect}
      />
      {lost.length > 0 && (
        <p class={parts.hint} role="status">
          No step leads to {lost.join(", ")}.
        </p>
      )}
      <StepList flow={flow} open={shown} wrong={wrongAt("flow.transitions")} onOpen={setOpen} onAdd={connect} />
      {step !== undefined && (
        <StepForm
          key={place}
          step={step}
          flow={flow}
          fields={fields}
          wrongOf={(option) => wrongAt(option === "" ? `flow.transitions.${place}` : `flow.transitions.${place}.${option}`)}
          onStep={(changed) => {
            change(stepChanged(flow, step.key, changed));
            setOpen(changed.key);
          }}
          onRemove={() => {
            change(withoutStep(flow, step.key));
            setOpen(null);
          }}
        />
      )}
      <TryFlow stored={stored} draft={draft} onAt={setAt} />
    </div>
  );
}

/** A choice that takes one value more. */
function withChoice(field: MarkedField, state: MarkedField, added: string): MarkedField {
  if (field.mark !== state.mark || field.choices?.includes(added) === true) return field;
  return { ...field, choices: [...(field.choices ?? []), added] };
}

function NoFlow({ draft, wrong, onDraft }: Pick<FlowLook, "draft" | "onDraft"> & { wrong: string | null }) {
  const choices = draft.fields.filter(({ type, name }) => type === "choice" && name !== "");
  const [chosen, setChosen] = useState(choices[0]?.key ?? "");
  const field = choices.find(({ key }) => key === chosen) ?? choices[0];
  const begin = () => {
    if (field !== undefined) return onDraft({ ...draft, flow: newFlow(field) });
    const status: MarkedField = {
      ...newField(
        "choice",
        draft.fields.map(({ mark }) => mark),
      ),
      key: "status",
      name: "Status",
      choices: ["OPEN", "DONE"],
      default: "OPEN",
      required: true,
    };
    onDraft({ ...draft, fields: [...draft.fields, status], flow: newFlow(status) });
  };
  return (
    <Empty icon={<Workflow aria-hidden="true" />} title="It has no states yet">
      <p>A flow says which states one goes through, who may take it from one to the next, and what that sets.</p>
      {choices.length > 0 && field !== undefined && (
        <Choice
          id="flow-field"
          label="The field that is its state"
          wrong={wrong}
          value={field.key}
          options={choices.map(({ key, name }) => ({ value: key, label: name }))}
          onInput={setChosen}
        />
      )}
      <Button tone="primary" onClick={begin}>
        {field === undefined ? "Begin with a field Status" : "Begin with its choices"}
      </Button>
    </Empty>
  );
}

interface StatesLook {
  flow: Flow;
  state: MarkedField;
  first: string | undefined;
  onFlow: (flow: Flow) => void;
  onState: (name: string) => void;
}

/** The states in their order, as chips; one more is a choice more of the field. */
function States({ flow, state, first, onFlow, onState }: StatesLook) {
  const [written, setWritten] = useState("");
  const left = (state.choices ?? []).filter((choice) => choice !== "" && !flow.states.includes(choice));
  const add = (event: Event) => {
    event.preventDefault();
    const name = written.trim();
    if (name === "" || flow.states.includes(name)) return;
    onState(name);
    setWritten("");
  };
  return (
    <form class={styles.states} aria-label="States" onSubmit={add}>
      {flow.states.map((name) => (
        <span key={name} class={styles.chip}>
          {name}
          {name === first && <Chip tone="accent">first</Chip>}
          {flow.states.length > 1 && (
            <button
              type="button"
              aria-label={`Take the state ${name} off`}
              title={`Take the state ${name} off`}
              onClick={() => onFlow(withoutState(flow, name))}
            >
              <X aria-hidden="true" />
            </button>
          )}
        </span>
      ))}
      {left.map((name) => (
        <Button key={name} small tone="plain" onClick={() => onFlow({ ...flow, states: [...flow.states, name] })}>
          <Plus aria-hidden="true" /> {name}
        </Button>
      ))}
      <input
        class={`${parts.field} ${styles.newState}`}
        aria-label="A new state"
        placeholder="A new state"
        maxLength={200}
        value={written}
        onInput={(event) => setWritten(event.currentTarget.value)}
      />
      <Button small type="submit" disabled={written.trim() === ""}>
        Add
      </Button>
    </form>
  );
}
