import type { Command } from "../../commands/command.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import type { Parameter, ParameterType } from "../../protocol/operations.ts";
import type { Recording } from "../../protocol/recording.ts";
import { slotsIn } from "../slots.ts";
import { createKnownValues } from "./knownValues.ts";

/** A run of whoever records, and its command as it is for them now. */
export interface RecordedRun {
  id: string;
  name: string;
  state: string;
  command: Command | undefined;
  args: Readonly<Record<string, unknown>>;
  data: unknown;
}

/** What was run as steps in their order; what can't be one is left out, and said. Nothing of it is saved, and nothing is run. */
export function recordSequence(runs: readonly RecordedRun[]): Recording {
  const recording: Recording = { steps: [], values: [], leftOut: [] };
  const known = createKnownValues();
  const names = new Set<string>();
  const asked = new Map<string, string>();
  for (const run of runs) {
    const { command } = run;
    const why = whyNot(run);
    if (why !== undefined || command === undefined) {
      recording.leftOut.push({ run: run.id, command: run.name, why: why ?? "You may not run it." });
      continue;
    }
    const step = recording.steps.length;
    for (const [argument, value] of Object.entries(run.args)) {
      const schema = command.args.properties[argument];
      if (schema === undefined) continue;
      const from = argument === "conversation" ? undefined : known.find(value);
      const parameter = parameterFor(argument, schema, value, asked);
      recording.values.push({
        ...{ step, argument, value },
        ...(from === undefined ? {} : { from }),
        ...(parameter === undefined ? {} : { parameter }),
        ...(slotsIn(value).length === 0 ? {} : { asked: "It has a name in braces, which a step would fill in." }),
      });
    }
    const name = unused(stepName(command.name), names);
    recording.steps.push({ name, command: command.name });
    known.add(name, run.data);
  }
  return recording;
}

/** Why a run has no place in a sequence, in a sentence. */
function whyNot({ state, name, command }: RecordedRun): string | undefined {
  if (state !== "succeeded") return state === "refused" ? "It was refused." : `It didn't end well: it is ${state}.`;
  if (command === undefined) return "You may not run it any more, or it is gone.";
  if (/^(run|operation)\./.test(name)) return "It is about runs and operations themselves.";
  if (name.startsWith("me.")) return "It is about yourself, so it is nothing for others.";
  if (command.risk === "destructive") return "It can't be taken back, so a person confirms it each time.";
  if (Object.values(command.args.properties).some(({ format }) => format === "password"))
    return "It takes a secret, which is kept nowhere.";
  if (command.audience === "staff" && command.stepUp === true) return "Whoever runs it says again who they are, which a sequence can't.";
  return undefined;
}

const types: Record<string, ParameterType> = {
  ...{ date: "date", "date-time": "instant", decimal: "decimal", account: "account", integer: "integer", number: "decimal" },
  boolean: "boolean",
};
const reserved = new Set(["me", "team", "tenant"]);

/** What would be asked for in place of a value: the same name for the same value, another for another one. */
function parameterFor(argument: string, schema: ArgSchema, value: unknown, asked: Map<string, string>): Parameter | undefined {
  if (typeof value === "object" || value === undefined) return undefined;
  const wanted = argument.replace(/[^a-z0-9_]/gi, "_");
  const base = reserved.has(wanted.toLowerCase()) ? `${wanted}_value` : wanted;
  let name = base;
  for (let count = 2; asked.has(name.toLowerCase()) && asked.get(name.toLowerCase()) !== JSON.stringify(value); count++)
    name = `${base}_${count}`;
  asked.set(name.toLowerCase(), JSON.stringify(value));
  const choices = schema.enum?.map(String);
  const type = choices === undefined ? (types[schema.format ?? schema.type ?? ""] ?? "text") : "choice";
  const usual = type === "integer" || type === "boolean" ? value : String(value);
  // Which conversation it is about is another one each time.
  const isAboutIt = argument === "conversation";
  return {
    name,
    ...(schema.description === undefined ? {} : { label: schema.description.slice(0, 200) }),
    type,
    required: isAboutIt,
    ...(choices === undefined ? {} : { choices }),
    ...(isAboutIt || (typeof usual !== "string" && typeof usual !== "number" && typeof usual !== "boolean") ? {} : { default: usual }),
  };
}

/** `late-orders` is `lateOrders`, `conversation.note` is `note`. */
function stepName(command: string): string {
  const [last = "step"] = command.split(".").slice(-1);
  return last.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()).slice(0, 30);
}

function unused(wanted: string, names: Set<string>): string {
  let name = `${wanted}Done`;
  for (let count = 2; names.has(name); count++) name = `${wanted}Done${count}`;
  names.add(name);
  return name;
}
