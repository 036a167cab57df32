import type { BlueprintDefinition, EntityValues, Field, Transition } from "../../protocol/blueprints.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { shownShort } from "../../protocol/sentence.ts";
import type { Moment } from "../fields/fieldKind.ts";
import { told } from "../sentences/sentences.ts";
import { differingFields, type StoredValues, shownValues, type WrittenValues } from "../values.ts";
import { applyTransition, openTransitions } from "./flow.ts";
import { startsOf, startWords } from "./started.ts";

/** A step that is tried: which transition, and what is said of the fields that it asks for. */
export interface TriedStep {
  transition: string;
  values: WrittenValues;
}

/** What an entity would go through; nothing of it happens. */
export interface Simulation {
  /** After the steps. */
  state: string | null;
  values: EntityValues;
  /** Each step with what it changes, by keys. */
  steps: { transition: string; name: string; before: EntityValues; after: EntityValues; starts: string[] }[];
  /** What could be done next. */
  next: NextStep[];
}

export interface NextStep {
  transition: string;
  name: string;
  to: string;
  /** The keys of fields that it asks for and that have no value. Whether its guard holds is known once they do. */
  asks: string[];
  /** Why it would be refused. */
  refused?: { code: ErrorCode; message: string };
  /** Who would have to agree. */
  approval?: Transition["approval"];
  /** The commands that it would start. */
  starts?: string[];
}

/**
 * Takes an entity's values through a flow that need not be published. `own` are the fields of the version that they fit, `roles` those of whoever would
 * do it. Refusals as `applyTransition`, at `steps.<number>`. Pure.
 */
export function simulate(
  definition: BlueprintDefinition,
  { own, content, roles, id }: { own: readonly Field[]; content: StoredValues; roles: readonly string[]; id: string },
  steps: readonly TriedStep[],
  moment: Moment,
): Simulation {
  const { flow } = definition;
  if (flow === undefined)
    throw new Refusal(
      "conflict",
      told((say) => say.noFlow),
      { path: "flow" },
    );
  const apply = (before: StoredValues, transition: Transition, written: WrittenValues) =>
    applyTransition(definition, own, before, { transition, written, roles }, moment);
  let now = content;
  const taken = steps.map((step, index) => {
    const transition = flow.transitions.find(({ key }) => key === step.transition);
    if (transition === undefined)
      throw new Refusal(
        "invalid_value",
        told((say) => say.noTransition(shownShort(step.transition))),
        {
          path: `steps.${index}.transition`,
        },
      );
    const before = now;
    now = at(`steps.${index}`, () => apply(before, transition, step.values));
    const changed = differingFields(own, before, now);
    return {
      transition: transition.key,
      name: transition.name,
      before: shownValues(changed, before),
      after: shownValues(changed, now),
      starts: startsOf(transition, definition.fields, id, now).map((start) => startWords(start)),
    };
  });
  const state = own.find(({ id }) => id === definition.fields.find(({ key }) => key === flow.field)?.id);
  const stands = state === undefined ? undefined : ownValue(now, state.id);
  const next = openTransitions(flow, stands).map((transition): NextStep => {
    const { key, name, to, required = [], approval, start = [] } = transition;
    const asks = definition.fields.flatMap((field) =>
      required.includes(field.key) && ownValue(now, field.id) === undefined ? [field.key] : [],
    );
    const refused = refusalOf(() => apply(now, transition, {}));
    return {
      transition: key,
      name,
      to,
      asks,
      ...(refused === undefined || (asks.length > 0 && refused.code === "invalid_value")
        ? {}
        : { refused: { code: refused.code, message: refused.message } }),
      ...(approval === undefined ? {} : { approval }),
      ...(start.length === 0 ? {} : { starts: start.map(({ command }) => command) }),
    };
  });
  return { state: typeof stands === "string" ? stands : null, values: shownValues(own, now), steps: taken, next };
}

function refusalOf(work: () => unknown): Refusal | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function at<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof Refusal ? error.movedTo(error.path === undefined ? path : `${path}.${error.path}`) : error;
  }
}
