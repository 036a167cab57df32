import type { Parameter } from "./operations.ts";

/** A value of a recorded step: it may stay as it was, be asked for, or come from a step before. */
export interface RecordedValue {
  /** Counted from 0. */
  step: number;
  argument: string;
  value: unknown;
  /** `{{orders.rows.0.email}}`, where a step before had the same value. */
  from?: string;
  /** What would be asked for; not of a list or an object. */
  parameter?: Parameter;
  /** Why it can't stay as it was, in a sentence. */
  asked?: string;
}

export interface RecordedStep {
  name: string;
  command: string;
}

/** What somebody did, as a draft of a sequence. */
export interface Recording {
  steps: RecordedStep[];
  values: RecordedValue[];
  /** Runs that have no place in it, and why. */
  leftOut: { run: string; command: string; why: string }[];
}

export type ValueWay = "from" | "ask" | "keep";

/** What stands in a step where nobody says otherwise. */
export function usualWay({ from, parameter, asked, argument }: RecordedValue): ValueWay {
  if (from !== undefined) return "from";
  return parameter !== undefined && (asked !== undefined || argument === "conversation") ? "ask" : "keep";
}

/** The parameters and steps of an operation, with each value in the way that was chosen. */
export function composeRecording(
  { steps, values }: Pick<Recording, "steps" | "values">,
  way: (value: RecordedValue) => ValueWay,
): { parameters: Parameter[]; sequence: { steps: (RecordedStep & { args: Record<string, unknown> })[] } } {
  const parameters = new Map<string, Parameter>();
  const composed = steps.map((step, index) => ({
    ...step,
    args: Object.fromEntries(
      values
        .filter((value) => value.step === index)
        .map((value) => {
          const chosen = way(value);
          if (chosen === "from" && value.from !== undefined) return [value.argument, value.from];
          if (chosen !== "ask" || value.parameter === undefined) return [value.argument, value.value];
          parameters.set(value.parameter.name, value.parameter);
          return [value.argument, `{{${value.parameter.name}}}`];
        }),
    ),
  }));
  return { parameters: [...parameters.values()], sequence: { steps: composed } };
}
