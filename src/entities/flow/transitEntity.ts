import type { AccountPrincipal } from "../../access/principal.ts";
import { type EntityView, type Field, fieldWords, type Transition } from "../../protocol/blueprints.ts";
import type { PlannedChange } from "../../protocol/commands.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { fieldsOf, requireEntity } from "../findEntities.ts";
import { momentOf } from "../moment.ts";
import { type EntityOutside, refuseTrashed, requireUsable, rewriteEntity, type SeenEntity } from "../rewriteEntity.ts";
import { differingFields, type StoredValues, type WrittenValues } from "../values.ts";
import { applyTransition } from "./flow.ts";

/** Which transition, and what is said of the fields that it asks for. */
export interface AskedTransition {
  transition: string;
  written: WrittenValues;
}

/** Takes an entity through a transition of the latest flow. Refusals: `not_found`, and those of `applyTransition`. */
export async function transitEntity(
  outside: EntityOutside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  asked: AskedTransition,
): Promise<EntityView> {
  return await rewriteEntity(outside, by, key, wanted, async (seen) => ({
    kind: "change",
    content: await contentAfter(outside, by, seen, asked),
    trashedAt: null,
  }));
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
  const after = await contentAfter(outside, by, { blueprint, entity, fields }, asked);
  return differingFields(fields, entity.content, after).map(({ id, name }) => ({
    text: name,
    kind: "change",
    before: fieldWords(ownValue(entity.content, id)),
    after: fieldWords(ownValue(after, id)),
  }));
}

async function contentAfter(
  outside: EntityOutside,
  by: AccountPrincipal,
  { blueprint: { definition }, entity, fields }: SeenEntity,
  { transition: key, written }: AskedTransition,
): Promise<StoredValues> {
  refuseTrashed(entity);
  const transition = definition.flow?.transitions.find((one) => one.key === key);
  if (transition === undefined) throw new Refusal("not_found", `There is no transition "${key.slice(0, 60)}".`, { path: "transition" });
  const moment = await momentOf(outside, by.tenant, setsDay(transition, definition.fields));
  return applyTransition(definition, fields, entity.content, { transition, written, roles: by.roles }, moment);
}

function setsDay({ set = {} }: Transition, fields: readonly Field[]): boolean {
  return fields.some(({ key, type }) => type === "date" && typeof ownValue(set, key) === "object");
}
