import type { AccountPrincipal } from "../../access/principal.ts";
import { checkArguments } from "../../commands/arguments.ts";
import type { Command } from "../../commands/command.ts";
import { commandFor, mayRun } from "../../commands/execute.ts";
import { refuseSecrets } from "../../commands/refuseSecrets.ts";
import type { Commands } from "../../commands/registry.ts";
import type { BlueprintDefinition, Field, StartedCommand } from "../../protocol/blueprints.ts";
import { isSame } from "../../protocol/isSame.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { renamedFlow } from "../../protocol/renamedFlow.ts";
import { shownShort } from "../../protocol/sentence.ts";
import { fieldOfArgument } from "../../protocol/startedArguments.ts";
import { keysNow } from "../blueprint.ts";
import { type DefinitionSay, wrong } from "../sentences/definitions/sentences.ts";
import { givesArgument } from "./started.ts";

/**
 * Nobody lets a step start what they may not run themselves, nor changes a step that does: what it writes may be what it hands on, and it runs as who
 * takes it. A step that is as it was stays, whoever saves. Refusals: `invalid_value` with `flow.transitions.<n>.start.<m>…`.
 */
export async function requireStartable(
  commands: (tenant: string) => Promise<Commands>,
  by: AccountPrincipal,
  { fields, flow }: BlueprintDefinition,
  before?: BlueprintDefinition,
): Promise<void> {
  const stood = before?.flow === undefined ? undefined : renamedFlow(before.flow, keysNow(before.fields, fields));
  const starts = (flow?.transitions ?? []).flatMap((transition, place) =>
    stood?.transitions.some((one) => isSame(one, transition)) === true
      ? []
      : (transition.start ?? []).map((started, index) => ({ started, path: `flow.transitions.${place}.start.${index}` })),
  );
  if (starts.length === 0) return;
  const there = await commands(by.tenant);
  for (const { started, path } of starts) {
    const found = there.find(started.command);
    if (found === undefined || !mayRun(found, by)) throw wrong(`${path}.command`, (say) => say.noCommandToRun(shownShort(started.command)));
    if (found.name !== started.command) throw wrong(`${path}.command`, (say) => say.wholeName(found.name));
    const why = whyNot(found);
    if (why !== undefined) throw wrong(`${path}.command`, why);
    checkGiven(commandFor(found, by), started, fields, `${path}.args`);
  }
}

/** What a person decides each time, no step decides for them. */
function whyNot(command: Command): DefinitionSay | undefined {
  if (command.risk === "destructive") return (say) => say.confirmedEach(command.name);
  if (command.audience === "staff" && command.stepUp !== undefined && command.stepUp !== false) return (say) => say.asksAgain(command.name);
  return undefined;
}

function checkGiven({ name: command, args: schema }: Command, { args }: StartedCommand, fields: readonly Field[], path: string): void {
  const said = Object.fromEntries(Object.entries(args).filter(([, value]) => fieldOfArgument(value) === undefined));
  for (const [name, value] of Object.entries(args)) {
    const argument = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    const at = `${path}.${name.slice(0, 60)}`;
    if (argument === undefined) throw wrong(at, (say) => say.takesNo(command, shownShort(name)));
    if (argument.format === "password") throw wrong(at, (say) => say.secretArgument(name));
    const key = fieldOfArgument(value);
    const field = fields.find((one) => one.key === key);
    if (field !== undefined && !givesArgument(field.type, argument))
      throw wrong(at, (say) => say.takesType(name, String(argument.type), field.name, field.type));
  }
  const missing = schema.required?.find((name) => !Object.hasOwn(args, name));
  if (missing !== undefined) throw wrong(path, (say) => say.needsArgument(command, missing));
  try {
    refuseSecrets(schema, checkArguments({ ...schema, required: [] }, said));
  } catch (error) {
    throw error instanceof Refusal ? error.movedTo((error.path ?? "args").replace(/^args/, path)) : error;
  }
}
