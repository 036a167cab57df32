import type { ArgSchema, ArgsSchema } from "../../src/protocol/commands.ts";
import type { ListField } from "../../src/protocol/lists/listFields.ts";
import { ownValue } from "../../src/protocol/ownValue.ts";
import { hiddenBy, readConditions } from "../../src/protocol/shownFields.ts";

/** What an argument is called above its field: its own name, as a word. */
export function argumentLabel(name: string): string {
  const words = name.replace(/[-_]/g, " ").replace(/([a-z])([A-Z])/g, "$1 $2");
  return words.charAt(0).toLocaleUpperCase() + words.slice(1).toLocaleLowerCase();
}

/** What a command is run with: what was filled in, and the open conversation where the command takes one. */
export function argumentsFrom(
  { properties, required = [] }: ArgsSchema,
  values: Readonly<Record<string, string>>,
  conversation: string | null,
): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(properties)) {
    const value = ownValue(values, key) ?? "";
    if (key === "conversation") {
      if (conversation !== null) args[key] = conversation;
    } else if (value !== "") args[key] = argumentValue(schema, value);
    // A box that nobody ticked says no.
    else if (schema.type === "boolean" && required.includes(key)) args[key] = false;
  }
  return args;
}

/** What was typed, as the type that the command takes. What doesn't fit stays text: the server says what is wrong with it. */
export function argumentValue({ type }: ArgSchema, typed: string): unknown {
  if ((type === "integer" || type === "number") && typed.trim() !== "" && Number.isFinite(Number(typed))) return Number(typed);
  if (type === "boolean" && /^(yes|true|no|false)$/i.test(typed)) return /^(yes|true)$/i.test(typed);
  return typed;
}

/** The arguments that a form doesn't ask for while these were typed into the others. */
export function hiddenArguments(
  properties: Readonly<Record<string, ArgSchema>>,
  values: Readonly<Record<string, string>>,
): ReadonlySet<string> {
  const all = Object.entries(properties).map(([key, schema]) => ({ key, ...schema }));
  const compared = Object.fromEntries(
    all.map(({ key, enum: choices, ...schema }): [string, ListField] => [
      key,
      { type: choices === undefined ? comparedAs(schema) : "choice", optional: true },
    ]),
  );
  const said = all.map(({ key, ...schema }): [string, unknown] => {
    const typed = ownValue(values, key) ?? "";
    return [key, typed === "" ? schema.default : argumentValue(schema, typed)];
  });
  return hiddenBy(readConditions(all, compared), Object.fromEntries(said));
}

function comparedAs({ type, format }: ArgSchema): ListField["type"] {
  if (type === "integer" || type === "boolean") return type;
  return format === "decimal" ? "decimal" : format === "date" ? "date" : format === "date-time" ? "instant" : "text";
}

/** Passwords are never shown while they are typed. */
export function isSecret(command: string, name: string, { format }: ArgSchema): boolean {
  return format === "password" || command === "me.password" || name.toLowerCase().includes("password");
}
