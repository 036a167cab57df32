import { Plus } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CommandListing } from "../../../src/protocol/commands.ts";
import { listCommands, sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import styles from "../Bench.module.css";
import { type Body, textIn } from "../draft.ts";
import type { EditorLook } from "../kind.ts";
import { outputsFor } from "./outputs.ts";
import { StepCard } from "./StepCard.tsx";
import { freeName, moved, nameOf, renamed, stepsIn } from "./steps.ts";
import { useLastResults } from "./useLastResults.ts";

/** A sequence: commands one after another, each with what it takes from those before. */
export function SequenceEditor({ body, parameters, onChange, faultAt, trial }: EditorLook) {
  const [commands, setCommands] = useState<CommandListing[]>([]);
  const [wrong, setWrong] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  useEffect(() => {
    listCommands().then(setCommands, (error: unknown) => setWrong(sentence(error)));
  }, []);
  const steps = stepsIn(body);
  const keys = useKeys(steps.length);
  const listingOf = (step: Body) => commands.find(({ name }) => name === step["command"]);
  const last = useLastResults(steps.flatMap((step) => (listingOf(step) === undefined ? [] : [textIn(step["command"])])));
  const resultOf = (step: Body, index: number) => {
    const tried = trial?.steps?.[index];
    const isIt = tried !== undefined && tried.command === step["command"];
    if (isIt && tried.state === "read") return tried.data;
    const found = last.get(textIn(step["command"]));
    // Of a loop it is a list of what each turn left.
    return step["each"] === undefined || found === undefined ? found : [found];
  };
  const write = (next: readonly Body[]) => onChange({ ...body, steps: next });
  const replace = (index: number, step: Body) => write(steps.map((each, place) => (place === index ? step : each)));
  const choose = (index: number, command: string) => {
    const step: Body = { ...steps[index], command };
    const taken = [...steps.filter((_, place) => place !== index).map(nameOf), ...parameters.map(({ name }) => name), "me", "run", "row"];
    const wasNamed = nameOf(step) !== "" && nameOf(step) !== freeName(textIn(steps[index]?.["command"]), taken);
    const next = steps.map((each, place) => (place === index ? step : each));
    const isKnown = commands.some(({ name }) => name === command);
    write(isKnown && !wasNamed ? renamed(next, index, freeName(command, taken)) : next);
  };
  const move = (from: number, to: number) => {
    keys.change((known) => moved(known, from, to));
    write(moved(steps, from, to));
    setSaid(`Step ${from + 1} is step ${to + 1} now.`);
    focusLater(`step-${to}-${to > from && to < steps.length - 1 ? "later" : to === 0 ? "later" : "earlier"}`);
  };
  const copy = (index: number) => {
    const step = steps[index] ?? {};
    const name = nameOf(step) === "" ? {} : { name: freeName(textIn(step["command"]), steps.map(nameOf)) };
    keys.change((known) => [...known.slice(0, index + 1), keys.next(), ...known.slice(index + 1)]);
    write([...steps.slice(0, index + 1), { ...step, ...name }, ...steps.slice(index + 1)]);
    focusLater(`step-${index + 1}-command`);
  };
  const remove = (index: number) => {
    keys.change((known) => known.filter((_, place) => place !== index));
    write(steps.filter((_, place) => place !== index));
    setSaid(`Step ${index + 1} is gone.`);
    focusLater(`step-${Math.max(0, index - 1)}-command`);
  };
  return (
    <section class={styles.part} aria-labelledby="sequence-steps">
      <div class={styles.partHead}>
        <h2 id="sequence-steps">Steps</h2>
        <span class={parts.hint}>One after another; the chain beside a field takes its value from a step before.</span>
      </div>
      <Wrong>{wrong ?? (steps.length === 0 ? (faultAt("steps")?.text ?? null) : null)}</Wrong>
      <datalist id="sequence-commands">
        {commands
          .filter(({ risk }) => risk !== "destructive")
          .map(({ name, summary }) => (
            <option key={name} value={name}>
              {summary}
            </option>
          ))}
      </datalist>
      {steps.map((step, index) => (
        <StepCard
          key={keys.known[index]}
          index={index}
          count={steps.length}
          step={step}
          listing={listingOf(step)}
          groups={outputsFor(index, { steps, parameters, resultOf })}
          later={steps.slice(index).flatMap((each) => (nameOf(each) === "" ? [] : [nameOf(each)]))}
          taken={[...steps.filter((_, place) => place !== index).map(nameOf), ...parameters.map(({ name }) => name)]}
          faultAt={(path) => faultAt(`steps.${index}${path === "" ? "" : `.${path}`}`)?.text ?? null}
          onCommand={(command) => choose(index, command)}
          onName={(name) => write(renamed(steps, index, name))}
          onChange={(changed) => replace(index, changed)}
          onMove={(to) => move(index, to)}
          onCopy={() => copy(index)}
          onRemove={steps.length < 2 ? null : () => remove(index)}
        />
      ))}
      <p class={parts.hidden} role="status">
        {said}
      </p>
      <div>
        <Button
          small
          onClick={() => {
            write([...steps, { command: "", args: {} }]);
            focusLater(`step-${steps.length}-command`);
          }}
        >
          <Plus aria-hidden="true" /> Another step
        </Button>
      </div>
    </section>
  );
}

/** A key for each step, which goes where the step goes: its fields stay its own. */
function useKeys(count: number) {
  const keys = useRef<number[]>([]);
  const newest = useRef(0);
  const next = () => newest.current++;
  while (keys.current.length < count) keys.current.push(next());
  keys.current.length = count;
  return {
    known: keys.current,
    next,
    change: (to: (known: readonly number[]) => number[]) => {
      keys.current = to(keys.current);
    },
  };
}

function focusLater(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
}
