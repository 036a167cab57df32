import type { Effect, Flow, Transition } from "../../../src/protocol/blueprints.ts";
import { keyFrom } from "../../settings/fields.tsx";
import type { FieldDraft } from "../blueprints.ts";

/** A flow of a choice, each of whose values is a state. */
export function newFlow({ key, choices = [] }: Pick<FieldDraft, "key" | "choices">): Flow {
  return { field: key, states: choices.filter(Boolean), transitions: [] };
}

/** With a step more, from one state to another; Delivered, Delivered 2. */
export function withStep(flow: Flow, from: string, to: string): Flow {
  const named = `To ${to.toLocaleLowerCase().replaceAll("_", " ")}`;
  let name = named;
  for (let number = 2; flow.transitions.some((step) => step.name === name || step.key === keyFrom(name)); number++)
    name = `${named} ${number}`;
  return { ...flow, transitions: [...flow.transitions, { key: keyFrom(name), name, from: [from], to }] };
}

export function withoutStep(flow: Flow, key: string): Flow {
  return { ...flow, transitions: flow.transitions.filter((step) => step.key !== key) };
}

/** With one step in the place of the one that had this key. */
export function stepChanged(flow: Flow, key: string, step: Transition): Flow {
  return { ...flow, transitions: flow.transitions.map((one) => (one.key === key ? step : one)) };
}

/** With another name; a key that was made of the old one follows it. */
export function stepRenamed(step: Transition, name: string): Transition {
  return { ...step, name, key: step.key === keyFrom(step.name) ? keyFrom(name) : step.key };
}

type Said = Pick<Transition, "set" | "required" | "guard" | "roles" | "approval" | "start">;

/** With other things said of it; undefined takes one off. */
export function stepWith(step: Transition, more: { [Part in keyof Said]: Said[Part] | undefined }): Transition {
  const { key, name, from, to } = step;
  const { set, required, guard, roles, approval, start } = { ...step, ...more };
  return {
    key,
    name,
    from,
    to,
    ...(set === undefined || Object.keys(set).length === 0 ? {} : { set }),
    ...(required === undefined || required.length === 0 ? {} : { required }),
    ...(guard === undefined ? {} : { guard }),
    ...(roles === undefined || roles.length === 0 ? {} : { roles }),
    ...(approval === undefined ? {} : { approval }),
    ...(start === undefined || start.length === 0 ? {} : { start }),
  };
}

/** Without a state, and without the steps that only lead from there or to there. */
export function withoutState(flow: Flow, state: string): Flow {
  const transitions = flow.transitions.flatMap((step) => {
    const from = step.from.filter((one) => one !== state);
    return step.to === state || from.length === 0 ? [] : [{ ...step, from }];
  });
  return { ...flow, states: flow.states.filter((one) => one !== state), transitions };
}

/** States that no step leads to, and that nothing begins in. */
export function unreached({ states, transitions }: Flow, first: string | undefined): string[] {
  const reached = new Set([first ?? states[0]]);
  for (let before = -1; before < reached.size; ) {
    before = reached.size;
    for (const { from, to } of transitions) if (from.some((one) => reached.has(one))) reached.add(to);
  }
  return states.filter((state) => !reached.has(state));
}

/** How a step writes a field. */
export const effectKinds = ["now", "value", "add", "field", "empty"] as const;
export type EffectKind = (typeof effectKinds)[number];

export function kindOf(effect: Effect): EffectKind {
  if (effect === null) return "empty";
  if (typeof effect !== "object" || Array.isArray(effect)) return "value";
  return "now" in effect ? "now" : "add" in effect ? "add" : "field";
}

/** The ways in which a field of a type may be written. */
export function kindsFor({ type, required }: Pick<FieldDraft, "type" | "required">): EffectKind[] {
  const counts = type === "integer" || type === "decimal" || type === "money";
  const passes = type === "date" || type === "instant";
  return effectKinds.filter((kind) => (kind !== "now" || passes) && (kind !== "add" || counts) && (kind !== "empty" || required !== true));
}
