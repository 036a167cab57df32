import { referenceParts, referenceShape } from "../protocol/reference.ts";
import { Refusal } from "../protocol/refusal.ts";

/** A place for a value, as `protocol/reference` says. Names, nothing else: there is no expression to be evaluated. */
export interface Reference {
  /** As it is written, with its braces. */
  text: string;
  root: string;
  path: readonly string[];
}

const slot = new RegExp(referenceShape, "gu");

/** The slots in a value, in all its texts. */
export function slotsIn(value: unknown): Reference[] {
  if (typeof value === "string") {
    return [...value.matchAll(slot)].map(([text, written = ""]) => {
      const [root = "", ...path] = referenceParts(written);
      return { text, root, path };
    });
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(slotsIn);
}

/**
 * The value with what its slots name: a text that is one slot becomes the value itself with its type, in a longer text it is written. What a slot
 * doesn't find is left out: null in a list, nothing in an object, empty in a text.
 */
export function fill(value: unknown, values: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === "string") {
    const [first, more] = slotsIn(value);
    if (first === undefined) return value;
    if (more === undefined && first.text === value) return find(first, values);
    return value.replace(slot, (text) => {
      const [reference] = slotsIn(text);
      return reference === undefined ? text : written(find(reference, values));
    });
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, values) ?? null);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const filled = fill(item, values);
      return filled === undefined ? [] : [[key, filled]];
    }),
  );
}

/** A text with the values of its slots, but for the slots of `leave`, which stay as they are written. */
export function fillText(text: string, values: Readonly<Record<string, unknown>>, leave?: string): string {
  return text.replace(slot, (found) => {
    const [reference] = slotsIn(found);
    return reference === undefined || reference.root === leave ? found : written(find(reference, values));
  });
}

/** By own properties only: nothing of a prototype is a value. */
function find({ root, path }: Reference, values: Readonly<Record<string, unknown>>): unknown {
  return [root, ...path].reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined),
    values,
  );
}

function written(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "object") throw new Refusal("invalid_value", "A list or an object has no place inside of a text.");
  return String(value);
}
