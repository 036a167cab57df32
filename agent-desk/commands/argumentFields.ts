import type { ArgSchema, ArgsSchema } from "../../src/protocol/commands.ts";
import { ownValue } from "../../src/protocol/ownValue.ts";

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

/** Passwords are never shown while they are typed. */
export function isSecret(command: string, name: string, { format }: ArgSchema): boolean {
  return format === "password" || command === "me.password" || name.toLowerCase().includes("password");
}
