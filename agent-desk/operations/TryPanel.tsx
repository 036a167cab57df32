import { Play } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import type { Parameter } from "../../src/protocol/operations.ts";
import { ownValue } from "../../src/protocol/ownValue.ts";
import { Answer } from "../answers/Answer.tsx";
import { PlannedChanges } from "../answers/PlannedChanges.tsx";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import styles from "./Bench.module.css";
import type { Fault } from "./kind.ts";
import { TriedSteps } from "./sequences/TriedSteps.tsx";
import type { Trial } from "./tryOperation.ts";
import { ValueField } from "./ValueField.tsx";

interface TryLook {
  parameters: readonly Parameter[];
  values: Readonly<Record<string, string>>;
  trial: Trial | null;
  isTrying: boolean;
  faultAt: (path: string) => Fault | null;
  onValues: (values: Readonly<Record<string, string>>) => void;
  onTry: () => void;
}

/** Runs it as it stands, with values to try: what reads answers, what changes something only says what it would do. */
export function TryPanel({ parameters, values, trial, isTrying, faultAt, onValues, onTry }: TryLook) {
  const answer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (trial !== null) answer.current?.scrollIntoView({ block: "nearest" });
  }, [trial]);
  const asked = parameters.filter(({ fixed }) => fixed !== true);
  return (
    <section class={styles.part} aria-labelledby="operation-try">
      <div class={styles.partHead}>
        <h2 id="operation-try">Try it</h2>
        <span class={parts.hint}>What reads answers; what changes something only says what it would do.</span>
      </div>
      <div class={styles.fields}>
        {asked.map((parameter) => (
          <ValueField
            key={parameter.name}
            id={`try-${parameter.name}`}
            parameter={parameter}
            wrong={faultAt(parameter.name)?.text ?? null}
            value={ownValue(values, parameter.name) ?? ""}
            onInput={(value) => onValues({ ...values, [parameter.name]: value })}
          />
        ))}
      </div>
      <div>
        <Button small disabled={isTrying} command="operation.try" keys="Ctrl ↵" tip="Runs it once, as it stands" onClick={onTry}>
          <Play aria-hidden="true" /> {isTrying ? "Trying…" : "Try"}
        </Button>
      </div>
      <div class={styles.trial} ref={answer} aria-live="polite" data-busy={isTrying}>
        {trial !== null && <TrialAnswer trial={trial} />}
      </div>
    </section>
  );
}

function TrialAnswer({ trial: { messages, answer, plan, steps, tookMs } }: { trial: Trial }) {
  return (
    <>
      <p class={parts.hint}>
        {plan === null ? "It answers" : "It would, when it is run; nothing has happened"} · {tookMs} ms
      </p>
      {steps !== null ? (
        <TriedSteps steps={steps} />
      ) : plan === null ? (
        <Answer answer={{ messages, data: answer }} />
      ) : (
        <PlannedChanges changes={plan} />
      )}
    </>
  );
}
