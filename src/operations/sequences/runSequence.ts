import { createHash } from "node:crypto";
import type { Command, CommandResult } from "../../commands/command.ts";
import { mayRun, unknownCommand } from "../../commands/execute.ts";
import { mayHaveHappened } from "../../commands/runs/effects.ts";
import { executeAudited } from "../../commands/runs/executeAudited.ts";
import { within } from "../../commands/runs/keptStep.ts";
import type { CommandMessage, Risk } from "../../protocol/commands.ts";
import { inShape } from "../../protocol/inShape.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { KindOfOperation, OperationCall } from "../operationKind.ts";
import { checkSequence, type Sequence, type Step, sequenceBody } from "./sequence.ts";
import { withNames } from "./tableRows.ts";
import { trySteps } from "./trySequence.ts";
import { argsOf, firstValues, isMeant, placeOf, type SequenceOutside, turnsOf, type Values } from "./turns.ts";

const mostMessages = 20;

/** Operations made of commands. Each step is authorized for whoever runs it: a sequence lends nobody a right. */
export function sequenceKind(outside: SequenceOutside): KindOfOperation {
  return {
    resumable: true,
    check: async (written, saving) => {
      const sequence = inShape(sequenceBody, written, "sequence");
      checkSequence(sequence, saving);
      const there = await outside.commands(saving.principal.tenant);
      const risks = sequence.steps.map(({ command }, index) => {
        const path = `sequence.steps.${index}.command`;
        if (command === saving.name) throw new Refusal("invalid_value", "A sequence can't run itself.", { path });
        const found = there.find(command);
        if (found === undefined || !mayRun(found, saving.principal))
          throw new Refusal("invalid_value", `There is no command "${command.slice(0, 60)}" that you may run.`, { path });
        if (found.risk === "destructive")
          throw new Refusal(
            "invalid_value",
            `"${command}" can't be taken back, so it is confirmed by a person each time, not by a sequence.`,
            {
              path,
            },
          );
        return found.risk;
      });
      return { body: sequence, risk: risks.includes("write") ? "write" : ("read" satisfies Risk) };
    },
    try: async (body, call) => await trySteps(outside, sequenceBody.parse(body), call),
    run: async (body, call) => await runSteps(outside, sequenceBody.parse(body), call),
  };
}

interface Ran {
  messages: CommandMessage[];
  values: Record<string, unknown>;
}

/** A sequence in a sequence in a sequence, each with a loop: two that run each other end here. Each level adds at most two parts to the run's key. */
const mostKeyParts = 7;

async function runSteps(outside: SequenceOutside, sequence: Sequence, call: OperationCall): Promise<CommandResult> {
  const { steps } = sequence;
  if (call.run.split(".").length > mostKeyParts)
    throw new Refusal("conflict", "These sequences run each other too deep: three within each other are the most.");
  await refuseOther(sequence, call);
  const there = await outside.commands(call.principal.tenant);
  const ran: Ran = { messages: [], values: firstValues(call) };
  for (const [index, step] of steps.entries()) {
    const command = there.find(step.command);
    if (command === undefined) throw unknownCommand(step.command);
    // What was published as reading begins to write with none of its steps.
    if (call.risk === "read" && command.risk !== "read")
      throw new Refusal("conflict", `"${command.name}" changes something since this sequence was saved: save and publish it again.`);
    try {
      await runStep(outside, command, step, index, call, ran);
    } catch (error) {
      throw stoppedAt(index, steps, ran, command, error);
    }
  }
  const { messages, values } = ran;
  const last = steps.findLast(({ name }) => name !== undefined && values[name] !== undefined)?.name;
  return {
    messages: messages.length === 0 ? [{ text: "Done: there was nothing to do." }] : messages.slice(-mostMessages),
    data: last === undefined ? { steps: steps.length } : { steps: steps.length, result: jsonOf(values[last]) },
  };
}

/** What another process did of another version can't be gone on with. */
async function refuseOther(sequence: Sequence, { work }: OperationCall): Promise<void> {
  const digest = createHash("sha256").update(JSON.stringify(sequence)).digest("base64url");
  const begun = await work.step({ step: "begin", check: "", reads: true, repeatable: true }, async () => digest);
  if (begun !== digest) throw new Refusal("conflict", "Another version of it was published while it ran; what was done until then stays.");
}

/** Each turn of a loop is a step of its own in the run, with a key of its own: whoever goes on with the run, or repeats it, finds what was done. */
async function runStep(
  outside: SequenceOutside,
  command: Command,
  step: Step,
  index: number,
  call: OperationCall,
  ran: Ran,
): Promise<void> {
  const turns = turnsOf(step, ran.values);
  const results: unknown[] = [];
  for (const [turn, values] of turns.entries()) {
    if (!isMeant(step, values)) continue;
    if (call.work.signal.aborted) throw new Refusal("conflict", "It was cancelled.");
    const place = placeOf(step, index, turn);
    if (step.each !== undefined) call.work.progress({ text: `Step ${place}: ${command.name}`, done: turn, of: turns.length });
    try {
      const { messages, data } = await runTurn(outside, command, { step, index, turn, place, values }, call);
      ran.messages.push(...messages);
      results.push(withNames(data));
    } catch (thrown) {
      if (!goesOn(step, command, thrown)) throw thrown;
      ran.messages.push({ text: `Step ${place} (${command.name}) was refused: ${thrown.message}` });
      results.push(null);
    }
  }
  if (step.name !== undefined) ran.values[step.name] = step.each === undefined ? results[0] : results;
}

interface Turn {
  step: Step;
  index: number;
  turn: number;
  /** As people read it: `2, row 17`. */
  place: string;
  values: Values;
}

async function runTurn(outside: SequenceOutside, command: Command, { step, index, turn, place, values }: Turn, call: OperationCall) {
  const name = { step: `${place} ${command.name}`, reads: command.risk === "read" };
  const repeatable = name.reads || command.resumable === true || (command.audience === "staff" && command.idempotent === true);
  const check = `Look whether "${command.name}" did what step ${place} asks for.`;
  return await call.work.step({ ...name, check, repeatable }, async () => {
    const { messages, data = null } = await executeAudited(outside, {
      command,
      principal: call.principal,
      run: `${call.run}.${index}${step.each === undefined ? "" : `.${turn}`}`,
      args: argsOf(step, values, command.args),
      work: within(call.work, name),
      ...(call.conversation === undefined ? {} : { conversation: call.conversation }),
    });
    return { messages, data };
  });
}

/** What was refused did nothing; what may have happened is looked at by a person first. */
function goesOn({ onFailure }: Step, { risk }: Command, thrown: unknown): thrown is Refusal {
  return onFailure === "continue" && thrown instanceof Refusal && (risk === "read" || !mayHaveHappened(thrown));
}

/** The refusal of the step, with what was done before it: that stays done. */
function stoppedAt(index: number, steps: readonly Step[], { messages }: Ran, { risk }: Command, error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  const before = messages.length === 0 ? "Nothing was done" : `Done: ${messages.map(({ text }) => text).join(" ")} Then it stopped`;
  const path = error.path === undefined ? {} : { path: `steps.${index}.${error.path}` };
  // What only looks and wasn't answered changed nothing: that isn't uncertain, whatever the others change.
  const code = risk === "read" && mayHaveHappened(error) ? "automation_failed" : error.code;
  return new Refusal(code, `${before}: step ${index + 1} of ${steps.length} (${steps[index]?.command}) was refused: ${error.message}`, {
    ...path,
    cause: error,
  });
}

function jsonOf(value: unknown): object | string | number | boolean | null {
  return JSON.parse(JSON.stringify(value ?? null));
}
