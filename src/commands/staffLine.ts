import type { Registry } from "./registry.ts";

/** The command of ours that a text begins with, like `/agent deactivate …`: what was meant for us and not for a customer. */
export function staffCommandIn(registry: Pick<Registry, "find">, text: string): string | undefined {
  const [, first, second] = /^\s*\/([^\s/]+)(?:\s+(\S+))?/u.exec(text) ?? [];
  if (first === undefined) return undefined;
  const found = registry.find(first) ?? (second === undefined ? undefined : registry.find(`${first}.${second}`));
  return found?.audience === "staff" ? found.name : undefined;
}
