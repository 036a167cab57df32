import { parseArguments } from "../../src/protocol/commandLine.ts";
import type { ArgsSchema, CommandListing } from "../../src/protocol/commands.ts";
import { ownValue } from "../../src/protocol/ownValue.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { fold } from "../aids/fold.ts";

/** A command that a line names in full. */
export interface Line {
  command: CommandListing;
  /** The line up to its arguments, and those. */
  start: string;
  written: string;
}

/** A value that may be written for an argument, and what it stands for where it doesn't say so itself. */
export interface Choice {
  value: string;
  about?: string;
}

/** What may follow: the line as it would be, and what of it is new. */
export interface Completion {
  line: string;
  label: string;
  about?: string;
}

export interface ReadLine {
  /** As they would be sent; what the page fills in is not among them. */
  values: Record<string, unknown>;
  /** Required, and not written yet. */
  missing: string[];
  /** Why it can't be read. */
  wrong?: string;
  completions: Completion[];
  /** Whether Enter should rather complete than run. */
  completeFirst: boolean;
}

/** The command of a line like `/conversation snooze 2h`, where the name is whole and something may follow; without a `/` where the name has a dot, or is one that people gave here. */
export function lineOf(text: string, commands: readonly CommandListing[]): Line | undefined {
  const slash = /^\s*\/?\s*/.exec(text)?.[0] ?? "";
  const rest = text.slice(slash.length);
  // In full width, or with a space that doesn't break: as the chat and the API read it.
  const plain = rest.normalize("NFKC").toLowerCase();
  const spelt = plain.length === rest.length ? plain : rest.toLowerCase();
  let found: Line | undefined;
  for (const command of commands) {
    if (!slash.includes("/") && !command.name.includes(".") && command.source !== "operation") continue;
    for (const name of [command.name, command.name.replace(".", " "), ...(command.short === undefined ? [] : [command.short])]) {
      if (!spelt.startsWith(name) || !/^\s/u.test(rest.slice(name.length))) continue;
      const start = slash + rest.slice(0, name.length + 1);
      if (found === undefined || start.length > found.start.length)
        found = { command, start, written: text.slice(start.length).trimStart() };
    }
  }
  return found;
}

/** The commands that `/` and some letters may become, those whose name begins so first. */
export function namesFor(text: string, commands: readonly CommandListing[]): CommandListing[] {
  const written = text.trim().replace(/^\//, "");
  const words = written.split(/[\s.]+/u).map(fold);
  const wanted = fold(written.replaceAll(".", ""));
  const rank = ({ name, short, summary }: CommandListing) => {
    if (short !== undefined && words.length === 1 && fold(short).startsWith(wanted)) return 0;
    const parts = name.split(".").map(fold);
    if (words.every((word, place) => parts[place]?.startsWith(word))) return 0;
    if (parts.some((part) => part.startsWith(wanted))) return 0;
    if (fold(name.replaceAll(".", "")).includes(wanted)) return 1;
    return fold(summary).includes(wanted) ? 2 : 3;
  };
  return commands
    .map((command) => ({ command, rank: rank(command) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ command }) => command);
}

/** What the line says so far, and how it may go on. `choices` are the known values of an argument. */
export function readLine(
  line: Line,
  schema: ArgsSchema,
  choices: (argument: string, typed: { partial: string; values: Readonly<Record<string, unknown>> }) => readonly Choice[],
): ReadLine {
  const parsed = parse(schema, line.written);
  const wrong = "wrong" in parsed ? { wrong: parsed.wrong } : {};
  const values = "values" in parsed ? parsed.values : {};
  const missing = (schema.required ?? []).filter((name) => name in schema.properties && (ownValue(values, name) ?? "") === "");
  const at = current(schema, line.written);
  const offered = at === undefined ? [] : choices(at.argument, { partial: at.partial, values });
  const wanted = at?.partial ?? "";
  const fitting = offered.filter(({ value, about = "" }) => fold(value).startsWith(fold(wanted)) || fold(about).includes(fold(wanted)));
  const isWhole = offered.some(({ value }) => value === wanted);
  const completions: Completion[] =
    at === undefined || isWhole
      ? []
      : fitting.map(({ value, about }) => ({
          line: `${line.start}${at.before}${at.named || /\s/u.test(value) ? `${at.argument}:${quoted(value)}` : value} `,
          label: value,
          ...(about === undefined ? {} : { about }),
        }));
  const needed = at !== undefined && missing.includes(at.argument);
  return {
    values,
    missing,
    ...wrong,
    completions: [...completions, ...namedArguments(line, schema, values)],
    completeFirst: completions.length > 0 && (wanted === "" ? needed : true),
  };
}

function parse(schema: ArgsSchema, written: string): { values: Record<string, unknown> } | { wrong: string } {
  try {
    return { values: parseArguments(schema, written.trimEnd()) };
  } catch (error) {
    if (error instanceof Refusal) return { wrong: error.message };
    throw error;
  }
}

/** From where it begins only: a line of 10,000 letters would take 0.1 s for each that is added. */
const wordAtEnd = /(?<!\S)\S*$/u;

interface Current {
  argument: string;
  /** What of its value is written. */
  partial: string;
  /** What stands before it. */
  before: string;
  /** It is set by its name. */
  named: boolean;
}

/** The argument that is being written. */
function current(schema: ArgsSchema, written: string): Current | undefined {
  const word = wordAtEnd.exec(written)?.[0] ?? "";
  const before = written.slice(0, written.length - word.length);
  const [, name = "", value = ""] = /^([A-Za-z][\w-]*):"?(.*)$/u.exec(word) ?? [];
  if (Object.hasOwn(schema.properties, name)) return { argument: name, partial: value, before, named: true };
  const parsed = parse(schema, before.trimEnd());
  if ("wrong" in parsed) return undefined;
  const open = Object.keys(schema.properties).find((each) => !Object.hasOwn(parsed.values, each));
  // A free text goes on to the end: what is offered for it replaces all of it.
  const last = Object.keys(parsed.values).at(-1);
  const free = last === undefined ? undefined : parsed.values[last];
  if (open === undefined && last !== undefined && typeof free === "string" && before.trimEnd().endsWith(free))
    return { argument: last, partial: `${free} ${word}`.trimEnd(), before: before.trimEnd().slice(0, -free.length), named: false };
  return open === undefined ? undefined : { argument: open, partial: word, before, named: false };
}

/** Arguments that are still open, by their names: any may be set in any order. */
function namedArguments({ start, written }: Line, { properties }: ArgsSchema, values: Record<string, unknown>): Completion[] {
  const word = wordAtEnd.exec(written)?.[0] ?? "";
  if (Object.keys(properties).length < 2) return [];
  return Object.entries(properties).flatMap(([name, { description }]) =>
    !(Object.hasOwn(values, name) && values[name] !== word) && name.startsWith(word) && !word.includes(":")
      ? [
          {
            line: `${start}${written.slice(0, written.length - word.length)}${name}:`,
            label: `${name}:`,
            ...(description === undefined ? {} : { about: description }),
          },
        ]
      : [],
  );
}

function quoted(value: string): string {
  return /\s/u.test(value) ? `"${value}"` : value;
}
