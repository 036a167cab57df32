import type { ArgSchema, ArgsSchema } from "./commands.ts";
import { Refusal } from "./refusal.ts";

/**
 * What stands after a command's name, as text, by the rule of `protocol.md`: words fill the arguments in their order,
 * `"several words"` are one, the last text takes the rest of the line as it stands, and `name:value`, `name:"a value"` or `--name value` sets one
 * by name.
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
    const [all, straight, turned] = isLastText ? [rest] : (quotedWord.exec(rest) ?? word.exec(rest) ?? [rest]);
    values[name] = typed(schema.properties[name], straight ?? turned ?? all);
    rest = rest.slice(all.length).trimStart();
  }
  return values;
}

const word = /^\S*/u;
/** Phones and word processors turn quotes while people write. */
const inQuotes = `"([^"]*)"|[“„«]([^“”„«»]*)[”“»]`;
const quotedWord = new RegExp(String.raw`^(?:${inQuotes})(?=\s|$)`, "u");
const nameAndValue = new RegExp(String.raw`^(?:--)?([A-Za-z][\w-]*):(?:${inQuotes}|(\S+))(?:\s+|$)`, "u");
/** As people write it in a terminal. */
const asOption = new RegExp(String.raw`^--([A-Za-z][\w-]*)(?:=|\s+)(?:${inQuotes}|(\S+))(?:\s+|$)`, "u");
// From the first of several spaces only: begun at each of them, a line of 10,000 took 0.3 s.
const nameAndValueAtEnd = new RegExp(String.raw`(?<!\s)\s+([A-Za-z][\w-]*):(?:${inQuotes}|(\S+))$`, "u");
const asOptionAtEnd = new RegExp(String.raw`(?<!\s)\s+--([A-Za-z][\w-]*)(?:=|\s+)(?:${inQuotes}|(\S+))$`, "u");

/** Behind the name, in quotes or without. */
function valueIn([, , straight, turned, bare]: RegExpExecArray): string {
  return straight ?? turned ?? bare ?? "";
}

/**
 * Takes `name:value` from where a word would begin, and answers what is left: before the free text, never inside it. What looks like one,
 * of an argument that a word filled before, is text.
 */
function takeNamed(names: readonly string[], line: string, values: Record<string, unknown>, named: Set<string>): string {
  let rest = line;
  for (;;) {
    const match = nameAndValue.exec(rest) ?? asOption.exec(rest);
    const name = match?.[1];
    if (match === null || name === undefined || !names.includes(name)) return rest;
    if (named.has(name)) throw new Refusal("invalid_value", `"${name}" is given twice.`, { path: `args.${name}` });
    if (Object.hasOwn(values, name)) return rest;
    named.add(name);
    values[name] = valueIn(match);
    rest = rest.slice(match[0].length);
  }
}

/** Takes `name:value` of arguments that are still open from the end of the free text, and answers what stands before it. */
function takeNamedAtEnd(open: readonly string[], text: string, values: Record<string, unknown>): string {
  const match = nameAndValueAtEnd.exec(text) ?? asOptionAtEnd.exec(text);
  const name = match?.[1];
  if (match === null || name === undefined || !open.includes(name) || Object.hasOwn(values, name)) return text;
  values[name] = valueIn(match);
  return takeNamedAtEnd(open, text.slice(0, match.index), values);
}

function isText(argument: ArgSchema | undefined): boolean {
  return argument !== undefined && (argument.type ?? "string") === "string" && argument.enum === undefined;
}

/** What was written, as the type that the argument takes; what doesn't fit stays as it is. */
export function typed(argument: ArgSchema | undefined, value: unknown): unknown {
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
