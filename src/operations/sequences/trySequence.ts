import { checkArguments } from "../../commands/arguments.ts";
import type { Command, CommandResult } from "../../commands/command.ts";
import { commandFor, unknownCommand } from "../../commands/execute.ts";
import { makePlan } from "../../commands/plans/plan.ts";
import { executeAudited } from "../../commands/runs/executeAudited.ts";
import { within } from "../../commands/runs/keptStep.ts";
import type { CommandMessage, PlannedChange } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { TriedStep } from "../../protocol/sequences.ts";
import type { OperationCall } from "../operationKind.ts";
import { slotsIn } from "../slots.ts";
import type { Sequence, Step } from "./sequence.ts";
import { withNames } from "./tableRows.ts";
import { argsOf, firstValues, isMeant, type SequenceOutside, turnsOf, type Values } from "./turns.ts";

/** Rows of a loop that are tried: enough to see what it does. */
const mostTurns = 5;
const mostRowsKept = 20;
const mostChanges = 50;

/** Runs the steps that read, for a few rows of each loop, and says what the others would do: nothing changes. Refusals have the place of their step. */
export async function trySteps(
  outside: SequenceOutside,
  { steps }: Sequence,
  call: OperationCall,
): Promise<CommandResult & { data: object }> {
  const there = await outside.commands(call.principal.tenant);
  const values = firstValues(call);
  const unknown = new Set<string>();
  const tried: TriedStep[] = [];
  const changes: PlannedChange[] = [];
  for (const [index, step] of steps.entries()) {
    const command = there.find(step.command);
    if (command === undefined) throw unknownCommand(step.command);
    const done = await tryStep(outside, { command, step, index, values, unknown }, call).catch(atStep(index));
    tried.push({
      ...done.told,
      data: done.results.length === 0 ? null : step.each === undefined ? shortened(done.results[0]) : done.results.map(shortened),
    });
    changes.push(...done.changes);
    if (step.name === undefined) continue;
    if (done.told.state === "planned" || done.told.state === "unknown") unknown.add(step.name);
    const named = done.results.map(withNames);
    values[step.name] = step.each === undefined ? named[0] : named;
  }
  return {
    messages: tried.map((one, index) => ({ text: `${index + 1}. ${one.command}: ${one.messages.map(({ text }) => text).join(" ")}` })),
    data: { ...(call.risk === "read" ? {} : { plan: changes.slice(0, mostChanges) }), steps: tried },
  };
}

interface Trying {
  command: Command;
  step: Step;
  index: number;
  values: Values;
  /** Names of the steps before whose results a run alone finds. */
  unknown: ReadonlySet<string>;
}

interface Tried {
  told: Omit<TriedStep, "data">;
  results: unknown[];
  changes: PlannedChange[];
}

async function tryStep(outside: SequenceOutside, trying: Trying, call: OperationCall): Promise<Tried> {
  const { command, step, index, values, unknown } = trying;
  const told = (state: TriedStep["state"], messages: CommandMessage[], more = { turns: 1, tried: 1 }): Tried => ({
    told: { command: command.name, state, messages, ...more },
    results: [],
    changes: [],
  });
  const missing = slotsIn([step.args, step.each, step.when]).find(({ root }) => unknown.has(root));
  if (missing !== undefined)
    return told("unknown", [{ text: `It needs ${missing.text}, which is only known when it runs.` }], { turns: 0, tried: 0 });
  const rows = turnsOf(step, values);
  const meant = rows.filter((row) => isMeant(step, row));
  if (meant.length === 0) {
    const why = rows.length === 0 ? "There is no row to do it for." : "Its condition doesn't hold, so it is left out.";
    return told("skipped", [{ text: why }], { turns: 0, tried: 0 });
  }
  const some = meant.slice(0, mostTurns);
  const done = told(command.risk === "read" ? "read" : "planned", [], { turns: meant.length, tried: some.length });
  for (const [turn, row] of some.entries()) {
    if (command.risk === "read") {
      const { messages, data } = await readTurn(outside, { command, step, turn, index, values: row }, call);
      done.told.messages.push(...messages);
      done.results.push(data ?? null);
    } else {
      const planned = await planTurn(command, step, row, call);
      done.changes.push(...planned);
      // Of each row only what it would do, not all that there is to know of it.
      done.told.messages.push(...planned.slice(0, step.each === undefined ? mostChanges : 1).map(({ text }) => ({ text })));
    }
  }
  return done;
}

interface Reading {
  command: Command;
  step: Step;
  index: number;
  turn: number;
  values: Values;
}

async function readTurn(
  outside: SequenceOutside,
  { command, step, index, turn, values }: Reading,
  call: OperationCall,
): Promise<CommandResult> {
  try {
    return await executeAudited(outside, {
      command,
      principal: call.principal,
      run: `${call.run}.${index}.${turn}`,
      args: argsOf(step, values, command.args),
      work: within(call.work, { step: `${index + 1}`, reads: true }),
      ...(call.conversation === undefined ? {} : { conversation: call.conversation }),
    });
  } catch (thrown) {
    if (step.onFailure !== "continue" || !(thrown instanceof Refusal)) throw thrown;
    return { messages: [{ text: `It was refused, and goes on: ${thrown.message}` }] };
  }
}

async function planTurn(command: Command, step: Step, values: Values, call: OperationCall): Promise<PlannedChange[]> {
  try {
    return await changesOf(command, argsOf(step, values, command.args), call);
  } catch (thrown) {
    if (step.onFailure !== "continue" || !(thrown instanceof Refusal)) throw thrown;
    return [{ text: `It would be refused, and the sequence goes on: ${thrown.message}` }];
  }
}

async function changesOf(step: Command, given: Record<string, unknown>, { principal }: OperationCall): Promise<PlannedChange[]> {
  const command = commandFor(step, principal);
  const args = checkArguments(command.args, given);
  const { changes } = principal.kind === "visitor" ? { changes: [] } : await makePlan(command, principal, args);
  if (changes.length > 0) return changes;
  const written = Object.entries(args).map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`);
  return [{ text: `${command.summary.replace(/\.$/, "")}${written.length === 0 ? "" : `: ${written.join(", ")}`}.` }];
}

/** A table with its first rows, a list with its first items. */
function shortened(data: unknown): unknown {
  if (Array.isArray(data)) return data.slice(0, mostRowsKept);
  if (typeof data !== "object" || data === null || !("rows" in data) || !Array.isArray(data.rows)) return data;
  return data.rows.length <= mostRowsKept ? data : { ...data, rows: data.rows.slice(0, mostRowsKept), truncated: true };
}

function atStep(index: number): (thrown: unknown) => never {
  return (thrown) => {
    throw thrown instanceof Refusal ? thrown.movedTo(`sequence.steps.${index}.${thrown.path ?? "command"}`) : thrown;
  };
}
