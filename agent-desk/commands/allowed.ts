import { computed, signal } from "@preact/signals";
import type { CommandListing } from "../../src/protocol/commands.ts";
import { listCommands } from "./run.ts";

/** The commands that I may run, as they were fetched last; undefined before the first time. */
export const knownCommands = signal<CommandListing[] | undefined>(undefined);

/** Their names; empty until they are known, so that nothing is offered that would be refused. */
export const allowed = computed<ReadonlySet<string>>(() => new Set(knownCommands.value?.map(({ name }) => name)));

/** Asks once; where that fails, what needs it stays hidden, and the command bar tells why. */
export function learnAllowed(): Promise<void> {
  return listCommands()
    .then((commands) => {
      knownCommands.value = commands;
    })
    .catch(() => {});
}
