import type { AccountPrincipal } from "../../access/principal.ts";
import type { Command } from "../../commands/command.ts";
import { commandFor, mayRun } from "../../commands/execute.ts";
import type { Registry } from "../../commands/registry.ts";

export interface Named {
  command: Command;
  /** What stands behind its name. */
  rest: string;
}

/** The commands of whoever asks, each as it is for them, by name. */
export async function commandsFor(registry: Pick<Registry, "of" | "load">, principal: AccountPrincipal): Promise<Command[]> {
  await registry.load(principal.tenant);
  return registry
    .of(principal.tenant)
    .all()
    .filter((command) => mayRun(command, principal))
    .map((command) => commandFor(command, principal));
}

/** The command that a line begins with: `deliveries.deliver DEL-17`, `agent deactivate …`, `/late-orders`. Of what they may not run nothing is known. */
export async function findNamed(
  registry: Pick<Registry, "of" | "load">,
  principal: AccountPrincipal,
  line: string,
): Promise<Named | { nearest: string | undefined }> {
  await registry.load(principal.tenant);
  const commands = registry.of(principal.tenant);
  const [, first = "", behind = ""] = /^\s*\/?([^\s/]+)\s*([\s\S]*)$/u.exec(line) ?? [];
  const [, second = "", rest = ""] = /^(\S+)\s*([\s\S]*)$/u.exec(behind) ?? [];
  const tries: [name: string, rest: string][] =
    second === ""
      ? [[first, behind]]
      : [
          [`${first}.${second}`, rest],
          [first, behind],
        ];
  for (const [name, left] of tries) {
    const found = commands.find(name);
    if (found !== undefined && mayRun(found, principal)) return { command: commandFor(found, principal), rest: left.trim() };
  }
  return { nearest: commands.nearest(first, (command) => mayRun(command, principal))?.name };
}
