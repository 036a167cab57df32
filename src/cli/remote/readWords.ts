import type { ArgSchema, CommandListing } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Terminal } from "../terminal.ts";

/** The words of a command line as arguments: `name:value` sets one, another word fills the next that is open. Refusals: `invalid_value`. */
export function readWords({ name: command, args }: CommandListing, words: readonly string[]): Record<string, unknown> {
  const names = Object.keys(args.properties);
  const values: Record<string, unknown> = {};
  for (const word of words) {
    const [, written = "", rest = ""] = /^(\w[\w-]*):(.*)$/s.exec(word) ?? [];
    const named = names.find((name) => name.toLowerCase() === written.toLowerCase());
    const name = named ?? names.find((open) => !Object.hasOwn(values, open));
    if (name === undefined)
      throw new Refusal(
        "invalid_value",
        `"${command}" takes ${names.join(", ") || "no arguments"}; there is no place for "${word.slice(0, 60)}".`,
      );
    if (Object.hasOwn(values, name)) throw new Refusal("invalid_value", `"${name}" is given twice.`);
    refuseSecret(name, args.properties[name]);
    values[name] = named === undefined ? word : rest;
  }
  return values;
}

/** Asks a person for what is required and not there; where nobody can be asked, the installation says what is missing. */
export async function askMissing(
  { args }: CommandListing,
  values: Readonly<Record<string, unknown>>,
  terminal: Terminal,
): Promise<Record<string, unknown>> {
  const all = { ...values };
  for (const name of args.required ?? []) {
    if (Object.hasOwn(all, name) || !terminal.hasPerson) continue;
    const schema = args.properties[name];
    refuseSecret(name, schema);
    all[name] = await terminal.ask(`${name} (${described(schema)}): `, (answer) => {
      if (answer.trim() === "") throw new Refusal("invalid_value", `"${name}" is needed.`);
      return answer.trim();
    });
  }
  return all;
}

export function described({ type = "string", format, enum: choices, description }: ArgSchema = {}): string {
  const kind = choices === undefined ? (kinds[format ?? ""] ?? kinds[type] ?? type) : choices.join(" | ");
  return description === undefined ? kind : `${kind}; ${description}`;
}

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "JSON, a list",
  object: "JSON, an object",
  date: "a date like 2026-11-21",
  entity: "its number, another unique value, or its id",
  account: "a colleague's e-mail address",
  file: "the path of a file here",
  "date-time": "a time like 2026-11-21T09:30:00Z",
};

/** A line is kept by the shell, and read by everybody in the list of processes. */
function refuseSecret(name: string, schema: ArgSchema | undefined): void {
  if (schema?.format !== "password") return;
  throw new Refusal("invalid_value", `"${name}" is a secret and has no place on a command line; use the desk.`);
}
