import { ArrowRight, RotateCcw } from "lucide-preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import { Refusal } from "../../../src/protocol/refusal.ts";
import { sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import { Chip } from "../../look/Chip.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { TextField } from "../../settings/fields.tsx";
import { type NextStep, type Simulated, simulateFlow, type TriedStep } from "../blueprints.ts";
import { asField, type BlueprintDraft, fieldsOf } from "../editor/blueprintDraft.ts";
import type { WrittenValues } from "../entities.ts";
import { FieldInput } from "../fields/FieldInput.tsx";
import { valueWords } from "../fields/valueWords.ts";
import styles from "./Flow.module.css";

interface TryLook {
  stored: BlueprintView | null;
  draft: BlueprintDraft;
  /** The state that the try stands at; null where nothing is tried. */
  onAt: (state: string | null) => void;
}

/** The flow as it is written, tried on an entity that is there or on a new one: nothing of it happens. */
export function TryFlow({ stored, draft, onAt }: TryLook) {
  const [on, setOn] = useState<string | null>(null);
  const [wanted, setWanted] = useState("");
  const [steps, setSteps] = useState<readonly TriedStep[]>([]);
  const [found, setFound] = useState<Simulated | null>(null);
  const [wrong, setWrong] = useState<{ path: string; text: string } | null>(null);
  const key = stored?.key;
  const written = JSON.stringify([draft.flow, fieldsOf(draft)]);
  const ask = useCallback(
    async (of: string, taken: readonly TriedStep[]) => {
      if (key === undefined || draft.flow === null) return false;
      try {
        const next = await simulateFlow(key, {
          ...(of === "" ? {} : { entityId: of }),
          fields: fieldsOf(draft),
          flow: draft.flow,
          steps: taken,
        });
        setFound(next);
        onAt(next.state);
        setWrong(null);
        return true;
      } catch (error) {
        setWrong({ path: error instanceof Refusal ? (error.path ?? "") : "", text: sentence(error) });
        return false;
      }
    },
    [key, written],
  );
  // What is written anew is tried anew, as far as was gone.
  useEffect(() => {
    if (on === null) return;
    const later = setTimeout(() => void ask(on, steps), 300);
    return () => clearTimeout(later);
  }, [ask]);
  useEffect(() => () => onAt(null), []);
  if (stored === null) return <p class={parts.hint}>Once it is saved, the flow can be tried here before each change.</p>;
  const begin = async (of: string) => {
    setOn(of);
    setSteps([]);
    setFound(null);
    await ask(of, []);
  };
  const take = async (step: TriedStep) => {
    if (on === null) return;
    const next = [...steps, step];
    if (await ask(on, next)) setSteps(next);
  };
  return (
    <section class={styles.try} aria-label="Try it">
      <h3>
        Try it <span class={parts.hint}>nothing of it happens</span>
      </h3>
      <form
        class={styles.tryHead}
        onSubmit={(event) => {
          event.preventDefault();
          void begin(wanted.trim());
        }}
      >
        <TextField
          id="try-entity"
          label={`A ${draft.name.toLocaleLowerCase()} by its number, or none for a new one`}
          wrong={found === null && wrong !== null ? wrong.text : null}
          value={wanted}
          onInput={setWanted}
        />
        <Button type="submit">Try</Button>
      </form>
      {found !== null && (
        <div class={styles.tried} aria-live="polite">
          <ol>
            {found.steps.map(({ name, before, after, starts }, place) => (
              <li key={place}>
                <b>{name}</b>{" "}
                {changesOf(draft, before, after).map((change) => (
                  <span key={change.name}>
                    {change.name} {change.before !== null && <del>{change.before}</del>}{" "}
                    {change.after === null ? <i>nothing</i> : <ins>{change.after}</ins>}
                  </span>
                ))}
                {starts.map((start) => (
                  <span key={start}>
                    would start <code>{start}</code>
                  </span>
                ))}
              </li>
            ))}
          </ol>
          <p>
            It is <Chip tone="accent">{found.state ?? "in no state"}</Chip>
            {steps.length > 0 && (
              <Button small tone="plain" onClick={() => on !== null && void begin(on)}>
                <RotateCcw aria-hidden="true" /> From the beginning
              </Button>
            )}
          </p>
          {found.next.length === 0 && <p class={parts.hint}>No step leads on from there.</p>}
          {found.next.map((next) => (
            <TryStep
              key={`${steps.length} ${next.transition}`}
              next={next}
              draft={draft}
              onTake={(values) => void take({ transition: next.transition, values })}
            />
          ))}
          <Wrong>{wrong?.text ?? null}</Wrong>
        </div>
      )}
    </section>
  );
}

interface StepLook {
  next: NextStep;
  draft: BlueprintDraft;
  onTake: (values: WrittenValues) => void;
}

function TryStep({ next, draft, onTake }: StepLook) {
  const [values, setValues] = useState<WrittenValues>({});
  const asked = draft.fields.filter(({ key }) => next.asks.includes(key)).map(asField);
  return (
    <form
      class={styles.tryStep}
      aria-label={next.name}
      onSubmit={(event) => {
        event.preventDefault();
        onTake(values);
      }}
    >
      <Button small type="submit" disabled={next.refused !== undefined}>
        {next.name} <ArrowRight aria-label="to" /> {next.to}
      </Button>
      {asked.map((field) => (
        <label key={field.key} class={styles.asked} for={`try-${next.transition}-${field.key}`}>
          {field.name}
          <FieldInput
            id={`try-${next.transition}-${field.key}`}
            label={field.name}
            field={field}
            value={values[field.key] ?? null}
            isWrong={false}
            onInput={(value) => setValues({ ...values, [field.key]: value })}
          />
        </label>
      ))}
      {next.refused !== undefined && <span class={parts.hint}>{next.refused.message}</span>}
      {next.starts !== undefined && <span class={parts.hint}>Would start {next.starts.join(", ")}.</span>}
      {next.approval !== undefined && (
        <span class={parts.hint}>
          Waits for {next.approval.quorum} with the {next.approval.by.replace(":", " ")}.
        </span>
      )}
    </form>
  );
}

function changesOf(draft: BlueprintDraft, before: Simulated["values"], after: Simulated["values"]) {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((key) => ({
    name: draft.fields.find((field) => field.key === key)?.name ?? key,
    before: shown(draft, key, before),
    after: shown(draft, key, after),
  }));
}

/** Null where nothing stands there. */
function shown({ fields }: BlueprintDraft, key: string, values: Simulated["values"]): string | null {
  const field = fields.find((one) => one.key === key);
  return field === undefined || values[key] === undefined ? null : valueWords(field, values[key]);
}
