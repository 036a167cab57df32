import type { BlueprintDefinition, Field } from "../protocol/blueprints.ts";
import { type FieldOption, fieldOptions } from "../protocol/fieldOptions.ts";
import { comparedAs } from "../protocol/lists/comparedAs.ts";
import { renamedFilter, renamedFlow } from "../protocol/renamedFlow.ts";
import { shownShort } from "../protocol/sentence.ts";
import { checkConditions } from "./checkConditions.ts";
import { folded } from "./fields/fieldKind.ts";
import { fieldKinds } from "./fields/fieldKinds.ts";
import { checkFlow, type FlowDraft } from "./flow/checkFlow.ts";
import { type Around, checkFormulas, renamedFormula } from "./formulas/checkFormulas.ts";
import { type DefinitionSay, wrong } from "./sentences/definitions/sentences.ts";
import { isMoment } from "./values.ts";

/** A field as somebody writes it: one without an id is found by its key, or is new. */
export type FieldDraft = Omit<Field, "id"> & { id?: string };

export interface BlueprintDraft {
  name: string;
  fields: readonly FieldDraft[];
  /** Null for none; absent, that of before. */
  flow?: FlowDraft | null;
}

const keyShape = /^[a-z][a-z0-9_]{0,62}$/;
/** What reaches an object's prototype, wherever values are an object by the fields' keys; and what filters join by. */
const reserved = new Set(["constructor", "prototype", "and", "or", "not"]);
const mostFields = 200;
const longestName = 100;
/** Each costs a change of an entity about a twentieth of a millisecond. */
const mostIndexed = 20;

/**
 * The definition as it may be stored, each field with its id: the one that it had, or the next. A field whose type changes, or that leads elsewhere, is another one with the
 * same key: what stands in the old one stays there, for the way back. Refusals: `invalid_value` with the path of what doesn't fit.
 */
export function checkBlueprint(
  draft: BlueprintDraft,
  before: Pick<BlueprintDefinition, "fields" | "flow">,
  nextField: number,
  around: Around = { key: "", related: new Map() },
): { definition: BlueprintDefinition; nextField: number } {
  checkName(draft.name, "name");
  if (draft.fields.length === 0) throw wrong("fields", (say) => say.needsField);
  if (draft.fields.length > mostFields) throw wrong("fields", (say) => say.mostFields(mostFields, draft.fields.length));
  const taken = { keys: new Set<string>(), names: new Set<string>(), ids: new Set<string>() };
  const ids = new Set(draft.fields.map(({ id }) => id));
  const unnamed = before.fields.filter(({ id }) => !ids.has(id));
  let next = nextField;
  const named = draft.fields.map((field, index) => {
    const path = `fields.${index}`;
    checkField(field, path);
    once(taken.keys, field.key, `${path}.key`, (say) => say.keyTwice(field.key));
    once(taken.names, folded(field.name.trim()), `${path}.name`, (say) => say.nameTwice(field.name));
    const same = field.id === undefined ? unnamed.find(({ key }) => key === field.key) : fieldOfId(field.id, before.fields, path);
    if (same !== undefined) once(taken.ids, same.id, `${path}.id`, (say) => say.idTwice);
    const stays = same !== undefined && same.type === field.type && same.blueprint === field.blueprint;
    return { ...field, id: stays ? same.id : `f${next++}` };
  });
  if (named.filter(({ indexed }) => indexed === true).length > mostIndexed) throw wrong("fields", (say) => say.mostIndexed(mostIndexed));
  const fields = checkConditions(checkFormulas(withRenamed(named, before.fields), around));
  if (fields.filter(({ type }) => type === "sequence").length > 1) throw wrong("fields", (say) => say.oneSequence);
  const flow =
    draft.flow ??
    (draft.flow === undefined && before.flow !== undefined ? renamedFlow(before.flow, keysNow(before.fields, fields)) : undefined);
  const definition = { name: draft.name.trim(), fields, ...(flow === undefined ? {} : { flow: checkFlow(flow, fields) }) };
  return { definition, nextField: next };
}

/** What the key of a field of before is now. */
export function keysNow(before: readonly Field[], after: readonly Field[]): (key: string) => string {
  const now = new Map(before.map(({ id, key }) => [key, after.find((field) => field.id === id)?.key ?? key]));
  return (key) => now.get(key) ?? key;
}

/** Formulas and conditions that nobody wrote anew, with the keys that their fields have now. */
function withRenamed(fields: readonly Field[], before: readonly Field[]): Field[] {
  const now = (key: string) => fields.find(({ id }) => id === before.find((one) => one.key === key)?.id)?.key ?? key;
  return fields.map((field) => {
    const old = before.find(({ id }) => id === field.id);
    const { formula, shownWhen } = field;
    return {
      ...field,
      ...(formula === undefined || !isSame(old?.formula, formula) ? {} : { formula: renamedFormula(formula, now) }),
      ...(shownWhen === undefined || !isSame(old?.shownWhen, shownWhen) ? {} : { shownWhen: renamedFilter(shownWhen, now) }),
    };
  });
}

function isSame(one: object | undefined, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function fieldOfId(id: string, before: readonly Field[], path: string): Field {
  const found = before.find((field) => field.id === id);
  if (found === undefined) throw wrong(`${path}.id`, (say) => say.noFieldOfId);
  return found;
}

function checkField(field: FieldDraft, path: string): void {
  if (!keyShape.test(field.key) || reserved.has(field.key)) throw wrong(`${path}.key`, (say) => say.noFieldKey(shownShort(field.key)));
  checkName(field.name, `${path}.name`);
  if (field.section !== undefined) checkName(field.section, `${path}.section`);
  const kind = fieldKinds[field.type];
  const strange = fieldOptions.find((option) => field[option] !== undefined && !takes(kind.options, option));
  if (strange !== undefined) throw wrong(`${path}.${strange}`, (say) => say.noOption(field.name, field.type, strange));
  const { maxLength } = field;
  if (maxLength !== undefined && (!Number.isInteger(maxLength) || maxLength < 1))
    throw wrong(`${path}.maxLength`, (say) => say.noRoom(field.name));
  kind.check?.({ id: "", ...field }, path);
  if (field.unique === true && kind.same === undefined) throw wrong(`${path}.unique`, (say) => say.noUniqueType(field.name, field.type));
  if (field.indexed === true && (comparedAs[field.type] === null || comparedAs[field.type] === "reference"))
    throw wrong(`${path}.indexed`, (say) => say.noListedType(field.name, field.type));
  checkDefault(field, path);
}

function checkDefault(field: FieldDraft, path: string): void {
  if (field.default === undefined) return;
  const kind = fieldKinds[field.type];
  if (kind.given === true) throw wrong(`${path}.default`, (say) => say.givenNoDefault(field.name));
  if (field.unique === true) throw wrong(`${path}.default`, (say) => say.uniqueNoDefault(field.name));
  if (isMoment(field)) return;
  if (kind.names !== undefined)
    throw wrong(`${path}.default`, (say) => (field.type === "account" ? say.onlyMeDefault(field.name) : say.noCertainDefault(field.name)));
  kind.read(field.default, { id: "", ...field }, `${path}.default`);
}

function takes(options: readonly FieldOption[], option: FieldOption): boolean {
  return options.includes(option);
}

function checkName(name: string, path: string): void {
  const text = name.trim();
  if (text === "" || text.length > longestName || /[\p{Cc}]/u.test(text) || !text.isWellFormed())
    throw wrong(path, (say) => say.nameLength(longestName));
}

function once(taken: Set<string>, value: string, path: string, say: DefinitionSay): void {
  if (taken.has(value)) throw wrong(path, say);
  taken.add(value);
}
