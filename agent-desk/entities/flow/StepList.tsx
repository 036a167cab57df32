import { ArrowRight, Plus } from "lucide-preact";
import { useState } from "preact/hooks";
import type { Flow } from "../../../src/protocol/blueprints.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import styles from "./Flow.module.css";

interface ListLook {
  flow: Flow;
  open: string | null;
  wrong: string | null;
  onOpen: (key: string | null) => void;
  onAdd: (from: string, to: string) => void;
}

/** The steps in a list: what the drawing shows, for the keyboard and for who reads. */
export function StepList({ flow, open, wrong, onOpen, onAdd }: ListLook) {
  const [from, setFrom] = useState(flow.states[0] ?? "");
  const [to, setTo] = useState(flow.states[1] ?? flow.states[0] ?? "");
  const known = (state: string) => (flow.states.includes(state) ? state : (flow.states[0] ?? ""));
  return (
    <section class={styles.steps} aria-label="Steps">
      <h3>
        Steps{" "}
        <span class={parts.hint}>
          {flow.transitions.length === 0 ? "draw a line from one state to another, or say it here" : flow.transitions.length}
        </span>
      </h3>
      <ul>
        {flow.transitions.map((step) => (
          <li key={step.key}>
            <button type="button" aria-expanded={open === step.key} onClick={() => onOpen(open === step.key ? null : step.key)}>
              <b>{step.name === "" ? "Without a name" : step.name}</b>
              <span>
                {step.from.join(", ")} <ArrowRight aria-label="to" /> {step.to}
              </span>
              <span class={parts.command}>/{step.key}</span>
              {step.start !== undefined && <span>starts {step.start.map(({ command }) => command || "…").join(", ")}</span>}
            </button>
          </li>
        ))}
      </ul>
      <Wrong>{wrong}</Wrong>
      <form
        class={styles.add}
        aria-label="A new step"
        onSubmit={(event) => {
          event.preventDefault();
          onAdd(known(from), known(to));
        }}
      >
        <StateChoice label="From" states={flow.states} value={known(from)} onInput={setFrom} />
        <ArrowRight aria-hidden="true" />
        <StateChoice label="To" states={flow.states} value={known(to)} onInput={setTo} />
        <Button small type="submit">
          <Plus aria-hidden="true" /> Step
        </Button>
      </form>
    </section>
  );
}

interface ChoiceLook {
  label: string;
  states: readonly string[];
  value: string;
  onInput: (state: string) => void;
}

function StateChoice({ label, states, value, onInput }: ChoiceLook) {
  return (
    <select class={parts.field} aria-label={label} value={value} onChange={(event) => onInput(event.currentTarget.value)}>
      {states.map((state) => (
        <option key={state}>{state}</option>
      ))}
    </select>
  );
}
