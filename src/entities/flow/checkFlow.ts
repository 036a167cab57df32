import type { Effect, Field, Flow, Transition } from "../../protocol/blueprints.ts";
import { checkFilter } from "../../protocol/lists/filter.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { fieldOfArgument } from "../../protocol/startedArguments.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import { comparedFields } from "../listedFields.ts";
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
    throw wrong(
      "flow.field",
      `The field of a flow is a choice; ${state === undefined ? "there is no" : "no choice is"} "${shown(draft.field)}".`,
    );
  const states = draft.states ?? state.choices ?? [];
  const strange = states.findIndex((one) => state.choices?.includes(one) !== true);
  if (strange >= 0) throw wrong(`flow.states.${strange}`, `"${shown(states[strange])}" is nothing that "${state.name}" offers.`);
  if (states.length === 0 || new Set(states).size < states.length) throw wrong("flow.states", "A flow has states, each once.");
  if (state.default !== undefined && !states.includes(String(state.default)))
    throw wrong("flow.states", `"${state.name}" begins as ${String(state.default)}, which is none of the states.`);
  if (draft.transitions.length > mostTransitions) throw wrong("flow.transitions", `${mostTransitions} transitions are the most.`);
  const taken = new Set<string>();
  draft.transitions.forEach((transition, index) => {
    const path = `flow.transitions.${index}`;
    checkTransition(transition, { path, states, state, fields });
    if (taken.has(transition.key)) throw wrong(`${path}.key`, `There are two transitions "${transition.key}".`);
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
  if (key.length > 60 || !keyShape.test(key))
    throw wrong(`${path}.key`, `"${shown(key)}" is no key: small letters, digits and hyphens, like deliver.`);
  if (ownVerbs.has(key)) throw wrong(`${path}.key`, `Every blueprint has a command "${key}" already; choose another word.`);
  if (name.trim() === "" || name.length > longestName || /\p{Cc}/u.test(name) || !name.isWellFormed())
    throw wrong(`${path}.name`, `A name has 1 to ${longestName} characters, on one line.`);
  if (from.length === 0 || new Set(from).size < from.length)
    throw wrong(`${path}.from`, `"${name}" begins in at least one state, each once.`);
  const unknown = from.findIndex((one) => !states.includes(one));
  if (unknown >= 0) throw wrong(`${path}.from.${unknown}`, `"${shown(from[unknown])}" is no state; there are ${states.join(", ")}.`);
  if (!states.includes(to)) throw wrong(`${path}.to`, `"${shown(to)}" is no state; there are ${states.join(", ")}.`);
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
  if (field === undefined) throw wrong(path, `There is no field "${shown(key)}".`);
  if (field === state) throw wrong(path, `"${field.name}" is the state: "to" says what it becomes.`);
  if (fieldKinds[field.type].given === true) throw wrong(path, `"${field.name}" is given by the product.`);
  return field;
}

function checkEffect(effect: Effect, field: Field, fields: readonly Field[], path: string): void {
  if (effect === null) {
    if (field.required === true) throw wrong(path, `"${field.name}" is required, so it can't be emptied.`);
    return;
  }
  if (momentWord(field, effect) !== undefined) return;
  if (typeof effect !== "object" || Array.isArray(effect)) {
    if (fieldKinds[field.type].names !== undefined)
      throw wrong(path, `"${field.name}" can't be set to a certain one here, only to what another field is.`);
    fieldKinds[field.type].read(effect, field, path);
    return;
  }
  if ("now" in effect) {
    if (field.type !== "instant" && field.type !== "date")
      throw wrong(path, `"${field.name}" is a ${field.type}: now is a time or a date.`);
  } else if ("add" in effect) {
    if (fieldKinds[field.type].add === undefined) throw wrong(path, `"${field.name}" is a ${field.type}, to which nothing is added.`);
    fieldKinds[field.type].read(effect.add, withoutBounds(field), path);
  } else if ("field" in effect) {
    const other = fields.find(({ key }) => key === effect.field);
    if (other?.type !== field.type)
      throw wrong(path, `What "${field.name}" becomes is another field of its type; "${shown(effect.field)}" is none.`);
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
  if (start.length > mostStarts) throw wrong(`${path}.start`, `${mostStarts} commands are the most that a step starts.`);
  for (const [index, { args }] of start.entries())
    for (const [name, said] of Object.entries(args)) {
      const key = fieldOfArgument(said);
      const field = fields.find((one) => one.key === key);
      const at = `${path}.start.${index}.args.${shown(name)}`;
      if (key === undefined || key === "entityId") continue;
      if (field === undefined) throw wrong(at, `There is no field "${shown(key)}".`);
      if (fieldKinds[field.type].computed === true) throw wrong(at, `"${field.name}" is computed where it is read, and isn't handed on.`);
    }
}

function checkPeople({ roles = [], approval }: Pick<Transition, "roles" | "approval">, path: string): void {
  if (roles.length > mostRoles) throw wrong(`${path}.roles`, `${mostRoles} roles are the most.`);
  if (approval === undefined) return;
  const { by, quorum } = approval;
  if (!/^(role|permission):[a-z][a-z0-9.-]*$/.test(by))
    throw wrong(`${path}.approval.by`, `"${shown(by)}" must say who agrees, like role:admin or permission:people.manage.`);
  if (!Number.isInteger(quorum) || quorum < 1 || quorum > mostAgreeing)
    throw wrong(`${path}.approval.quorum`, `1 to ${mostAgreeing} people agree.`);
}

function shown(text: string | undefined): string {
  return (text ?? "").slice(0, 60);
}

function wrong(path: string, message: string): Refusal {
  return new Refusal("invalid_value", message, { path });
}
