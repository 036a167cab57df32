import type { TriedStep } from "../../../src/protocol/sequences.ts";
import { Answer } from "../../answers/Answer.tsx";
import { Chip } from "../../look/Chip.tsx";
import parts from "../../look/parts.module.css";
import styles from "./Sequence.module.css";

/** What each step found when it was tried, or would do. */
export function TriedSteps({ steps }: { steps: readonly TriedStep[] }) {
  return (
    <ol class={styles.tried} aria-label="What each step does">
      {steps.map((step, index) => (
        <li key={index}>
          <div class={styles.triedHead}>
            <b>
              {index + 1}. {step.command}
            </b>
            <Chip tone={step.state === "planned" ? "warn" : undefined}>{stateWords[step.state]}</Chip>
            {step.turns !== 1 && step.turns > 0 && (
              <span class={parts.hint}>
                {step.tried < step.turns ? `the first ${step.tried} of ${step.turns} rows` : `${step.turns} rows`}
              </span>
            )}
          </div>
          <Answer answer={step} />
        </li>
      ))}
    </ol>
  );
}

const stateWords: Record<TriedStep["state"], string> = {
  read: "found",
  planned: "would do",
  skipped: "left out",
  unknown: "not known yet",
};
