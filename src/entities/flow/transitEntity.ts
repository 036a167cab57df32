import type { AccountPrincipal } from "../../access/principal.ts";
import { type EntityView, fieldWords } from "../../protocol/blueprints.ts";
import type { PlannedChange } from "../../protocol/commands.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { fieldsOf, requireEntity } from "../findEntities.ts";
import { timeZoneOf } from "../moment.ts";
import { findNamed } from "../named/findNamed.ts";
import { nameValues } from "../named/nameValues.ts";
import { fieldsOn } from "../reach.ts";
import { type EntityOutside, requireUsable, rewriteEntity, type SeenEntity } from "../rewriteEntity.ts";
import { differingFields, type WrittenValues } from "../values.ts";
import { depthOf, startsSeen } from "./askStarts.ts";
import { startWords } from "./started.ts";
import { afterStep, requireStep, type Step, setsDay, takeStep } from "./takeStep.ts";

/** Which transition, and what is said of the fields that it asks for. */
export interface AskedTransition {
  transition: string;
  written: WrittenValues;
  /** In which run it is taken. */
  run?: string;
}

/** Takes an entity through a transition of the latest flow. Refusals: `not_found`, and those of `takeStep`. */
export async function transitEntity(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  asked: AskedTransition,
): Promise<EntityView> {
  const depth = await depthOf(outside, by.tenant, asked.run);
  const from = { sql: outside.database.forTenant(by.tenant), clock: outside.clock };
  return await rewriteEntity(outside, by, key, wanted, async (seen) => {
    const [taken] = await takeStep(from, by, [seen], { ...(await stepOf(outside, by, seen, asked)), depth });
    if (taken instanceof Refusal) throw taken;
    if (taken === undefined) throw new Error("one that takes a step becomes something");
    return taken;
  });
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
  const one = { blueprint, entity, fields: await fieldsOf(sql, blueprint, entity) };
  const { transition, content: after } = afterStep(outside.clock, by, one, await stepOf(outside, by, one, asked));
  const starts = startsSeen(transition, blueprint.definition.fields, blueprint, entity, after);
  const seen = fieldsOn(blueprint.reach, one.fields, entity.parts);
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

/** Looks up what one of them takes: what stands in the entity already may stay. */
async function stepOf(
  outside: EntityOutside,
  by: AccountPrincipal,
  seen: SeenEntity,
  { transition: key, written }: AskedTransition,
): Promise<Omit<Step, "depth">> {
  const { transition } = requireStep(seen, { transition: key, written });
  const [found = written] = await findNamed(outside, by, seen.fields, [{ values: written, before: seen.entity, path: "values" }]);
  const needsDay = setsDay(transition, seen.blueprint.definition.fields);
  return { transition: key, written: found, timeZone: needsDay ? await timeZoneOf(outside, by.tenant) : "UTC" };
}
