import type { PlanAnswer, RunAnswer } from "../../../src/protocol/commands.ts";
import { planCommand, runCommand } from "../../commands/run.ts";
import type { Written } from "../entities.ts";
import type { Which } from "./chosen.ts";

/** Something that is done with many at once: the end of its command's name, and what else that takes. */
export interface Bulk {
  verb: "update-all" | "step-all" | "delete-all" | "restore-all";
  args: Readonly<Record<string, unknown>>;
}

export interface Problem {
  id: string;
  title: string;
  message: string;
}

export async function planBulk(key: string, which: Which, { verb, args }: Bulk): Promise<PlanAnswer> {
  return await planCommand(`${key}.${verb}`, { ...argsOf(which), ...args });
}

/** To its end; what was refused stays as it is, and is told. */
export async function runBulk(key: string, which: Which, { verb, args }: Bulk): Promise<{ run: RunAnswer; problems: Problem[] }> {
  const run = await runCommand(`${key}.${verb}`, { ...argsOf(which), ...args });
  const { data } = run;
  const problems = typeof data === "object" && data !== null && "problems" in data && Array.isArray(data.problems) ? data.problems : [];
  return { run, problems };
}

function argsOf(which: Which): Record<string, unknown> {
  return "ids" in which ? { entityIds: which.ids } : { filterBy: which.filter ?? {} };
}

/** A value as a command's argument: several with commas, nothing to empty it. */
export function argumentOf(value: Written): unknown {
  if (value === null) return "";
  return typeof value === "object" ? value.join(",") : value;
}
