import { isSame } from "../../operations/draft.ts";
import type { FieldDraft } from "../blueprints.ts";
import { fieldTypes } from "../fields/fieldTypes.ts";

export interface Change {
  kind: "new" | "gone" | "other";
  /** The field's name, or what else of the blueprint it is about. */
  of: string;
  text: string;
}

interface Described {
  name: string;
  fields: readonly FieldDraft[];
}

/** What differs between two versions, in sentences, and what that means for what is there. */
export function changesBetween(before: Described, after: Described): Change[] {
  const found = after.fields.map((field) => ({ field, old: before.fields.find((old) => isSameField(old, field)) }));
  const kept = new Set(found.map(({ old }) => old));
  const added = found
    .filter(({ old }) => old === undefined)
    .map(({ field }): Change => ({ kind: "new", of: field.name, text: `new: ${inWords(field)}` }));
  const changed = found.flatMap(({ field, old }) => (old === undefined ? [] : fieldChanges(old, field)));
  const gone = before.fields
    .filter((old) => !kept.has(old))
    .map((old): Change => ({ kind: "gone", of: old.name, text: "taken off; what has it keeps it, and it comes back with this version" }));
  const order = (fields: readonly FieldDraft[]) => fields.filter((field) => kept.has(field)).map(({ id }) => id);
  const stood = order(before.fields);
  const stands = found.flatMap(({ old }) => (old === undefined ? [] : [old.id]));
  return [
    ...(before.name === after.name ? [] : [{ kind: "other", of: "Its name", text: `${before.name} → ${after.name}` } as const]),
    ...added,
    ...changed,
    ...gone,
    ...(isSame(stood, stands) ? [] : [{ kind: "other", of: "The order", text: after.fields.map(({ name }) => name).join(", ") } as const]),
  ];
}

/** By its id, which stays; one that is written anew under a key is the one that had it. */
function isSameField(old: FieldDraft, field: FieldDraft): boolean {
  return field.id === undefined ? old.key === field.key : old.id === field.id;
}

function fieldChanges(old: FieldDraft, field: FieldDraft): Change[] {
  const other = (text: string): Change => ({ kind: "other", of: old.name, text });
  if (old.type !== field.type)
    return [
      other(
        `${fieldTypes[old.type].label} → ${fieldTypes[field.type].label}: another field from now on; what stands in the old one stays there`,
      ),
    ];
  return [
    ...(old.name === field.name ? [] : [other(`called ${field.name} now`)]),
    ...(old.key === field.key ? [] : [other(`its key is ${field.key} now, in commands, filters and programs`)]),
    ...choiceChanges(old, field).map(other),
    ...flagChange(old.required, field.required, "required").map(other),
    ...flagChange(old.unique, field.unique, "unique").map(other),
    ...flagChange(old.onCard, field.onCard, "on cards").map(other),
    ...(
      [
        "section",
        "default",
        "maxLength",
        "min",
        "max",
        "places",
        "currency",
        "prefix",
        "most",
        "accepts",
        "blueprint",
        "many",
        "otherSide",
        "formula",
      ] as const
    )
      .filter((option) => !isSame(old[option], field[option]))
      .map((option) => other(`${optionWords[option]}: ${valueWords(old[option])} → ${valueWords(field[option])}`)),
  ];
}

const optionWords = {
  section: "stands under",
  default: "begins with",
  maxLength: "longest",
  min: "least",
  max: "most",
  places: "digits behind the point",
  currency: "currency",
  prefix: "before its number",
  most: "most files",
  accepts: "types that are taken",
  blueprint: "leads to",
  many: "to several",
  otherSide: "called there",
  formula: "computes",
};

function flagChange(before: boolean | undefined, after: boolean | undefined, word: string): string[] {
  if ((before ?? false) === (after ?? false)) return [];
  return [after === true ? `${word} from now on` : `not ${word} any more`];
}

function choiceChanges({ choices: before = [] }: FieldDraft, { choices: after = [] }: FieldDraft): string[] {
  const added = after.filter((choice) => !before.includes(choice));
  const gone = before.filter((choice) => !after.includes(choice));
  return [
    ...(added.length === 0 ? [] : [`may be ${added.join(", ")}, too`]),
    ...(gone.length === 0 ? [] : [`may not become ${gone.join(", ")} any more`]),
    ...(added.length + gone.length === 0 && !isSame(before, after) ? [`its choices in another order: ${after.join(", ")}`] : []),
  ];
}

function inWords({ type, required, unique }: FieldDraft): string {
  return [fieldTypes[type].label.toLocaleLowerCase(), required === true && "required", unique === true && "unique"]
    .filter(Boolean)
    .join(", ");
}

function valueWords(value: FieldDraft["default"] | FieldDraft["formula"]): string {
  if (value === undefined || value === "") return "nothing";
  if (typeof value !== "object") return String(value);
  return Array.isArray(value) ? value.join(", ") : JSON.stringify(value);
}
