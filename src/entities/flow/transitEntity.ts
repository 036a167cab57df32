import type { AccountPrincipal } from "../../access/principal.ts";
import { type EntityView, type Field, type Flow, fieldWords, type Transition } from "../../protocol/blueprints.ts";
import type { PlannedChange } from "../../protocol/commands.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { fieldsOf, requireEntity } from "../findEntities.ts";
import { momentOf } from "../moment.ts";
import { findNamed } from "../named/findNamed.ts";
import { nameValues } from "../named/nameValues.ts";
import { fieldsOn, touchesHidden } from "../reach.ts";
import { requireWritable } from "../reachWrites.ts";
import { type EntityOutside, type Rewritten, refuseTrashed, requireUsable, rewriteEntity, type SeenEntity } from "../rewriteEntity.ts";
import { differingFields, type StoredValues, type WrittenValues } from "../values.ts";
import { askStarts, depthOf, startsSeen } from "./askStarts.ts";
import { applyTransition } from "./flow.ts";
import { startWords } from "./started.ts";

/** Which transition, and what is said of the fields that it asks for. */
export interface AskedTransition {
  transition: string;
  written: WrittenValues;
  /** In which run it is taken. */
  run?: string;
}

/** Takes an entity through a transition of the latest flow. Refusals: `not_found`, and those of `applyTransition`. */
export async function transitEntity(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  asked: AskedTransition,
): Promise<EntityView> {
  const depth = await depthOf(outside, by.tenant, asked.run);
  return await rewriteEntity(outside, by, key, wanted, async (seen) => await stepTaken(outside, by, seen, asked, depth));
}

/** What becomes of one that takes a step, with what that starts, in a run to which so many steps led (`depthOf`). Refusals as `transitEntity`. */
export async function stepTaken(
  outside: EntityOutside,
  by: AccountPrincipal,
  seen: SeenEntity,
  asked: AskedTransition,
  depth: number,
): Promise<Rewritten> {
  const { transition, content } = await afterStep(outside, by, seen, asked);
  const starts = await askStarts(outside, by, seen, transition, content, depth);
  return { kind: "change", content, trashedAt: null, starts };
}

/** What it would change, field by field; it changes nothing. Refusals as `transitEntity`. */
export async function planTransition(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  asked: AskedTransition,
): Promise<PlannedChange[]> {
  const blueprint = await requireUsable(outside, by, key);
  const sql = outside.database.forTenant(by.tenant);
  const entity = await requireEntity(sql, blueprint, wanted);
  const fields = await fieldsOf(sql, blueprint, entity);
  const { transition, content: after } = await afterStep(outside, by, { blueprint, entity, fields }, asked);
  const starts = startsSeen(transition, blueprint.definition.fields, blueprint, entity, after);
  const seen = fieldsOn(blueprint.reach, fields, entity.parts);
  const contents = [entity.content, after];
  const named = (await nameValues(outside, by, [{ id: entity.id, fields: seen, contents }]))(entity.id);
  return [
    ...differingFields(seen, entity.content, after).map(({ id, name }) => ({
      text: name,
      kind: "change" as const,
      before: fieldWords(ownValue(entity.content, id), named),
      after: fieldWords(ownValue(after, id), named),
    })),
    ...starts.map((start) => ({ text: `Starts ${startWords(start, named)}`, kind: "send" as const })),
  ];
}

/** A step of the latest flow, and the values of an entity that took it. Refusals as `transitEntity`. */
async function afterStep(
  outside: EntityOutside,
  by: AccountPrincipal,
  { blueprint, entity, fields }: SeenEntity,
  { transition: key, written }: AskedTransition,
): Promise<{ transition: Transition; content: StoredValues }> {
  refuseTrashed(entity);
  const { definition, reach } = blueprint;
  const { flow } = definition;
  const transition = flow?.transitions.find((one) => one.key === key);
  if (flow === undefined || transition === undefined)
    throw new Refusal("not_found", `There is no transition "${key.slice(0, 60)}".`, { path: "transition" });
  requireWritable(blueprint, fields, entity, written);
  const [found = written] = await findNamed(outside, by, fields, [{ values: written, before: entity, path: "values" }]);
  const moment = await momentOf(outside, by, setsDay(transition, definition.fields));
  const seen = fieldsOn(reach, definition.fields, entity.parts);
  const content = hiding(flow, transition, seen, () =>
    applyTransition(definition, fields, entity.content, { transition, written: found, roles: by.roles }, moment),
  );
  return { transition, content };
}

/** A step that has to do with what they don't see works all the same; why it doesn't is told without it. */
function hiding<Result>(flow: Flow, transition: Transition, seen: readonly Field[], apply: () => Result): Result {
  try {
    return apply();
  } catch (error) {
    const keys = new Set(seen.map(({ key }) => key));
    if (!(error instanceof Refusal) || error.code === "forbidden" || !touchesHidden(transition, flow.field, keys)) throw error;
    throw new Refusal("conflict", `"${transition.name}" can't be done with it now.`);
  }
}

function setsDay({ set = {} }: Transition, fields: readonly Field[]): boolean {
  return fields.some(({ key, type }) => type === "date" && ownValue(set, key) !== undefined);
}
