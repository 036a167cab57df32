import { distance } from "fastest-levenshtein";
import type { Command } from "./command.ts";

/** What can be found among some commands. */
export interface Commands {
  /** The command of this name, however it is cased. */
  find(name: string): Command | undefined;
  /** Sorted by name. */
  all(): readonly Command[];
  /** The known name nearest to a misspelt one, among those that `may` allows. */
  nearest(name: string, may: (command: Command) => boolean): Command | undefined;
}

/** The commands that tenants made. */
export interface TenantCommands {
  /** Those that this process knows of: the same array until it knows better. */
  known(tenant: string): readonly Command[];
  /** Looks again where what is known may be old. Refusal `unavailable`. */
  load(tenant: string): Promise<void>;
}

/** The commands of this installation, the ones declared here and the automations that were found on the bus; with those of a tenant, `of` it. */
export interface Registry extends Commands {
  /** What there is for a tenant's people, as far as this process knows; `load` it first where they wait for an answer. */
  of(tenant: string): Commands;
  load(tenant: string): Promise<void>;
  /** Replaces the automations. A built-in keeps its name: an automation can't take it over. */
  setAutomations(commands: readonly Command[]): void;
}

export function createRegistry(builtIn: readonly Command[], ofTenants: TenantCommands = noOperations): Registry {
  const fixed = indexOf(builtIn);
  let shared = commandsIn(fixed);
  let automations: ReadonlyMap<string, Command> = new Map();
  // What a tenant's commands were joined into, until either side changes.
  let joined = new Map<string, { made: readonly Command[]; commands: Commands }>();
  return {
    find: (name) => shared.find(name),
    all: () => shared.all(),
    nearest: (name, may) => shared.nearest(name, may),
    of: (tenant) => {
      const made = ofTenants.known(tenant);
      if (made.length === 0) return shared;
      const before = joined.get(tenant);
      if (before?.made === made) return before.commands;
      const commands = commandsIn(new Map([...automations, ...indexOf(made), ...fixed]));
      joined.set(tenant, { made, commands });
      return commands;
    },
    load: (tenant) => ofTenants.load(tenant),
    setAutomations: (commands) => {
      automations = indexOf(commands);
      shared = commandsIn(new Map([...automations, ...fixed]));
      joined = new Map();
    },
  };
}

const noOperations: TenantCommands = { known: () => [], load: async () => {} };

function indexOf(commands: readonly Command[]): Map<string, Command> {
  return new Map(commands.map((command) => [fold(command.name), command]));
}

function commandsIn(byName: ReadonlyMap<string, Command>): Commands {
  const sorted = sortByName(byName);
  const shorts = shortNames(sorted);
  return {
    find: (name) => byName.get(fold(name)) ?? shorts.get(fold(name)),
    all: () => sorted,
    nearest: (name, may) => nearestOf(fold(name), sorted.filter(may)),
  };
}

/** By short names, of those that only one has. */
function shortNames(commands: readonly Command[]): Map<string, Command> {
  const found = new Map<string, Command | undefined>();
  for (const command of commands) {
    if (command.short === undefined) continue;
    const name = fold(command.short);
    found.set(name, found.has(name) ? undefined : command);
  }
  return new Map([...found].flatMap(([name, command]) => (command === undefined ? [] : [[name, command] as const])));
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
