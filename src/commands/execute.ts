import { stepUpNeeded } from "../access/factors/stepUp.ts";
import type { Permission } from "../access/permissions.ts";
import { reachesBlueprint, reachesPublished } from "../access/policy.ts";
import type { AccountPrincipal, Principal } from "../access/principal.ts";
import { Refusal } from "../protocol/refusal.ts";
import { approvalNeeded } from "./approvals/approvalRules.ts";
import { checkArguments } from "./arguments.ts";
import type { Command, CommandResult, HandedBack, Work } from "./command.ts";
import { confirmationNeeded, needsConfirmation } from "./plans/confirmation.ts";

export interface Execution {
  command: Command;
  principal: Principal;
  /** The run's id, and the idempotency key of what the command does outside. */
  run: string;
  args: Readonly<Record<string, unknown>>;
  conversation?: string;
  handedBack?: HandedBack;
  /** Whether the person has just said again who they are. Only a run of its own finds that out: nothing that a macro does needs it. */
  steppedUp?: boolean;
  /** Whether they have said once more that they mean it, where it can't be taken back. */
  confirmed?: boolean;
  /** Whether everybody agreed who must, or nobody has to: whoever executes has looked it up, for this principal and these arguments. */
  approved?: boolean;
  /** Of a run that is written down. */
  work?: Work;
}

/** The only way in which a command runs: authorizes, checks the arguments, runs. Refusals: `unknown_command`, `invalid_value`, `confirmation_needed`, `approval_needed`, and the command's own. */
export async function execute(execution: Execution): Promise<CommandResult> {
  const { principal, run, args, conversation, handedBack, steppedUp, confirmed, work = unwatched(run) } = execution;
  authorize(execution.command, principal);
  const command = commandFor(execution.command, principal);
  const where = { ...(conversation === undefined ? {} : { conversation }), ...(handedBack === undefined ? {} : { handedBack }) };
  const call = { run, work, args: checkArguments(command.args, args), ...where };
  if (needsConfirmation(command, call.args) && confirmed !== true) throw confirmationNeeded(command);
  if (command.audience === "visitor") return await command.run({ ...call, principal });
  if (principal.kind === "visitor") throw unknownCommand(command.name);
  if (command.stepUp !== undefined && command.stepUp !== false && steppedUp !== true) throw stepUpNeeded();
  if (command.approval !== undefined && execution.approved !== true) throw approvalNeeded(command.name);
  return await command.run({ ...call, principal });
}

/** Of what has no run of its own to be written down with: nobody cancels it, and whoever repeats it (a turn) knows that it was begun. */
export function unwatched(run: string): Work {
  return {
    signal: new AbortController().signal,
    effect: async ({ step }, act) => await act(`${run}:${step}`),
    step: async (_step, act) => await act(),
    progress: () => {},
  };
}

/** What may not be run answers as what does not exist. */
export function mayRun(command: Command, principal: Principal): boolean {
  if (principal.kind === "visitor") return command.audience === "visitor";
  if (command.audience === "visitor" && command.visitorsOnly === true) return false;
  // What one does for oneself no program does, nor what a person has to say again who they are for.
  if (principal.kind === "apiKey" && (command.name.startsWith("me.") || (command.audience === "staff" && command.stepUp === true)))
    return false;
  return principal.permissions.has(permissionFor(command)) && reachesIt(command, principal) && isSharedWith(command, principal);
}

/** The command as it is for whoever may run it: what they may not say has no argument. */
export function commandFor(command: Command, principal: Principal): Command {
  return theirs(command, principal) ?? command;
}

function theirs(command: Command, principal: Principal): Command | undefined {
  if (command.audience === "visitor" || command.for === undefined || principal.kind === "visitor") return command;
  return command.for(principal);
}

/** A role may be for some operations only, and over entities of some blueprints. */
function reachesIt(command: Command, principal: AccountPrincipal): boolean {
  const { source, name } = command;
  if (command.audience === "staff" && command.blueprint !== undefined)
    return reachesBlueprint(principal, command.permission, command.blueprint) && theirs(command, principal) !== undefined;
  return source === "built-in" || reachesPublished(principal, source === "operation" ? name : undefined);
}

/** What a tenant made is for the roles with which it was shared. */
function isSharedWith({ sharedWith }: Command, { permissions, roles }: AccountPrincipal): boolean {
  if (sharedWith === undefined || permissions.has("operations.manage")) return true;
  return sharedWith.includes("everyone") || sharedWith.some((role) => roles.includes(role));
}

/** What somebody with an account must hold to run it. */
export function permissionFor(command: Command): Permission {
  return command.audience === "staff" ? command.permission : "commands.run";
}

function authorize(command: Command, principal: Principal): void {
  if (!mayRun(command, principal)) throw unknownCommand(command.name);
}

export function unknownCommand(name: string): Refusal {
  return new Refusal("unknown_command", `There is no command "${name.slice(0, 60)}" that you may run. "help" lists yours.`);
}
