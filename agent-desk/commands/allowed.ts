import { signal } from "@preact/signals";
import { listCommands } from "./run.ts";

/** The names of the commands that I may run; empty until they are known, so that nothing is offered that would be refused. */
export const allowed = signal<ReadonlySet<string>>(new Set());

/** Asks once; where that fails, what needs it stays hidden, and the command bar tells why. */
export function learnAllowed(): void {
  listCommands()
    .then((commands) => {
      allowed.value = new Set(commands.map(({ name }) => name));
    })
    .catch(() => {});
}
