import type { ArgSchema, ArgsSchema } from "../../protocol/commands.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import type { FormInput } from "../drawing.ts";

/** A form's inputs for a command's arguments, with what is known of them. Secrets are not asked for in a chat: `secretOf` names them. */
export function inputsOf({ properties, required = [] }: ArgsSchema, given: Readonly<Record<string, unknown>>): FormInput[] {
  return Object.entries(properties).map(([name, argument]) => {
    const value = ownValue(given, name) ?? argument.default;
    return {
      name,
      label: labelOf(name),
      required: required.includes(name) && argument.default === undefined,
      type: typeOf(argument),
      ...(argument.description === undefined ? {} : { hint: argument.description }),
      ...(argument.enum === undefined ? {} : { choices: argument.enum.map((one) => ({ value: String(one), label: String(one) })) }),
      ...(isSearched(argument) ? { searched: true as const } : {}),
      ...(value === undefined || value === null ? {} : { value: typeof value === "object" ? JSON.stringify(value) : String(value) }),
      ...limitsOf(argument),
    };
  });
}

/** The first argument that holds a secret: what is written in a chat stays with its service. */
export function secretOf({ properties }: ArgsSchema): string | undefined {
  return Object.keys(properties).find((name) => properties[name]?.format === "password");
}

/** The first argument that must be given and isn't. */
export function missingOf({ required = [], properties }: ArgsSchema, given: Readonly<Record<string, unknown>>): string | undefined {
  return required.find((name) => (ownValue(given, name) ?? "") === "" && properties[name]?.default === undefined);
}

/** What was filled in, as the command takes it: an empty field says nothing, a box that nobody ticked says no. */
export function argumentsOf({ properties, required = [] }: ArgsSchema, values: Readonly<Record<string, string>>): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const [name, argument] of Object.entries(properties)) {
    const value = ownValue(values, name) ?? "";
    if (argument.type === "boolean") {
      if (value !== "" || required.includes(name)) args[name] = /^(true|yes|on)$/i.test(value);
    } else if (value !== "") args[name] = value;
  }
  return args;
}

/** Whether its values are asked for while somebody types. */
export function isSearched({ choicesFrom, format }: ArgSchema): boolean {
  return choicesFrom !== undefined || format === "entity" || format === "account";
}

function typeOf({ type = "string", format, enum: choices, maxLength, ...argument }: ArgSchema): FormInput["type"] {
  if (choices !== undefined || isSearched({ ...argument, ...(format === undefined ? {} : { format }) })) return "choice";
  if (format === "password") return "secret";
  if (format === "date") return "date";
  if (format === "date-time") return "instant";
  if (type === "boolean" || type === "integer" || type === "number") return type;
  return type === "object" || type === "array" || (maxLength ?? 0) > 500 ? "longText" : "text";
}

function limitsOf({ minLength, maxLength, minimum, maximum }: ArgSchema) {
  return {
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

function labelOf(name: string): string {
  const words = name.replace(/[-_]/g, " ").replace(/([a-z])([A-Z])/g, "$1 $2");
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}
