import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { asField, type MarkedField } from "../editor/blueprintDraft.ts";
import styles from "./Condition.module.css";
import { FilterBar } from "./FilterBar.tsx";
import { filterOf, termsOf } from "./filterTerms.ts";

type Condition = Readonly<Record<string, unknown>>;

interface InputLook {
  legend: string;
  hint?: string;
  condition: Condition | undefined;
  /** By which it may ask. */
  fields: readonly MarkedField[];
  /** Whether it may ask, too, when an entity was made and changed. */
  withTimes?: boolean;
  wrong: string | null;
  onCondition: (condition: Condition | undefined) => void;
}

/** Comparisons of fields that all hold, clicked together; one that only programs write is shown as it is. */
export function ConditionInput({ legend, hint, condition, fields, withTimes = true, wrong, onCondition }: InputLook) {
  const terms = termsOf(condition);
  const asked = fields.filter(({ key, name }) => key !== "" && name !== "").map(asField);
  return (
    <fieldset class={styles.condition} aria-invalid={wrong !== null}>
      <legend>{legend}</legend>
      {terms === null ? (
        <p class={parts.hint}>
          <code>{JSON.stringify(condition)}</code>{" "}
          <Button small tone="plain" onClick={() => onCondition(undefined)}>
            Take it off
          </Button>
        </p>
      ) : (
        <FilterBar
          fields={asked}
          withTimes={withTimes}
          terms={terms}
          label="Condition"
          onTerms={(next) => {
            const filter = filterOf(asked, next);
            onCondition(filter === null ? undefined : { ...filter });
          }}
        />
      )}
      {hint !== undefined && <p class={parts.hint}>{hint}</p>}
      <Wrong>{wrong}</Wrong>
    </fieldset>
  );
}
