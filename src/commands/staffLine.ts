import type { Commands } from "./registry.ts";

/** The command of ours that a text begins with, like `/agent deactivate …`: what was meant for us and not for a customer. */
export function staffCommandIn(commands: Pick<Commands, "find">, text: string): string | undefined {
  const [, first, second] = /^\s*\/([^\s/]+)(?:\s+(\S+))?/u.exec(text) ?? [];
  if (first === undefined) return undefined;
  const found = commands.find(first) ?? (second === undefined ? undefined : commands.find(`${first}.${second}`));
  return found?.audience === "staff" ? found.name : undefined;
}
