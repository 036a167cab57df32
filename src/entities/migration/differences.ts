import type { BlueprintDefinition, Field, VersionDifference } from "../../protocol/blueprints.ts";
import { fieldOptions } from "../fields/fieldKind.ts";

/** What differs between two versions, field by field and step by step, in the order of the later one. Pure. */
export function differences(from: BlueprintDefinition, to: BlueprintDefinition): VersionDifference[] {
  return [
    ...(from.name === to.name ? [] : [{ kind: "renamed" as const, what: "blueprint" as const, key: to.name, was: from.name }]),
    ...to.fields.flatMap((field) => fieldDifferences(from.fields, to.fields, field)),
    ...from.fields
      .filter(({ id, key }) => !to.fields.some((field) => field.id === id || field.key === key))
      .map(({ key }) => ({ kind: "removed" as const, what: "field" as const, key })),
    ...transitionDifferences(from, to),
  ];
}

const compared = ["name", "required", "unique", "indexed", "section", "onCard", "default", ...fieldOptions] as const;

function fieldDifferences(from: readonly Field[], to: readonly Field[], field: Field): VersionDifference[] {
  const { key } = field;
  const same = from.find(({ id }) => id === field.id);
  const what = "field";
  if (same === undefined) {
    const other = from.find((one) => one.key === key && !to.some(({ id }) => id === one.id));
    return other === undefined
      ? [{ kind: "added", what, key }]
      : [{ kind: "changed", what, key, option: "type", was: other.type, is: field.type }];
  }
  const options = compared.filter((option) => JSON.stringify(same[option]) !== JSON.stringify(field[option]));
  return [
    ...(same.key === key ? [] : [{ kind: "renamed" as const, what: "field" as const, key, was: same.key }]),
    ...options.map((option) => ({
      kind: "changed" as const,
      what: "field" as const,
      key,
      option,
      was: words(same[option]),
      is: words(field[option]),
    })),
  ];
}

function transitionDifferences(from: BlueprintDefinition, to: BlueprintDefinition): VersionDifference[] {
  const [before, after] = [from.flow?.transitions ?? [], to.flow?.transitions ?? []];
  const what = "transition";
  return [
    ...after.flatMap((transition): VersionDifference[] => {
      const same = before.find(({ key }) => key === transition.key);
      if (same === undefined) return [{ kind: "added", what, key: transition.key }];
      return JSON.stringify(same) === JSON.stringify(transition) ? [] : [{ kind: "changed", what, key: transition.key }];
    }),
    ...before
      .filter(({ key }) => !after.some((one) => one.key === key))
      .map(({ key }): VersionDifference => ({ kind: "removed", what, key })),
  ];
}

function words(value: unknown): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
