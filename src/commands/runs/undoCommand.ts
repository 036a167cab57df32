import type { AccountPrincipal } from "../../access/principal.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { neededApprovals } from "../approvals/neededApprovals.ts";
import { checkArguments } from "../arguments.ts";
import type { Args, Claim, Command, PlanCall, StaffCommand, Undo, UndoCall } from "../command.ts";
import { mayRun } from "../execute.ts";
import { mayHaveHappened } from "./effects.ts";
import { storedRun } from "./readRuns.ts";
import { commandOf, type RunOutside } from "./runOutside.ts";
import { stateNow, whyNotUndo } from "./runRules.ts";
import { claimUndo, releaseUndo, saveUndoes } from "./runStore.ts";

interface Undoing {
  command: StaffCommand;
  undo: Undo;
  call: UndoCall;
}

export const undoName = "run.undo";

/**
 * `run.undo` takes back what a run did, once: by the rights, the step-up and the approvals that its command needs, and its opposite where it has
 * one. It is a run itself, planned and written down as every other.
 */
export function undoCommand(outside: () => RunOutside): StaffCommand {
  return {
    name: undoName,
    summary: "Takes back what a run did, where nothing newer stands on it.",
    risk: "write",
    audience: "staff",
    source: "built-in",
    permission: "commands.run",
    args: {
      type: "object",
      properties: { run: { type: "string", description: "The run's id.", format: "uuid" } },
      required: ["run"],
      additionalProperties: false,
    },
    stepUp: async (call) => {
      const { command } = await undoing(outside(), call);
      return typeof command.stepUp === "function" ? await command.stepUp(call) : command.stepUp === true;
    },
    approval: async (call) => {
      const { command, undo, call: of } = await undoing(outside(), call);
      const sql = outside().database.forTenant(call.principal.tenant);
      const opposite = undo.as === undefined ? undefined : await commandOf(outside(), call.principal.tenant, undo.as);
      const asked = opposite === undefined ? [command] : [command, opposite];
      const needed = await Promise.all(
        asked.map((each) => neededApprovals(sql, { command: each, principal: call.principal, args: of.args })),
      );
      return needed.flatMap(({ rules }) => rules);
    },
    plan: async (call) => {
      const { undo, call: of } = await undoing(outside(), call);
      return await undo.plan(of);
    },
    run: async (call) => {
      const { undo, call: of } = await undoing(outside(), call);
      const sql = outside().database.forTenant(call.principal.tenant);
      const id = runIn(call.args);
      await undo.plan(of);
      const claim: Claim = async (by) => {
        if (!(await claimUndo(by, id, call.run))) throw new Refusal("stale", "Another took it back in this moment.", { path: "args.run" });
      };
      await saveUndoes(sql, call.run, id);
      if (undo.inOne === true) return await undo.run({ ...of, claim });
      await claim(sql);
      try {
        return await undo.run({ ...of, claim });
      } catch (thrown) {
        if (!mayHaveHappened(thrown)) await releaseUndo(sql, id, call.run);
        throw thrown;
      }
    },
  };
}

function runIn(args: Args): string {
  return String(args["run"]).toLowerCase();
}

/** Refusals: `not_found`, also where they may not run the command; `conflict` where there is nothing to take back. */
async function undoing(outside: RunOutside, { principal, args }: Pick<PlanCall, "principal" | "args">): Promise<Undoing> {
  const { database, clock } = outside;
  const sql = database.forTenant(principal.tenant);
  const run = await storedRun(sql, principal, runIn(args)).catch(atRun);
  const command = await commandOf(outside, principal.tenant, run.command);
  if (command === undefined || !(await mayUndo(outside, command, principal)))
    throw new Refusal("forbidden", `You may not take back what "${run.command}" did.`, { path: "args.run" });
  const now = clock.now();
  const why = whyNotUndo({ ...run, state: stateNow(run, now), hasUndo: run.undo !== null }, now);
  if (why !== undefined || command.audience === "visitor" || command.undo === undefined)
    throw new Refusal("conflict", `The run of "${run.command}" can't be undone: ${why ?? "what it did can't be taken back"}.`, {
      path: "args.run",
    });
  return { command, undo: command.undo, call: { principal, args: checkArguments(command.args, run.args), kept: run.undo } };
}

async function mayUndo(outside: RunOutside, command: Command, principal: AccountPrincipal): Promise<boolean> {
  if (!mayRun(command, principal)) return false;
  const name = command.audience === "staff" ? command.undo?.as : undefined;
  const opposite = name === undefined ? undefined : await commandOf(outside, principal.tenant, name);
  return opposite === undefined || mayRun(opposite, principal);
}

function atRun(error: unknown): never {
  if (error instanceof Refusal && error.path === "id") throw new Refusal(error.code, error.message, { path: "args.run" });
  throw error;
}
