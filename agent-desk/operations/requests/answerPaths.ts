import { isRecord } from "../draft.ts";

/** A step further: `items[0].name`; a name with other signs stands in quotation marks. */
export function pathInto(path: string, step: string | number): string {
  if (typeof step === "number") return `${path}[${step}]`;
  if (!/^[\p{L}\p{N}_$@-]+$/u.test(step)) return `${path}["${step}"]`;
  return path === "" ? step : `${path}.${step}`;
}

/** What a path ends with, as the name of a column or a field. */
export function lastName(path: string): string {
  const steps = [...path.matchAll(/\["([^"]+)"\]|([\p{L}\p{N}_$@-]+)/gu)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  return steps.findLast((step) => !/^\d+$/.test(step)) ?? "value";
}

/** A path within the first row of a list, as one within each of its rows; nothing where it isn't in that list. */
export function withinRow(path: string, rows: string): string | null {
  const first = `${rows}[0]`;
  if (path === first) return "";
  return path.startsWith(`${first}.`) || path.startsWith(`${first}[`) ? path.slice(first.length).replace(/^\./, "") : null;
}

/** The list of things that a path goes into first: `items` of `items[0].name`. */
export function listAround(path: string): string | null {
  const at = path.indexOf("[0]");
  return at === -1 ? null : path.slice(0, at);
}

/** What an object or a list has in it. */
export function partsOf(value: unknown): [step: string | number, value: unknown][] {
  if (Array.isArray(value)) return value.map((each: unknown, index) => [index, each]);
  return isRecord(value) ? Object.entries(value) : [];
}
