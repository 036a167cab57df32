import { pageInMemory } from "../platform/lists/listInMemory.ts";
import type { ListRequest } from "../platform/lists/listSql.ts";
import { commandSources } from "../protocol/commands.ts";
import type { Command } from "./command.ts";

/** By what a list of commands may be filtered and sorted. */
export const commandList = {
  fields: {
    name: { type: "text" },
    summary: { type: "text" },
    risk: { type: "choice", choices: ["read", "write", "destructive"] },
    source: { type: "choice", choices: commandSources },
    audience: { type: "choice", choices: ["visitor", "staff"] },
  },
  order: "name",
  unique: "name",
} as const;

/** A page of these commands. Refusals: `invalid_value` with the path `filter…`, `sort` or `cursor`. */
export function listCommands(commands: readonly Command[], request: ListRequest): { items: Command[]; nextCursor: string | null } {
  return pageInMemory({ ...commandList, values: valuesOf }, commands, request);
}

function valuesOf({ name, summary, risk, source, audience }: Command) {
  return { name, summary, risk, source, audience };
}
