import { distance } from "fastest-levenshtein";
import type { Command } from "./command.ts";

/** All commands of this installation, the ones declared here and the automations that were found on the bus. */
export interface Registry {
  /** The command of this name, however it is cased. */
  find(name: string): Command | undefined;
  /** Sorted by name. */
  all(): readonly Command[];
  /** The known name nearest to a misspelt one, among those that `may` allows. */
  nearest(name: string, may: (command: Command) => boolean): Command | undefined;
  /** Replaces the automations. A built-in keeps its name: an automation can't take it over. */
  setAutomations(commands: readonly Command[]): void;
}

export function createRegistry(builtIn: readonly Command[]): Registry {
  const fixed = new Map(builtIn.map((command) => [fold(command.name), command]));
  let byName = new Map(fixed);
  let sorted = sortByName(byName);
  return {
    find: (name) => byName.get(fold(name)),
    all: () => sorted,
    nearest: (name, may) => nearestOf(fold(name), sorted.filter(may)),
    setAutomations: (commands) => {
      byName = new Map([...commands.map((command): [string, Command] => [fold(command.name), command]), ...fixed]);
      sorted = sortByName(byName);
    },
  };
}

/** Names are compared without case, in one Unicode form, so that `REVERSE` and full-width letters find `reverse`. */
function fold(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}

function sortByName(commands: ReadonlyMap<string, Command>): Command[] {
  return [...commands.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** At most a third of the letters may differ (at least one, at most three): "revrse" is near, "receipt" is not. */
function nearestOf(name: string, commands: readonly Command[]): Command | undefined {
  const limit = Math.min(3, Math.max(1, Math.floor(name.length / 3)));
  const near = commands
    .map((command) => ({ command, edits: isSwapped(name, command.name) ? 1 : distance(name, command.name) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits);
  return near[0]?.command;
}

/** Two neighbouring letters in the wrong order are one slip of the fingers, though it takes two edits to mend it. */
function isSwapped(written: string, name: string): boolean {
  const at = [...name].findIndex((letter, index) => letter !== written[index]);
  const [first = "", second = ""] = name.slice(at);
  return at >= 0 && written === name.slice(0, at) + second + first + name.slice(at + 2);
}
