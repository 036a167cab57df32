import { typed } from "../protocol/commandLine.ts";
import type { ArgSchema, ArgsSchema } from "../protocol/commands.ts";
import { ownValue } from "../protocol/ownValue.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { Args, ArgValue } from "./command.ts";

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
    const value = typed(argument, ownValue(given, name));
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
    if (typeof value !== "string") throw wrong(argument.format === "decimal" ? 'a number written as a text, like "12.50"' : "a text");
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
