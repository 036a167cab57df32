import { z } from "zod";
import { Refusal } from "../../protocol/refusal.ts";
import { comparedAs, comparisons } from "../../protocol/sequences.ts";
import type { Saving } from "../operationKind.ts";
import { type Reference, slotsIn } from "../slots.ts";

const comparison = z.strictObject({
  left: z.json(),
  is: z.enum(comparisons),
  right: z.json().optional(),
  /** As what both are compared; by what they are, where nothing is said. */
  as: z.enum(comparedAs).optional(),
});

const step = z.strictObject({
  /** What later steps call its result: `{{orders.total}}`. */
  name: z
    .string()
    .regex(/^[a-z][a-zA-Z0-9_]{0,39}$/, "a step's name is letters, digits and _, a small letter first")
    .optional(),
  command: z.string().min(1, "choose what it does").max(100),
  /** Values of the command's arguments; a text may have slots. */
  args: z.record(z.string(), z.json()).default({}),
  /** Once for each row of a list: `{{orders.rows}}`; each is called `row` in its arguments and in `when`. */
  each: z.string().max(200).optional(),
  /** Only where all of these hold. */
  when: z.array(comparison).max(10).optional(),
  /** What comes after a refusal: nothing more, or the next row, and the next step after the last. What may have happened always ends it. */
  onFailure: z.enum(["stop", "continue"]).optional(),
});

/** Commands one after another; the result of one is there for those after it. Stops at the first that is refused. */
export const sequenceBody = z.strictObject({ steps: z.array(step).min(1, "a sequence needs a step").max(30, "30 steps are the most") });

export type Sequence = z.output<typeof sequenceBody>;
export type Step = Sequence["steps"][number];
export type Comparison = z.output<typeof comparison>;

/** What the operation's own values and the rows of a loop are called. */
const ofEveryStep = new Set(["me", "run"]);

/** Refusals: `invalid_value` with `sequence.steps.1.…` for a name that stands there twice, and for a slot that nothing before it fills. */
export function checkSequence(sequence: Sequence, { parameters }: Pick<Saving, "parameters">): void {
  const known = new Set([...parameters.map(({ name }) => name), ...ofEveryStep]);
  for (const [index, { name, args, each, when }] of sequence.steps.entries()) {
    const path = `sequence.steps.${index}`;
    if (each !== undefined) {
      const [slot, more] = slotsIn(each);
      if (slot === undefined || more !== undefined || slot.text !== each)
        throw wrong(`${path}.each`, "What a loop goes over is one slot, like {{orders.rows}}.");
      known.has(slot.root) || raiseUnknown(slot, `${path}.each`);
    }
    const here = each === undefined ? known : new Set([...known, "row"]);
    for (const [place, value] of [...below("args", args), ...below("when", when ?? [])]) {
      for (const slot of slotsIn(value)) if (!here.has(slot.root)) raiseUnknown(slot, `${path}.${place}`);
    }
    if (name === undefined) continue;
    if (known.has(name) || name === "row") throw wrong(`${path}.name`, `"${name}" is the name of a parameter or of a step before it.`);
    known.add(name);
  }
}

function below(place: string, values: object): [string, unknown][] {
  return Object.entries(values).map(([name, value]) => [`${place}.${name}`, value]);
}

function raiseUnknown({ text }: Reference, path: string): never {
  throw wrong(path, `${text} has no value here: it is no parameter, and no step before this one is called so.`);
}

function wrong(path: string, message: string): Refusal {
  return new Refusal("invalid_value", message, { path });
}
