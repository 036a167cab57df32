import type { VersionDifference } from "../../../src/protocol/blueprints.ts";
import { type Described, type DescribedField, differences, sameField } from "../../../src/protocol/differences.ts";
import type { FieldOption } from "../../../src/protocol/fieldOptions.ts";
import { fieldTypes } from "../fields/fieldTypes.ts";

export interface Change {
  kind: "new" | "gone" | "other";
  /** The field's name, or what else of the blueprint it is about. */
  of: string;
  text: string;
}

/** What differs between two versions, in sentences, and what that means for what is there. */
export function changesBetween(before: Described, after: Described): Change[] {
  return differences(before, after).flatMap((difference) => {
    if (difference.what === "transition") return stepChange(difference, before, after);
    return difference.what === "field" ? fieldChanges(difference, before, after) : blueprintChange(difference, after);
  });
}

const wholeWords: Readonly<Record<string, string>> = { order: "The order", state: "Its state", states: "Its states" };

function blueprintChange({ kind, key, option = "", was = "", is = "" }: VersionDifference, { fields }: Described): Change {
  if (kind === "renamed") return { kind: "other", of: "Its name", text: `${was} → ${key}` };
  const text = option === "order" ? fields.map(({ name }) => name).join(", ") : `${was || "none"} → ${is || "none"}`;
  return { kind: "other", of: wholeWords[option] ?? option, text };
}

function stepChange({ kind, key }: VersionDifference, before: Described, after: Described): Change {
  const named = (kind === "removed" ? before : after).flow?.transitions.find((step) => step.key === key)?.name ?? key;
  if (kind === "added") return { kind: "new", of: named, text: `a new step, /${key}` };
  if (kind === "removed") return { kind: "gone", of: named, text: "no step any more; what it did stays" };
  return { kind: "other", of: named, text: "another step from now on, under the same command" };
}

function fieldChanges({ kind, key, option, was = "", is = "" }: VersionDifference, before: Described, after: Described): Change[] {
  const field = after.fields.find((one) => one.key === key);
  const old = field === undefined ? before.fields.find((one) => one.key === key) : sameField(before.fields, after.fields, field);
  if (kind === "added") return field === undefined ? [] : [{ kind: "new", of: field.name, text: `new: ${inWords(field)}` }];
  if (kind === "removed")
    return [{ kind: "gone", of: old?.name ?? key, text: "taken off; what has it keeps it, and it comes back with this version" }];
  if (field === undefined || old === undefined) return [];
  const other = (text: string): Change => ({ kind: "other", of: old.name, text });
  if (kind === "renamed") return [other(`its key is ${key} now, in commands, filters and programs`)];
  if (option === "type")
    return [
      other(
        `${fieldTypes[old.type].label} → ${fieldTypes[field.type].label}: another field from now on; what stands in the old one stays there`,
      ),
    ];
  if (option === "choices") return choiceChanges(old, field).map(other);
  if (option === "name") return [other(`called ${field.name} now`)];
  const flag = flagWords[option ?? ""];
  if (flag !== undefined) return [other(is === "true" ? `${flag} from now on` : `not ${flag} any more`)];
  return [other(`${optionWords[option ?? ""] ?? option}: ${was || "nothing"} → ${is || "nothing"}`)];
}

const flagWords: Readonly<Record<string, string>> = { required: "required", unique: "unique", indexed: "indexed", onCard: "on cards" };

const optionWords: Readonly<Record<string, string>> = {
  section: "stands under",
  shownWhen: "only where",
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
} satisfies Record<Exclude<FieldOption, "choices"> | "section" | "shownWhen" | "default", string>;

function choiceChanges({ choices: before = [] }: DescribedField, { choices: after = [] }: DescribedField): string[] {
  const added = after.filter((choice) => !before.includes(choice));
  const gone = before.filter((choice) => !after.includes(choice));
  return [
    ...(added.length === 0 ? [] : [`may be ${added.join(", ")}, too`]),
    ...(gone.length === 0 ? [] : [`may not become ${gone.join(", ")} any more`]),
    ...(added.length + gone.length === 0 ? [`its choices in another order: ${after.join(", ")}`] : []),
  ];
}

function inWords({ type, required, unique }: DescribedField): string {
  return [fieldTypes[type].label.toLocaleLowerCase(), required === true && "required", unique === true && "unique"]
    .filter(Boolean)
    .join(", ");
}
