import type { Field } from "./blueprints.ts";
import { conditionFields } from "./lists/comparedAs.ts";
import { checkFilter, type Filter, namesIn } from "./lists/filter.ts";
import type { ListFields } from "./lists/listFields.ts";
import { matches } from "./lists/matchesFilter.ts";
import { ownValue } from "./ownValue.ts";
import { Refusal } from "./refusal.ts";

/** What has a condition: a field, or an argument of a command that is one. */
interface Conditional {
  key: string;
  shownWhen?: Field["shownWhen"] | undefined;
}

type Values = Readonly<Record<string, unknown>>;

/** The keys of the fields that forms and panels don't show while these values stand there, by keys; most blueprints have no conditions and ask for no values. Pure. */
export function hiddenFields(fields: readonly Field[], values: Values | (() => Values)): ReadonlySet<string> {
  const conditions = conditionsOf(fields);
  if (conditions.byKey.size === 0) return none;
  return hiddenBy(conditions, typeof values === "function" ? values() : values);
}

const none: ReadonlySet<string> = new Set();

export interface Conditions {
  compared: ListFields;
  byKey: ReadonlyMap<string, { filter: Filter; names: readonly string[] }>;
}

/** An import asks the same for each of its rows. */
const ofFields = new WeakMap<readonly Field[], Conditions>();

function conditionsOf(fields: readonly Field[]): Conditions {
  const known = ofFields.get(fields);
  if (known !== undefined) return known;
  const conditions = readConditions(fields, conditionFields(fields));
  ofFields.set(fields, conditions);
  return conditions;
}

/** A condition that doesn't fit, as it may be while somebody writes it, hides nothing. Pure. */
export function readConditions(all: readonly Conditional[], compared: ListFields): Conditions {
  const byKey = new Map(
    all.flatMap(({ key, shownWhen }): [string, { filter: Filter; names: readonly string[] }][] => {
      const filter = shownWhen === undefined ? undefined : fitting(compared, shownWhen);
      return filter === undefined ? [] : [[key, { filter, names: namesIn(shownWhen) }]];
    }),
  );
  return { compared, byKey };
}

function fitting(compared: ListFields, written: object): Filter | undefined {
  try {
    return checkFilter(compared, JSON.stringify(written));
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Those whose condition doesn't hold. What is hidden counts as empty in the conditions of others: what hangs on it goes with it. Pure. */
export function hiddenBy({ compared, byKey }: Conditions, values: Values): ReadonlySet<string> {
  const known = new Map<string, boolean>();
  const isHidden = (key: string): boolean => {
    const condition = byKey.get(key);
    if (condition === undefined) return false;
    const found = known.get(key);
    if (found !== undefined) return found;
    // A circle, which no saved blueprint has, ends here.
    known.set(key, false);
    const asked = Object.fromEntries(condition.names.map((name) => [name, isHidden(name) ? null : comparable(ownValue(values, name))]));
    const hidden = !matches(compared, condition.filter, asked);
    known.set(key, hidden);
    return hidden;
  };
  return new Set([...byKey.keys()].filter(isHidden));
}

function comparable(value: unknown): string | number | boolean | null {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
