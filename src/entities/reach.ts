import { type EntityLimit, limitsOf } from "../access/policy.ts";
import type { AccountPrincipal } from "../access/principal.ts";
import type { SqlField } from "../platform/lists/listSql.ts";
import type { BlueprintDefinition, Field, Flow, StartedCommand, Transition } from "../protocol/blueprints.ts";
import { checkFilter, type Filter, namesIn } from "../protocol/lists/filter.ts";
import { Refusal } from "../protocol/refusal.ts";
import { fieldOfArgument } from "../protocol/startedArguments.ts";
import type { StoredBlueprint } from "./blueprints/blueprintStore.ts";
import { listedFields } from "./listedFields.ts";

/** Whose rights count. */
export type Reader = Pick<AccountPrincipal, "tenant" | "grants" | "account" | "email" | "teams">;

/** Some entities of a blueprint, and which of their fields: all of both where nothing is said. */
export interface ReachPart {
  fields: ReadonlySet<string> | undefined;
  records: EntityLimit["records"];
  filter: Filter | undefined;
}

/**
 * What of a blueprint's entities a permission reaches: all, or what each part gives, a field being seen on the entities of the parts that have it. Who
 * reads values gets it with the blueprint from `blueprintFor`, and hands the blueprint on: `entityStore` finds through it, `entityList` filters and
 * sorts by it (hidden fields aren't there, half-hidden ones are empty where they are hidden), `viewOf` and `fieldsOn` show by it. A statement of another
 * kind takes `bindReach`.
 */
export type EntityReach =
  | "all"
  | { account: string; teams: readonly string[]; parts: readonly ReachPart[]; fields: Readonly<Record<string, SqlField>> };

/** Which parts of a reach an entity is within, in their order; null where the reach is all. */
export type Parts = readonly (boolean | null)[] | null;

/** A blueprint with what whoever asks may see of its entities: of its definition, too, unless it was asked for to change them. */
export interface ReachedBlueprint extends StoredBlueprint {
  reach: EntityReach;
  /** What they may change of these; where it is missing it was asked for to be read. */
  changes?: EntityReach;
  /** It is remembered, and what is found through it asks whether it still is so (`throughBlueprint`). */
  isGuess?: boolean;
}

/** What whoever holds this permission reaches; undefined for who doesn't. */
export function reachOf(
  by: Reader,
  permission: "entities.read" | "entities.change",
  { key, definition }: Pick<StoredBlueprint, "key" | "definition">,
): EntityReach | undefined {
  const limits = limitsOf(by, permission, key);
  if (limits === undefined || limits === "all") return limits;
  const fields = ruleFields(definition.fields);
  return { account: by.account, teams: by.teams, fields, parts: limits.flatMap((limit) => partOf(limit, fields, by) ?? []) };
}

/** For who doesn't hold a permission at all. */
export const nothing: EntityReach = { account: "", teams: [], parts: [], fields: {} };

/** By what a rule may ask besides the fields: who made and changed an entity. */
export const whoFields: Readonly<Record<string, SqlField>> = {
  createdBy: { type: "id", sql: "e.created_by" },
  updatedBy: { type: "id", sql: "e.changed_by" },
};

/** By what a rule may say which entities there are for somebody: `whoFields`, and the fields by their ids. */
export function ruleFields(fields: readonly Field[]): Record<string, SqlField> {
  const byId = listedFields(fields.map((field) => ({ ...field, key: field.id })));
  return {
    ...whoFields,
    // A choice that is offered no more may still stand in an entity.
    ...Object.fromEntries(Object.entries(byId).map(([id, { choices: _, ...field }]): [string, SqlField] => [id, field])),
  };
}

/** Nothing for a rule about what isn't there any more: it gives no entity. */
function partOf({ fields, records, filter }: EntityLimit, rules: Readonly<Record<string, SqlField>>, by: Reader): ReachPart | undefined {
  try {
    const checked = filter === undefined ? undefined : checkFilter(rules, JSON.stringify(withMe(filter, rules, by)));
    return { fields: fields === undefined ? undefined : new Set(fields), records, filter: checked };
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** `me` is whoever asks: their account where somebody is named, their address where a mail address is. */
function withMe(filter: Readonly<Record<string, unknown>>, rules: Readonly<Record<string, SqlField>>, by: Reader): unknown {
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    return typeof value === "object" && value !== null ? withMe({ ...value }, rules, by) : value;
  };
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]) => {
      const field = Object.hasOwn(rules, name) ? rules[name] : undefined;
      if (field === undefined || typeof value !== "object" || value === null) return [name, inner(value)];
      const mine = field.type === "id" ? by.account : by.email;
      const replaced = (one: unknown): unknown => (one === "me" && (field.type === "id" || field.type === "text") ? mine : one);
      return [
        name,
        Object.fromEntries(
          Object.entries(value).map(([operator, one]) => [operator, Array.isArray(one) ? one.map(replaced) : replaced(one)]),
        ),
      ];
    }),
  );
}

/** Whether a field is seen on some entity. */
export function seesField(reach: EntityReach, { id }: Pick<Field, "id">): boolean {
  return reach === "all" || reach.parts.some(({ fields }) => fields?.has(id) ?? true);
}

/** Of these fields those that are seen on an entity that is within these parts. */
export function fieldsOn(reach: EntityReach, fields: readonly Field[], parts: Parts): readonly Field[] {
  if (reach === "all") return fields;
  const within = reach.parts.filter((_, index) => parts?.[index] === true);
  return fields.filter(({ id }) => within.some((part) => part.fields?.has(id) ?? true));
}

/** A definition without what the reach hides: neither is a flow told as far as it is about hidden fields. */
export function seenDefinition(reach: EntityReach, definition: BlueprintDefinition): BlueprintDefinition {
  if (reach === "all") return definition;
  const { flow, ...rest } = definition;
  const keys = new Set(definition.fields.filter((field) => seesField(reach, field)).map(({ key }) => key));
  const fields = withSeenConditions(reach, definition.fields).filter(({ key }) => keys.has(key));
  return { ...rest, fields, ...(flow === undefined || !keys.has(flow.field) ? {} : { flow: seenFlow(flow, keys) }) };
}

/** The fields without the conditions that are about hidden ones: neither where they are shown nor whether they may be empty tells of these. */
export function withSeenConditions(reach: EntityReach, fields: readonly Field[]): readonly Field[] {
  if (reach === "all") return fields;
  const keys = new Set(fields.filter((field) => seesField(reach, field)).map(({ key }) => key));
  return fields.map(({ shownWhen, ...field }) =>
    shownWhen === undefined || !namesIn(shownWhen).every((name) => keys.has(name)) ? field : { ...field, shownWhen },
  );
}

function seenFlow(flow: Flow, keys: ReadonlySet<string>): Flow {
  return { ...flow, transitions: flow.transitions.map((transition) => seenTransition(transition, keys)) };
}

function seenTransition({ set, required, guard, start, ...transition }: Transition, keys: ReadonlySet<string>): Transition {
  const shown = Object.entries(set ?? {}).filter(([key, effect]) => {
    const copied = typeof effect === "object" && effect !== null && "field" in effect ? effect.field : key;
    return keys.has(key) && keys.has(copied);
  });
  return {
    ...transition,
    ...(set === undefined ? {} : { set: Object.fromEntries(shown) }),
    ...(required === undefined ? {} : { required: required.filter((key) => keys.has(key)) }),
    ...(guard === undefined || namesIn(guard).some((name) => isHidden(name, keys)) ? {} : { guard }),
    ...(start === undefined ? {} : { start: start.filter((started) => !handsOnHidden(started, keys)) }),
  };
}

/** Whether somebody who sees these fields of an entity is told that its steps start this command. */
export function showsStart({ flow }: BlueprintDefinition, seen: readonly Field[], command: string): boolean {
  const keys = new Set(seen.map(({ key }) => key));
  if (flow === undefined || !keys.has(flow.field)) return false;
  return flow.transitions.some(({ start = [] }) => start.some((one) => one.command === command && !handsOnHidden(one, keys)));
}

/** Whether what is started is given what isn't among these fields. */
export function handsOnHidden({ args }: StartedCommand, keys: ReadonlySet<string>): boolean {
  return Object.values(args).some((said) => isHidden(fieldOfArgument(said) ?? "entityId", keys));
}

/** What every entity has besides its blueprint's fields has a capital letter. */
function isHidden(name: string, keys: ReadonlySet<string>): boolean {
  return !keys.has(name) && !/[A-Z]/.test(name);
}

/** Whether a step of a flow has to do with what isn't among these fields. */
export function touchesHidden({ set = {}, required = [], guard }: Transition, state: string, keys: ReadonlySet<string>): boolean {
  const copied = Object.values(set).flatMap((effect) =>
    typeof effect === "object" && effect !== null && "field" in effect ? [effect.field] : [],
  );
  return [state, ...Object.keys(set), ...copied, ...required, ...namesIn(guard)].some((name) => isHidden(name, keys));
}
