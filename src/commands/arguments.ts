import type { ArgSchema, ArgsSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { Args, ArgValue } from "./command.ts";

/**
 * What stands after a command's name, as text, by the rule of `protocol.md`: words fill the arguments in their order,
 * the last text takes the rest of the line, and `name:value` or `name:"a value"` sets one by name.
 */
export function parseArguments(schema: ArgsSchema, line: string): Record<string, unknown> {
  const names = Object.keys(schema.properties);
  const values: Record<string, unknown> = {};
  const lastText = names.findLast((name) => isText(schema.properties[name]));
  const named = new Set<string>();
  for (let rest = takeNamed(names, line, values, named); rest !== ""; rest = takeNamed(names, rest, values, named)) {
    const open = names.filter((name) => !Object.hasOwn(values, name));
    const [name] = open;
    if (name === undefined) throw new Refusal("invalid_value", `There is more here than the command takes: "${rest.slice(0, 60)}".`);
    const isLastText = isText(schema.properties[name]) && (name === lastText || open.length === 1);
    if (isLastText) rest = takeNamedAtEnd(open.slice(1), rest, values);
    const end = isLastText ? rest.length : rest.search(/\s|$/u);
    values[name] = typed(schema.properties[name], rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return values;
}

/**
 * Takes `name:value` from where a word would begin, and answers what is left: before the free text, never inside it. What looks like one,
 * of an argument that a word filled before, is text.
 */
function takeNamed(names: readonly string[], line: string, values: Record<string, unknown>, named: Set<string>): string {
  let rest = line;
  for (;;) {
    const match = /^([a-z][A-Za-z0-9-]*):(?:"([^"]*)"|(\S+))(?:\s+|$)/u.exec(rest);
    const name = match?.[1];
    if (match === null || name === undefined || !names.includes(name)) return rest;
    if (named.has(name)) throw new Refusal("invalid_value", `"${name}" is given twice.`, { path: `args.${name}` });
    if (Object.hasOwn(values, name)) return rest;
    named.add(name);
    values[name] = match[2] ?? match[3] ?? "";
    rest = rest.slice(match[0].length);
  }
}

/** Takes `name:value` of arguments that are still open from the end of the free text, and answers what stands before it. */
function takeNamedAtEnd(open: readonly string[], text: string, values: Record<string, unknown>): string {
  const match = /\s+([a-z][A-Za-z0-9-]*):(?:"([^"]*)"|(\S+))$/u.exec(text);
  const name = match?.[1];
  if (match === null || name === undefined || !open.includes(name) || Object.hasOwn(values, name)) return text;
  values[name] = match[2] ?? match[3] ?? "";
  return takeNamedAtEnd(open, text.slice(0, match.index), values);
}

/** Checks values against the schema. What a text spells as a number or a truth value is taken as one. Refusals: `invalid_value`. */
export function checkArguments(schema: ArgsSchema, given: Readonly<Record<string, unknown>>): Args {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(schema.properties, name));
  if (unknown !== undefined) {
    throw new Refusal("invalid_value", `There is no argument "${unknown.slice(0, 60)}". ${takes(schema)}`, {
      path: `args.${unknown.slice(0, 60)}`,
    });
  }
  const checked: Record<string, ArgValue> = {};
  for (const [name, argument] of Object.entries(schema.properties)) {
    const value = Object.hasOwn(given, name) ? typed(argument, given[name]) : undefined;
    if (argument.clearable === true && (value === null || value === "")) {
      checked[name] = "";
      continue;
    }
    if (value === undefined || value === null || value === "") {
      if (schema.required?.includes(name))
        throw new Refusal("invalid_value", `"${name}" is missing. ${takes(schema)}`, { path: `args.${name}` });
      continue;
    }
    checked[name] = checkValue(name, argument, value);
  }
  return checked;
}

function isText(argument: ArgSchema | undefined): boolean {
  return argument !== undefined && (argument.type ?? "string") === "string" && argument.enum === undefined;
}

function typed(argument: ArgSchema | undefined, value: unknown): unknown {
  if (typeof value !== "string") return value;
  const type = argument?.type ?? "string";
  if ((type === "integer" || type === "number") && /^-?\d{1,15}(\.\d+)?$/.test(value)) return Number(value);
  if (type === "boolean" && (value === "true" || value === "false")) return value === "true";
  if (type === "object" || type === "array") return parsed(value);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function checkValue(name: string, argument: ArgSchema, value: unknown): ArgValue {
  const wrong = (what: string) => new Refusal("invalid_value", `"${name}" must be ${what}.`, { path: `args.${name}` });
  const type = argument.type ?? "string";
  if (type === "boolean") {
    if (typeof value !== "boolean") throw wrong("true or false");
    return value;
  }
  if (type === "object") {
    if (!isRecord(value)) throw wrong("a JSON object");
    return value;
  }
  if (type === "array") {
    if (!Array.isArray(value)) throw wrong("a JSON array");
    return value;
  }
  if (type === "string") {
    if (typeof value !== "string") throw wrong("a text");
    const length = [...value].length;
    if (argument.maxLength !== undefined && length > argument.maxLength)
      throw wrong(`at most ${argument.maxLength} characters long; it has ${length}`);
    if (argument.minLength !== undefined && length < argument.minLength) throw wrong(`at least ${argument.minLength} characters long`);
  } else {
    if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(type === "integer" ? "a whole number" : "a number");
    if (type === "integer" && !Number.isSafeInteger(value)) throw wrong("a whole number");
    if (argument.minimum !== undefined && value < argument.minimum) throw wrong(`${argument.minimum} or more`);
    if (argument.maximum !== undefined && value > argument.maximum) throw wrong(`${argument.maximum} or less`);
  }
  if (argument.enum !== undefined && !argument.enum.includes(value)) throw wrong(`one of ${argument.enum.join(", ")}`);
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function takes(schema: ArgsSchema): string {
  const names = Object.keys(schema.properties);
  return names.length === 0 ? "The command takes no arguments." : `It takes: ${names.join(", ")}.`;
}

/** How a command is written: `reverse {text}`, with `[…]` around what may be left out. */
export function usage(command: { name: string; args: ArgsSchema }): string {
  const words = Object.keys(command.args.properties).map((name) => (command.args.required?.includes(name) ? `{${name}}` : `[${name}]`));
  return [command.name, ...words].join(" ");
}
