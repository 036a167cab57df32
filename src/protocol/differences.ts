import type { Field, Flow, VersionDifference } from "./blueprints.ts";
import { fieldOptions } from "./fieldOptions.ts";
import { isSame } from "./isSame.ts";
import { conditionWords } from "./lists/guardWords.ts";

/** A version of a blueprint, or what somebody writes to become one: a field without an id is the one of its key, or is new. */
export interface Described {
  name: string;
  fields: readonly DescribedField[];
  flow?: Flow | null;
}

export type DescribedField = Omit<Field, "id"> & { id?: string };

/** What differs between two versions, field by field and step by step, in the order of the later one. Pure. */
export function differences(from: Described, to: Described): VersionDifference[] {
  const pairs = to.fields.map((field) => ({ field, same: sameField(from.fields, to.fields, field) }));
  const stayed = new Set(pairs.map(({ same }) => same));
  return [
    ...(from.name === to.name ? [] : [{ kind: "renamed" as const, what: "blueprint" as const, key: to.name, was: from.name }]),
    ...pairs.flatMap(({ field, same }) => fieldDifferences(field, same, { from, to })),
    ...from.fields.filter((field) => !stayed.has(field)).map(({ key }) => ({ kind: "removed" as const, what: "field" as const, key })),
    ...changed(
      to,
      "order",
      from.fields.filter((field) => stayed.has(field)).map(({ key }) => key),
      pairs.flatMap(({ same }) => (same === undefined ? [] : [same.key])),
    ),
    ...changed(to, "state", from.flow?.field, to.flow?.field),
    ...changed(to, "states", from.flow?.states, to.flow?.states),
    ...transitionDifferences(from, to),
  ];
}

/** By its id, which stays; one of another type, or that leads elsewhere, is another one under the same key. */
export function sameField(
  from: readonly DescribedField[],
  to: readonly DescribedField[],
  field: DescribedField,
): DescribedField | undefined {
  const { id, key } = field;
  const own = from.find((one) => one.id !== undefined && one.id === id);
  if (own !== undefined && (own.key === key || (own.type === field.type && own.blueprint === field.blueprint))) return own;
  return from.find((one) => one.key === key && (one.id === undefined || !to.some((other) => other.id === one.id)));
}

const options = [
  "name",
  "choices",
  "required",
  "unique",
  "indexed",
  "section",
  "shownWhen",
  "onCard",
  "default",
  ...fieldOptions.filter((option) => option !== "choices"),
] as const;

function fieldDifferences(field: DescribedField, same: DescribedField | undefined, { from, to }: Versions): VersionDifference[] {
  const { key } = field;
  if (same === undefined) return [{ kind: "added", what: "field", key }];
  if (same.type !== field.type) return [{ kind: "changed", what: "field", key, option: "type", was: same.type, is: field.type }];
  return [
    ...(same.key === key ? [] : [{ kind: "renamed" as const, what: "field" as const, key, was: same.key }]),
    ...options.flatMap((option): VersionDifference[] => {
      // What isn't ticked isn't there.
      if (isSame(same[option] === false ? undefined : same[option], field[option] === false ? undefined : field[option])) return [];
      const said = (of: DescribedField, { fields }: Described) =>
        option === "shownWhen" && of.shownWhen !== undefined ? conditionWords(fields, of.shownWhen) : words(of[option]);
      return [{ kind: "changed", what: "field", key, option, was: said(same, from), is: said(field, to) }];
    }),
  ];
}

interface Versions {
  from: Described;
  to: Described;
}

function changed({ name }: Described, option: string, was: unknown, is: unknown): VersionDifference[] {
  return isSame(was, is) ? [] : [{ kind: "changed", what: "blueprint", key: name, option, was: words(was), is: words(is) }];
}

function transitionDifferences(from: Described, to: Described): VersionDifference[] {
  const [before, after] = [from.flow?.transitions ?? [], to.flow?.transitions ?? []];
  const what = "transition";
  return [
    ...after.flatMap((transition): VersionDifference[] => {
      const same = before.find(({ key }) => key === transition.key);
      if (same === undefined) return [{ kind: "added", what, key: transition.key }];
      return isSame(same, transition) ? [] : [{ kind: "changed", what, key: transition.key }];
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
