import { Plus, Trash2 } from "lucide-preact";
import type { ArgSchema } from "../../../src/protocol/commands.ts";
import { type ComparedAs, comparisons } from "../../../src/protocol/sequences.ts";
import { Button } from "../../look/Button.tsx";
import { Choice } from "../../settings/fields.tsx";
import { type Body, isRecord, textIn } from "../draft.ts";
import { OutputChoice } from "./OutputChoice.tsx";
import type { OutputGroup, OutputType } from "./outputs.ts";
import styles from "./Sequence.module.css";
import { StepValue } from "./StepValue.tsx";
import { without } from "./steps.ts";

type Is = (typeof comparisons)[number];

const words: Record<Is, string> = {
  ...{ eq: "is", ne: "is not", lt: "is less than", lte: "is at most", gt: "is more than", gte: "is at least" },
  ...{ contains: "contains", empty: "is empty", notEmpty: "is not empty" },
};
const wordsOfTimes: Partial<Record<Is, string>> = { lt: "is before", lte: "is not after", gt: "is after", gte: "is not before" };

/** As what two values are compared follows from what the first is. */
const comparedAs: Partial<Record<OutputType, ComparedAs>> = { number: "number", time: "time" };
const schemas: Partial<Record<OutputType, ArgSchema>> = {
  number: { type: "string", format: "decimal" },
  time: { type: "string", format: "date" },
  yesNo: { type: "boolean" },
};

interface ConditionsLook {
  id: string;
  step: Body;
  groups: readonly OutputGroup[];
  faultAt: (path: string) => string | null;
  onChange: (step: Body) => void;
}

/** Only where all of these hold the step is done: for the row, or at all. */
export function Conditions({ id, step, groups, faultAt, onChange }: ConditionsLook) {
  const conditions = Array.isArray(step["when"]) ? step["when"].filter(isRecord) : [];
  const write = (next: readonly Body[]) => onChange(next.length === 0 ? without(step, "when") : { ...step, when: next });
  return (
    <>
      {conditions.map((condition, place) => (
        <Condition
          key={place}
          id={`${id}-when-${place}`}
          first={place === 0}
          condition={condition}
          groups={groups}
          faultAt={(side) => faultAt(`when.${place}.${side}`)}
          onChange={(changed) => write(conditions.map((each, at) => (at === place ? changed : each)))}
          onRemove={() => write(conditions.filter((_, at) => at !== place))}
        />
      ))}
      <div>
        <Button small tone="plain" onClick={() => write([...conditions, { left: "", is: "eq", right: "" }])}>
          <Plus aria-hidden="true" /> {conditions.length === 0 ? "Only if …" : "And only if …"}
        </Button>
      </div>
    </>
  );
}

interface ConditionLook {
  id: string;
  first: boolean;
  condition: Body;
  groups: readonly OutputGroup[];
  faultAt: (side: string) => string | null;
  onChange: (condition: Body) => void;
  onRemove: () => void;
}

function Condition({ id, first, condition, groups, faultAt, onChange, onRemove }: ConditionLook) {
  const left = textIn(condition["left"]);
  const is = textIn(condition["is"]);
  const type = groups.flatMap(({ outputs }) => outputs).find(({ slot }) => slot === left)?.type;
  const as = type === undefined ? undefined : comparedAs[type];
  const schema: ArgSchema = (type === undefined ? undefined : schemas[type]) ?? { type: "string" };
  const isAlone = is === "empty" || is === "notEmpty";
  const choose = (slot: string) => {
    const next = groups.flatMap(({ outputs }) => outputs).find((output) => output.slot === slot)?.type;
    const compared = next === undefined ? undefined : comparedAs[next];
    onChange({
      ...without(condition, "as"),
      left: slot,
      ...(compared === undefined ? {} : { as: compared }),
      ...(next === type ? {} : { right: next === "yesNo" ? true : "" }),
    });
  };
  return (
    <fieldset class={styles.condition}>
      <legend>{first ? "Only if" : "and"}</legend>
      <OutputChoice
        id={`${id}-left`}
        label="Value"
        none="Choose a value"
        groups={groups}
        wrong={faultAt("left")}
        value={left}
        onInput={choose}
      />
      <Choice
        id={`${id}-is`}
        label="Compared"
        wrong={faultAt("is")}
        value={is}
        options={Object.entries(words).map(([value, label]) => ({ value, label: as === "time" ? (timeWord(value) ?? label) : label }))}
        onInput={(next) =>
          onChange(
            next === "empty" || next === "notEmpty" ? { ...without(condition, "right"), is: next } : { right: "", ...condition, is: next },
          )
        }
      />
      {!isAlone && (
        <StepValue
          id={`${id}-right`}
          command=""
          name="with"
          schema={schema}
          required
          value={condition["right"] === "" ? undefined : condition["right"]}
          others={{}}
          groups={groups}
          wrong={faultAt("right")}
          onChange={(right) => onChange({ ...condition, right: right ?? "" })}
        />
      )}
      <Button tone="plain" small label="Remove this condition" onClick={onRemove}>
        <Trash2 />
      </Button>
    </fieldset>
  );
}

function timeWord(is: string): string | undefined {
  const found = comparisons.find((each) => each === is);
  return found === undefined ? undefined : wordsOfTimes[found];
}
