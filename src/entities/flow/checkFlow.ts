import type { Effect, Field, Flow, Transition } from "../../protocol/blueprints.ts";
import { checkFilter } from "../../protocol/lists/filter.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { shownShort } from "../../protocol/sentence.ts";
import { fieldOfArgument } from "../../protocol/startedArguments.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import { comparedFields } from "../listedFields.ts";
import { wrong } from "../sentences/definitions/sentences.ts";
import { momentWord } from "../values.ts";

/** A flow as somebody writes it: without states, those are all that its field offers. */
export type FlowDraft = Omit<Flow, "states"> & { states?: string[] };

/** The commands that every blueprint has, besides those of its transitions. */
export const ownVerbs: ReadonlySet<string> = new Set([
  "list",
  "groups",
  "sum",
  "views",
  "save-view",
  "change-view",
  "delete-view",
  "show",
  "history",
  "create",
  "update",
  "adjust",
  "delete",
  "restore",
  "purge",
  "import",
  "export",
  "update-all",
  "step-all",
  "delete-all",
  "restore-all",
  "notes",
  "add-note",
  "delete-note",
  "conversations",
]);

const keyShape = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const longestName = 100;
const mostTransitions = 200;
const mostRoles = 50;
const mostAgreeing = 20;
const mostStarts = 5;

/** The flow as it may be stored. Refusals: `invalid_value` with the path of what doesn't fit, under `flow`. */
export function checkFlow(draft: FlowDraft, fields: readonly Field[]): Flow {
  const state = fields.find(({ key }) => key === draft.field);
  if (state?.type !== "choice")
    throw wrong("flow.field", (say) =>
      state === undefined ? say.flowFieldMissing(shownShort(draft.field)) : say.flowFieldNoChoice(shownShort(draft.field)),
    );
  const states = draft.states ?? state.choices ?? [];
  const strange = states.findIndex((one) => state.choices?.includes(one) !== true);
  if (strange >= 0) throw wrong(`flow.states.${strange}`, (say) => say.notOffered(shownShort(states[strange]), state.name));
  if (states.length === 0 || new Set(states).size < states.length) throw wrong("flow.states", (say) => say.statesOnce);
  if (state.default !== undefined && !states.includes(String(state.default)))
    throw wrong("flow.states", (say) => say.beginsElsewhere(state.name, String(state.default)));
  if (draft.transitions.length > mostTransitions) throw wrong("flow.transitions", (say) => say.mostTransitions(mostTransitions));
  const taken = new Set<string>();
  draft.transitions.forEach((transition, index) => {
    const path = `flow.transitions.${index}`;
    checkTransition(transition, { path, states, state, fields });
    if (taken.has(transition.key)) throw wrong(`${path}.key`, (say) => say.transitionTwice(transition.key));
    taken.add(transition.key);
  });
  return { field: draft.field, states, transitions: draft.transitions };
}

interface Place {
  path: string;
  states: readonly string[];
  /** The field that is the state. */
  state: Field;
  fields: readonly Field[];
}

function checkTransition({ key, name, from, to, ...transition }: Transition, { path, states, state, fields }: Place): void {
  if (key.length > 60 || !keyShape.test(key)) throw wrong(`${path}.key`, (say) => say.noStepKey(shownShort(key)));
  if (ownVerbs.has(key)) throw wrong(`${path}.key`, (say) => say.ownVerb(key));
  if (name.trim() === "" || name.length > longestName || /\p{Cc}/u.test(name) || !name.isWellFormed())
    throw wrong(`${path}.name`, (say) => say.nameLength(longestName));
  if (from.length === 0 || new Set(from).size < from.length) throw wrong(`${path}.from`, (say) => say.beginsOnce(name));
  const unknown = from.findIndex((one) => !states.includes(one));
  if (unknown >= 0) throw wrong(`${path}.from.${unknown}`, (say) => say.noState(shownShort(from[unknown]), states.join(", ")));
  if (!states.includes(to)) throw wrong(`${path}.to`, (say) => say.noState(shownShort(to), states.join(", ")));
  for (const [target, effect] of Object.entries(transition.set ?? {}))
    checkEffect(effect, settable(fields, target, `${path}.set.${shown(target)}`, state), fields, `${path}.set.${target}`);
  for (const [index, target] of (transition.required ?? []).entries()) settable(fields, target, `${path}.required.${index}`, state);
  checkGuard(transition.guard, fields, path);
  checkStarts(transition.start, fields, path);
  checkPeople(transition, path);
}

/** The field, where a transition may write it. */
function settable(fields: readonly Field[], key: string, path: string, state: Field): Field {
  const field = fields.find((one) => one.key === key);
  if (field === undefined) throw wrong(path, (say) => say.noFieldNamed(shownShort(key)));
  if (field === state) throw wrong(path, (say) => say.isTheState(field.name));
  if (fieldKinds[field.type].given === true) throw wrong(path, (say) => say.givenByProduct(field.name));
  return field;
}

function checkEffect(effect: Effect, field: Field, fields: readonly Field[], path: string): void {
  if (effect === null) {
    if (field.required === true) throw wrong(path, (say) => say.requiredKept(field.name));
    return;
  }
  if (momentWord(field, effect) !== undefined) return;
  if (typeof effect !== "object" || Array.isArray(effect)) {
    if (fieldKinds[field.type].names !== undefined) throw wrong(path, (say) => say.onlyFromField(field.name));
    fieldKinds[field.type].read(effect, field, path);
    return;
  }
  if ("now" in effect) {
    if (field.type !== "instant" && field.type !== "date") throw wrong(path, (say) => say.nowIsTime(field.name, field.type));
  } else if ("add" in effect) {
    if (fieldKinds[field.type].add === undefined) throw wrong(path, (say) => say.nothingAdded(field.name, field.type));
    fieldKinds[field.type].read(effect.add, withoutBounds(field), path);
  } else if ("field" in effect) {
    const other = fields.find(({ key }) => key === effect.field);
    if (other?.type !== field.type) throw wrong(path, (say) => say.becomesSameType(field.name, shownShort(effect.field)));
  }
}

/** What is added may be less than what may stand there. */
export function withoutBounds({ min: _min, max: _max, ...field }: Field): Field {
  return field;
}

function checkGuard(guard: Transition["guard"], fields: readonly Field[], path: string): void {
  if (guard === undefined) return;
  try {
    checkFilter(comparedFields(fields), JSON.stringify(guard));
  } catch (error) {
    throw error instanceof Refusal ? error.movedTo(`${path}.${(error.path ?? "filter").replace(/^filter/, "guard")}`) : error;
  }
}

/** Whether the commands are there, and may be run by who saves them, `requireStartable` says. */
function checkStarts(start: Transition["start"] = [], fields: readonly Field[], path: string): void {
  if (start.length > mostStarts) throw wrong(`${path}.start`, (say) => say.mostStarts(mostStarts));
  for (const [index, { args }] of start.entries())
    for (const [name, said] of Object.entries(args)) {
      const key = fieldOfArgument(said);
      const field = fields.find((one) => one.key === key);
      const at = `${path}.start.${index}.args.${shown(name)}`;
      if (key === undefined || key === "entityId") continue;
      if (field === undefined) throw wrong(at, (say) => say.noFieldNamed(shownShort(key)));
      if (fieldKinds[field.type].computed === true) throw wrong(at, (say) => say.computedNotHanded(field.name));
    }
}

function checkPeople({ roles = [], approval }: Pick<Transition, "roles" | "approval">, path: string): void {
  if (roles.length > mostRoles) throw wrong(`${path}.roles`, (say) => say.mostRoles(mostRoles));
  if (approval === undefined) return;
  const { by, quorum } = approval;
  if (!/^(role|permission):[a-z][a-z0-9.-]*$/.test(by)) throw wrong(`${path}.approval.by`, (say) => say.whoAgrees(shownShort(by)));
  if (!Number.isInteger(quorum) || quorum < 1 || quorum > mostAgreeing)
    throw wrong(`${path}.approval.quorum`, (say) => say.peopleAgree(mostAgreeing));
}

function shown(text: string | undefined): string {
  return (text ?? "").slice(0, 60);
}
