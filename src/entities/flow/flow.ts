import type { BlueprintDefinition, Effect, Field, FieldValue, Flow, Transition } from "../../protocol/blueprints.ts";
import { checkFilter, namesIn } from "../../protocol/lists/filter.ts";
import { guardWords } from "../../protocol/lists/guardWords.ts";
import { matchesFilter } from "../../protocol/lists/matchesFilter.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Sentence } from "../../protocol/sentence.ts";
import type { Moment } from "../fields/fieldKind.ts";
import { unfit } from "../fields/fieldKind.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import { comparedFields } from "../listedFields.ts";
import { told } from "../sentences/sentences.ts";
import { changedValues, momentWord, type StoredValues, shownValues, type WrittenValues } from "../values.ts";

/** A transition that somebody wants of an entity. */
export interface Wanted {
  transition: Transition;
  /** What they say of the fields that it asks for. */
  written: WrittenValues;
  /** The keys of their roles. */
  roles: readonly string[];
}

/**
 * The values of an entity after a transition of the latest version's flow. `own` are the fields of the version that the entity fits. Refusals: `conflict`
 * where it is in another state, where its version has not what the transition is about, or where the guard doesn't hold; `forbidden` for who has none of
 * the roles; `invalid_value` with `values.<key>`. Pure.
 */
export function applyTransition(
  { fields, flow }: BlueprintDefinition,
  own: readonly Field[],
  content: StoredValues,
  { transition, written, roles }: Wanted,
  moment: Moment,
): StoredValues {
  if (flow === undefined)
    throw new Refusal(
      "conflict",
      told((say) => say.noFlow),
    );
  const state = requireFields(fields, own, [flow.field])[0];
  if (state === undefined) throw new Error("a flow without its field");
  refuseOtherState(state, content, transition);
  if (transition.roles !== undefined && !transition.roles.some((role) => roles.includes(role)))
    throw new Refusal(
      "forbidden",
      told((say) => say.doneBy(transition.name, (transition.roles ?? []).join(", "))),
    );
  const asked = transition.required ?? [];
  const touched = requireFields(fields, own, [...new Set([...asked, ...Object.keys(transition.set ?? {})])]);
  const given = changedValues(
    touched.filter(({ key }) => asked.includes(key)),
    content,
    written,
  );
  requireThere(touched, asked, given);
  requireGuard(fields, transition, given);
  const after: Record<string, FieldValue> = { ...given };
  for (const field of touched) {
    const effect = ownValue(transition.set ?? {}, field.key);
    if (effect === undefined) continue;
    const value = effectOf(effect, field, { fields, content: given, moment });
    if (value === undefined) delete after[field.id];
    else after[field.id] = fieldKinds[field.type].read(value, field, `values.${field.key}`);
  }
  after[state.id] = transition.to;
  return after;
}

/** What is written of a new entity, in the state that is written or in the first. Refusal `invalid_value` for one that the flow doesn't have. Pure. */
export function inFirstState({ fields, flow }: BlueprintDefinition, written: WrittenValues, path: string): WrittenValues {
  const state = fields.find(({ key }) => key === flow?.field);
  if (flow === undefined || state === undefined) return written;
  const given = ownValue(written, state.key);
  const begins = given === undefined || given === null || given === "" ? (state.default ?? flow.states[0]) : given;
  if (typeof begins === "string" && flow.states.includes(begins)) return { ...written, [state.key]: begins };
  throw unfit(state, (say) => say.oneOf(flow.states.join(", ")), `${path}.${state.key}`, begins);
}

/** A flow's state is changed by its transitions alone. Refusal `conflict`. */
export function refuseState(
  { fields, flow }: BlueprintDefinition,
  own: readonly Field[],
  content: StoredValues,
  written: WrittenValues,
): void {
  const state = flow === undefined ? undefined : fields.find(({ key }) => key === flow.field);
  const field = own.find(({ id }) => id === state?.id);
  if (flow === undefined || field === undefined) return;
  const said = ownValue(written, field.key);
  if (said === undefined || said === ownValue(content, field.id)) return;
  const ways = waysTo(flow, ownValue(content, field.id), said);
  throw new Refusal(
    "conflict",
    told((say) => say.changedByDoing(field.name, ways)),
    {
      path: `values.${field.key}`,
    },
  );
}

/** The transitions that an entity in this state may take. */
export function openTransitions(flow: Flow, state: unknown): Transition[] {
  return flow.transitions.filter(({ from }) => from.some((one) => one === state));
}

function waysTo(flow: Flow, state: unknown, wanted: unknown): string {
  const open = openTransitions(flow, state);
  const leading = open.filter(({ to }) => to === wanted);
  return (leading.length > 0 ? leading : open).map(({ key }) => key).join(", ");
}

function refuseOtherState(state: Field, content: StoredValues, { name, from }: Transition): void {
  const now = ownValue(content, state.id);
  if (typeof now === "string" && from.includes(now)) return;
  throw new Refusal(
    "conflict",
    told((say) => say.beginsAt(state.name, now === undefined ? undefined : String(now), name, from.join(", "))),
    {
      current: { state: now ?? null },
    },
  );
}

/** The fields of these keys, where the entity's version has each of them too. */
function requireFields(fields: readonly Field[], own: readonly Field[], keys: readonly string[]): Field[] {
  return keys.map((key) => {
    const field = fields.find((one) => one.key === key);
    if (field !== undefined && own.some(({ id }) => id === field.id)) return field;
    throw new Refusal(
      "conflict",
      told((say) => say.olderVersion(field?.name ?? key)),
    );
  });
}

function requireThere(fields: readonly Field[], asked: readonly string[], content: StoredValues): void {
  const missing = fields.find(({ id, key }) => asked.includes(key) && ownValue(content, id) === undefined);
  if (missing !== undefined)
    throw new Refusal(
      "invalid_value",
      told((say) => say.missing(missing.name)),
      { path: `values.${missing.key}` },
    );
}

function requireGuard(fields: readonly Field[], { name, guard }: Transition, content: StoredValues): void {
  if (guard === undefined) return;
  const values = Object.fromEntries(
    Object.entries(shownValues(fields, content)).flatMap(([key, value]) => (typeof value === "object" ? [] : [[key, value] as const])),
  );
  const list = comparedFields(fields);
  const said = JSON.stringify(guard);
  if (matchesFilter(list, said, values)) return;
  const named = new Set(namesIn(guard));
  const filter = checkFilter(list, said);
  const where: Sentence = (language) => told((say) => say.doneWhere(name, guardWords(fields, filter, language)))(language);
  throw new Refusal("conflict", where, {
    current: { values: Object.fromEntries(Object.entries(values).filter(([key]) => named.has(key))) },
  });
}

function effectOf(
  effect: Effect,
  field: Field,
  { fields, content, moment }: { fields: readonly Field[]; content: StoredValues; moment: Moment },
): unknown {
  if (effect === null) return undefined;
  const word = momentWord(field, effect);
  if (word !== undefined) return moment[word];
  if (typeof effect !== "object" || Array.isArray(effect)) return effect;
  if ("now" in effect) return field.type === "date" ? moment.today : moment.now;
  if ("add" in effect) return fieldKinds[field.type].add?.(ownValue(content, field.id), effect.add);
  if (!("field" in effect)) return undefined;
  const other = fields.find(({ key }) => key === effect.field);
  return other === undefined ? undefined : ownValue(content, other.id);
}
