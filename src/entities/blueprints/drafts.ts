import { z } from "zod";
import { fieldTypes, type StartedCommand } from "../../protocol/blueprints.ts";
import { inShape } from "../../protocol/inShape.ts";
import type { FieldDraft } from "../blueprint.ts";
import type { FlowDraft } from "../flow/checkFlow.ts";
import type { TriedStep } from "../flow/simulate.ts";

const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
const operands = z.array(z.string().max(100)).max(100);
const related = { relation: z.string().max(100), blueprint: z.string().max(100).exactOptional() };
const formula = z.union([
  z.strictObject({ sum: operands }),
  z.strictObject({ difference: operands }),
  z.strictObject({ product: operands }),
  z.strictObject({ count: z.strictObject(related) }),
  z.strictObject({ total: z.strictObject({ ...related, field: z.string().max(100) }) }),
]);
/** A field as somebody writes it; what doesn't fit its type, the rules of blueprints say. */
export const fieldDraft = z.strictObject({
  id: z.string().max(20).exactOptional(),
  key: z.string().max(200),
  name: z.string().max(200).exactOptional(),
  type: z.enum(fieldTypes),
  required: z.boolean().exactOptional(),
  unique: z.boolean().exactOptional(),
  indexed: z.boolean().exactOptional(),
  section: z.string().max(200).exactOptional(),
  shownWhen: z.record(z.string().max(200), z.unknown()).exactOptional(),
  onCard: z.boolean().exactOptional(),
  default: value.exactOptional(),
  choices: z.array(z.string().max(200)).max(1000).exactOptional(),
  maxLength: z.number().exactOptional(),
  min: z.union([z.string(), z.number()]).exactOptional(),
  max: z.union([z.string(), z.number()]).exactOptional(),
  places: z.number().exactOptional(),
  currency: z.string().max(3).exactOptional(),
  prefix: z.string().max(20).exactOptional(),
  most: z.number().exactOptional(),
  formula: formula.exactOptional(),
  blueprint: z.string().max(100).exactOptional(),
  many: z.boolean().exactOptional(),
  otherSide: z.string().max(200).exactOptional(),
  accepts: z.array(z.string().max(100)).max(100).exactOptional(),
});

const mostFields = 500;
const mostTransitions = 500;
const words = z.array(z.string().max(200)).max(500);
const effect = z.union([
  value,
  z.null(),
  z.strictObject({ now: z.literal(true) }),
  z.strictObject({ add: z.union([z.string().max(60), z.number()]) }),
  z.strictObject({ field: z.string().max(200) }),
]);
const starts = z
  .array(z.strictObject({ command: z.string().max(200), args: z.record(z.string().max(200), z.unknown()).default({}) }))
  .max(50);
const transitionDraft = z.strictObject({
  key: z.string().max(200),
  name: z.string().max(200).exactOptional(),
  from: words,
  to: z.string().max(200),
  set: z.record(z.string().max(200), effect).exactOptional(),
  required: words.exactOptional(),
  guard: z.record(z.string().max(200), z.unknown()).exactOptional(),
  roles: words.exactOptional(),
  approval: z.strictObject({ by: z.string().max(200), quorum: z.number().default(1) }).exactOptional(),
  start: starts.exactOptional(),
});
const mostSteps = 50;
const triedStep = z.strictObject({ transition: z.string().max(200), values: z.record(z.string().max(200), z.unknown()).default({}) });
const flowDraft = z.strictObject({
  field: z.string().max(200),
  states: words.exactOptional(),
  transitions: z.array(transitionDraft).max(mostTransitions, `${mostTransitions} transitions are the most`),
});

/** Fields as somebody wrote them. Refusal `invalid_value` with the path of what is no field. */
export function fieldDraftsIn(said: unknown): FieldDraft[] {
  const fields = inShape(z.array(fieldDraft).max(mostFields, `${mostFields} fields are the most`), said, "fields");
  return fields.map((field) => ({ ...field, name: field.name ?? field.key }));
}

/** The same of a flow. */
export function flowDraftIn(said: unknown): FlowDraft {
  const flow = inShape(flowDraft, said, "flow");
  return {
    ...flow,
    transitions: flow.transitions.map((transition) => ({ ...transition, name: transition.name ?? readable(transition.key) })),
  };
}

/** Where the entities of states go on. */
export function movedIn(said: unknown): Record<string, string> {
  return inShape(z.record(z.string().max(200), z.string().max(200)), said, "moved");
}

/** Steps that somebody wants to try, each with what it asks for. */
export function stepsIn(said: unknown): TriedStep[] {
  return inShape(z.array(triedStep).max(mostSteps, `${mostSteps} steps are the most`), said, "steps");
}

/** What a step starts. */
export function startsIn(said: unknown): StartedCommand[] {
  return inShape(starts, said, "start");
}

export function fieldDraftOf(said: object): FieldDraft {
  const parsed = fieldDraft.parse(said);
  return { ...parsed, name: parsed.name ?? readable(parsed.key) };
}

/** As people read a key where nobody says how: `deliver_from` is "Deliver from". */
export function readable(key: string): string {
  const words = key.replace(/[_-]+/g, " ").trim();
  return words === "" ? key : `${words[0]?.toUpperCase()}${words.slice(1)}`;
}
