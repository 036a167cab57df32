import type { CommandMessage, PlannedChange, Risk, RunAnswer } from "../../src/protocol/commands.ts";
import type { TriedStep } from "../../src/protocol/sequences.ts";
import { runCommand } from "../commands/run.ts";
import { argsOf, type Draft, isRecord } from "./draft.ts";
import { typedValue } from "./parameterWords.ts";

/** What an operation that isn't saved would answer, or, where it changes something, would do. */
export interface Trial {
  risk: Risk;
  messages: CommandMessage[];
  /** What it would change; null of what reads. */
  plan: PlannedChange[] | null;
  /** What it left for other steps: of a query its table. */
  answer: unknown;
  /** Of a sequence: what each step found or would do. */
  steps: TriedStep[] | null;
  tookMs: number;
}

/** Tries it with the values that were written. Refusals: those of the operation, with their place. */
export async function tryOperation(draft: Draft, written: Readonly<Record<string, string>>): Promise<Trial> {
  return trialOf(await runCommand("operation.try", triedArgs(draft, written)));
}

/** Of `operation.try`. */
export function triedArgs(draft: Draft, written: Readonly<Record<string, string>>): Record<string, unknown> {
  const values = Object.fromEntries(
    draft.parameters.flatMap((parameter) => {
      const value = written[parameter.name] ?? "";
      return value === "" ? [] : [[parameter.name, typedValue(parameter, value)]];
    }),
  );
  const { audience: _, summary: __, ...args } = argsOf(draft);
  const named = draft.name === "" ? {} : { name: draft.name };
  return { ...named, kind: draft.kind, ...args, values };
}

function trialOf({ messages, data, createdAt, endedAt }: RunAnswer): Trial {
  const found = isRecord(data) ? data : {};
  return {
    risk: found["risk"] === "write" || found["risk"] === "destructive" ? found["risk"] : "read",
    messages,
    plan: Array.isArray(found["plan"]) ? found["plan"] : null,
    answer: found["answer"],
    steps: Array.isArray(found["steps"]) ? found["steps"] : null,
    tookMs: endedAt === null ? 0 : Math.max(0, Date.parse(endedAt) - Date.parse(createdAt)),
  };
}
