import type { ArgsSchema, CommandListing } from "../../src/protocol/commands.ts";
import { isSecret } from "./argumentFields.ts";
import type { BarItem } from "./barItems.ts";
import { type Choice, type Line, lineOf, namesFor, readLine } from "./commandLine.ts";

/** What choosing a line does: run it, ask for what is missing, or write on. */
export type LineItem = BarItem &
  ({ does: "write"; line: string } | { does: "run" | "ask"; command: CommandListing; values: Record<string, unknown> });

export interface LineItems {
  items: LineItem[];
  /** Why it can't be read. */
  wrong: string | null;
}

/** What is written of the argument, and of the others. */
export interface Typed {
  partial: string;
  values: Readonly<Record<string, unknown>>;
}

/** Nobody reads on after so many: the next letter finds what is meant. */
const mostNames = 50;

interface Known {
  commands: readonly CommandListing[];
  /** Whether a conversation is open: commands take it without being told. */
  hasConversation: boolean;
  choices: (argument: string, command: CommandListing, typed: Typed) => readonly Choice[];
}

/** What a line of the bar may become, the first by Enter; undefined where it is no line but words to look for. */
export function lineItems(text: string, { commands, hasConversation, choices }: Known): LineItems | undefined {
  const usable = commands.filter(({ args }) => hasConversation || args.required?.includes("conversation") !== true);
  const line = lineOf(text, usable);
  if (line !== undefined) return argumentItems(line, asWritten(line.command.args), choices);
  if (!text.trimStart().startsWith("/")) return undefined;
  const names = namesFor(text, usable);
  // What is open is what most lines are about.
  const isOnIt = ({ args }: CommandListing) => "conversation" in args.properties;
  return { items: [...names.filter(isOnIt), ...names.filter((each) => !isOnIt(each))].slice(0, mostNames).map(nameItem), wrong: null };
}

function nameItem(command: CommandListing): LineItem {
  const args = asWritten(command.args);
  const words = Object.keys(args.properties).map((name) => (args.required?.includes(name) ? `{${name}}` : `[${name}]`));
  const { name, summary } = command;
  const item = { group: "Commands", name, label: `/${[name, ...words].join(" ")}`, detail: summary.replace(/\.$/, "") };
  if (hasSecret(command)) return { ...item, does: "ask", command, values: {} };
  return words.length === 0 ? { ...item, does: "run", command, values: {} } : { ...item, does: "write", line: `/${name} ` };
}

/** Nobody should write a password where it can be read. */
function hasSecret({ name, args }: CommandListing): boolean {
  return Object.entries(args.properties).some(([key, schema]) => isSecret(name, key, schema));
}

function argumentItems(line: Line, args: ArgsSchema, choices: Known["choices"]): LineItems {
  if (hasSecret(line.command)) return { items: [nameItem(line.command)], wrong: null };
  const { values, missing, wrong, completions, completeFirst } = readLine(line, args, (argument, typed) =>
    choices(argument, line.command, typed),
  );
  const { command } = line;
  const written = Object.entries(values).map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`);
  const run: LineItem = {
    group: command.summary.replace(/\.$/, ""),
    name: "line",
    label: missing.length > 0 ? `Fill in ${missing.join(", ")}…` : `Run /${command.name}`,
    ...(written.length === 0 ? {} : { detail: shortened(written.join(" · ")) }),
    does: missing.length === 0 ? "run" : "ask",
    command,
    values,
  };
  const more = completions.map(
    ({ line, label, about }): LineItem => ({
      group: "Goes on with",
      name: `completion ${label}`,
      label,
      ...(about === undefined ? {} : { detail: about }),
      does: "write",
      line,
    }),
  );
  const first = wrong === undefined ? [run] : [];
  return { items: completeFirst ? [...more, ...first] : [...first, ...more], wrong: wrong ?? null };
}

/** Nobody reads more of it in a list; a line may have 10,000 letters. */
function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}

/** Which conversation it is about is the page's to say. */
function asWritten({ properties: { conversation: _, ...properties }, required, ...rest }: ArgsSchema): ArgsSchema {
  return { ...rest, properties, ...(required === undefined ? {} : { required: required.filter((name) => name !== "conversation") }) };
}

/** What the fields of a form begin with. */
export function asFields(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : String(value)]),
  );
}
