import type { AccountPrincipal } from "../../access/principal.ts";
import type { Sql } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Field, Flow, Transition } from "../../protocol/blueprints.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { shownShort } from "../../protocol/sentence.ts";
import { momentIn } from "../moment.ts";
import { fieldsOn, touchesHidden } from "../reach.ts";
import { requireWritable } from "../reachWrites.ts";
import { type Rewritten, refuseTrashed, type SeenEntity } from "../rewriteEntity.ts";
import { told } from "../sentences/sentences.ts";
import type { StoredValues, WrittenValues } from "../values.ts";
import { askStarts, refuseDeep, startsSeen, withPeople } from "./askStarts.ts";
import { applyTransition } from "./flow.ts";
import type { Start } from "./started.ts";

/** A step, with what was looked up for it: once, of however many take it. */
export interface Step {
  transition: string;
  /** What is said of the fields that it asks for, ids in place of names (`findNamed`). */
  written: WrittenValues;
  /** Where the tenant is. */
  timeZone: string;
  /** How many steps led to the run in which it is taken (`depthOf`). */
  depth: number;
}

/**
 * What becomes of each that takes a step, in their order, with what that starts; what one is refused for is its own. One statement, where what is started is
 * given people. Refusals: those of `afterStep`, `forbidden` where what is started is given what whoever takes the step doesn't see, `conflict` where steps
 * start each other without an end.
 */
export async function takeStep(
  { sql, clock }: { sql: Pick<Sql, "query"> } & Pick<Platform, "clock">,
  by: AccountPrincipal,
  seen: readonly SeenEntity[],
  step: Step,
): Promise<(Rewritten | Refusal)[]> {
  const taken = seen.map((one): Taken | Refusal => {
    try {
      const { transition, content } = afterStep(clock, by, one, step);
      const starts = startsSeen(transition, one.blueprint.definition.fields, one.blueprint, one.entity, content);
      refuseDeep(transition, step.depth);
      return { one, content, starts };
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  });
  const named = await withPeople(
    sql,
    taken.map((each) => (each instanceof Refusal ? [] : each.starts)),
  );
  return taken.map((each, index) => {
    if (each instanceof Refusal) return each;
    const starts = askStarts(by, each.one, named[index] ?? [], step.depth);
    return { kind: "change", content: each.content, trashedAt: null, starts };
  });
}

interface Taken {
  one: SeenEntity;
  content: StoredValues;
  starts: Start[];
}

/** A step of the latest flow, and the values of an entity that took it. Refusals: those of `requireStep` and `applyTransition`. Pure, but for the clock. */
export function afterStep(
  clock: Platform["clock"],
  by: AccountPrincipal,
  seen: SeenEntity,
  { transition: key, written, timeZone }: Pick<Step, "transition" | "written" | "timeZone">,
): { transition: Transition; content: StoredValues } {
  const { flow, transition } = requireStep(seen, { transition: key, written });
  const { blueprint, entity, fields } = seen;
  const { definition, reach } = blueprint;
  const moment = momentIn(clock, by.account, timeZone);
  const shown = fieldsOn(reach, definition.fields, entity.parts);
  const content = hiding(flow, transition, shown, () =>
    applyTransition(definition, fields, entity.content, { transition, written, roles: by.roles }, moment),
  );
  return { transition, content };
}

/** A step of the latest flow that an entity could be asked to take. Refusals: `not_found`, `conflict` in the trash, and those of `requireWritable`. */
export function requireStep(
  { blueprint, entity, fields }: SeenEntity,
  { transition: key, written }: Pick<Step, "transition" | "written">,
): { flow: Flow; transition: Transition } {
  refuseTrashed(entity);
  const { flow } = blueprint.definition;
  const transition = flow?.transitions.find((one) => one.key === key);
  if (flow === undefined || transition === undefined)
    throw new Refusal(
      "not_found",
      told((say) => say.noTransition(shownShort(key))),
      { path: "transition" },
    );
  requireWritable(blueprint, fields, entity, written);
  return { flow, transition };
}

/** A step that has to do with what they don't see works all the same; why it doesn't is told without it. */
function hiding<Result>(flow: Flow, transition: Transition, seen: readonly Field[], apply: () => Result): Result {
  try {
    return apply();
  } catch (error) {
    const keys = new Set(seen.map(({ key }) => key));
    if (!(error instanceof Refusal) || error.code === "forbidden" || !touchesHidden(transition, flow.field, keys)) throw error;
    throw new Refusal(
      "conflict",
      told((say) => say.notNow(transition.name)),
    );
  }
}

/** Whether it matters where the tenant is. */
export function setsDay({ set = {} }: Transition, fields: readonly Field[]): boolean {
  return fields.some(({ key, type }) => type === "date" && ownValue(set, key) !== undefined);
}
