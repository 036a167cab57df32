import { filePlaces, type GivenFile, type Parameter, type ParameterValue, type ParameterValues } from "../../protocol/operations.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";

/** A text between slots, or a slot. */
export type Part = string | { slot: string };

/** The parameters of an operation by their names, and which of them a template names. */
export interface Declared {
  parameters: ReadonlyMap<string, Parameter>;
  used: Set<string>;
  slots: number;
}

const slotsAtMost = 1000;
/** A parameter, or what there is of a file. */
const slotName = new RegExp(`^[A-Za-z_]\\w{0,99}(?:\\.(?:${filePlaces.join("|")}))?$`);

/**
 * A text as its parts. Only `{{name}}` of a declared parameter is a slot; two braces with anything else between them are refused, so that nobody
 * believes that more can stand there (advisory 59). Refusal `invalid_value` at `path`, with the character.
 */
export function readSlots(text: string, path: string, declared: Declared): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (let open = text.indexOf("{{"); open !== -1; open = text.indexOf("{{", from)) {
    const close = text.indexOf("}}", open);
    const name = close === -1 ? "" : text.slice(open + 2, close).trim();
    if (!slotName.test(name)) throw refusedAt(path, open, "two braces open here, and only {{name}} of a parameter can stand in them");
    if (declared.parameters.has(`${name}.url`))
      throw refusedAt(path, open, `{{${name}}} is a file: write ${filePlaces.map((place) => `{{${name}.${place}}}`).join(", ")}`);
    if (!declared.parameters.has(name))
      throw refusedAt(path, open, `{{${name}}} is no parameter of this operation; add it, or write one that is`);
    declared.slots++;
    if (declared.slots > slotsAtMost)
      throw refusedAt(path, open, `this is one of more than ${slotsAtMost} slots, and that many are allowed`);
    declared.used.add(name);
    if (open > from) parts.push(text.slice(from, open));
    parts.push({ slot: name });
    from = close + 2;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

export function slotsOf(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => (typeof part === "string" ? [] : [part.slot]));
}

/** Characters are counted from 1, as an editor shows them. */
export function refusedAt(path: string, index: number, what: string): Refusal {
  return new Refusal("invalid_value", `At character ${index + 1}: ${what}.`, { path, character: index + 1 });
}

/** What slots may name of these: a parameter, or what there is of a file, `photo.url`. */
export function slotted(parameters: readonly Parameter[]): readonly Parameter[] {
  return parameters.flatMap(({ name, type, required, ...parameter }): Parameter[] =>
    type !== "file"
      ? [{ name, type, required, ...parameter }]
      : filePlaces.map((place) => ({ name: `${name}.${place}`, type: place === "size" ? "integer" : "text", required })),
  );
}

type SlotValues = Readonly<Record<string, ParameterValue | readonly ParameterValue[]>>;

/** Their values, those of a file by its places. */
export function slottedValues(values: ParameterValues): SlotValues {
  const flat = Object.entries(values).flatMap(([name, value]): [string, ParameterValue | readonly ParameterValue[]][] =>
    isFile(value) ? filePlaces.map((place) => [`${name}.${place}`, value[place]]) : [[name, value]],
  );
  return Object.fromEntries(flat);
}

function isFile(value: ParameterValues[string]): value is GivenFile {
  return typeof value === "object" && "url" in value;
}

/** The value of a slot, its default where it was left out; undefined where it is optional and has none. Refusal `invalid_value`. */
export function slotValue(
  name: string,
  parameters: ReadonlyMap<string, Parameter>,
  values: SlotValues,
): ParameterValue | readonly ParameterValue[] | undefined {
  const value = ownValue(values, name);
  const parameter = parameters.get(name);
  const known = value ?? parameter?.default;
  if (known === undefined && parameter?.required !== false)
    throw new Refusal("invalid_value", `\`${name}\` has no value.`, { path: `args.${name}` });
  return known;
}

/**
 * The parts with their values, each encoded; undefined where a value that may be left out was: then what it stands in falls away. A value is never
 * looked through for slots.
 */
export function fillParts(
  parts: readonly Part[],
  value: (name: string) => ParameterValue | readonly ParameterValue[] | undefined,
  encode: (text: string, slot: string) => string,
): string | undefined {
  let filled = "";
  for (const part of parts) {
    if (typeof part === "string") filled += part;
    else {
      const known = value(part.slot);
      if (known === undefined) return undefined;
      filled += encode(textOf(known), part.slot);
    }
  }
  return filled;
}

/** Halves of surrogate pairs, which no encoding has a form for, become U+FFFD. */
export function textOf(value: ParameterValue | readonly ParameterValue[]): string {
  return String(value).toWellFormed();
}
