import { actorOf, audit } from "../../access/audit/audit.ts";
import { standIn } from "../../access/members/standIn.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { Sql } from "../../platform/database/database.ts";
import type { Decision, RunAnswer, RunDecision } from "../../protocol/commands.ts";
import { errorBody, Refusal } from "../../protocol/refusal.ts";
import { checkArguments } from "../arguments.ts";
import type { Args, Command } from "../command.ts";
import { unknownCommand } from "../execute.ts";
import { isSamePlan } from "../plans/fingerprint.ts";
import { makePlan, worldChanged } from "../plans/plan.ts";
import { type Performance, performRun } from "../runs/performRun.ts";
import { noRun, storedRun } from "../runs/readRuns.ts";
import { answerOf } from "../runs/runAnswer.ts";
import { announceRun, commandOf, type RunOutside } from "../runs/runOutside.ts";
import { stateNow } from "../runs/runRules.ts";
import { beginWaiting, endRun, lockRun, type RunEnd, type StoredRun } from "../runs/runStore.ts";
import { decideApproval, shortestReason, whyNotDecide } from "./approvalRules.ts";
import { insertDecision, listApprovers, listDecisions } from "./approvalStore.ts";
import { tellAsked } from "./tellApprovers.ts";

export interface Deciding {
  decision: Decision;
  reason: string;
}

/** How it stands after the decision; where it begins to run now, `ended` is how that ends. */
export interface Decided {
  run: RunAnswer;
  ended: Promise<RunAnswer> | undefined;
}

/**
 * Agrees to a run that waits, refuses it, or breaks the glass. With the last voice that it needs, it is planned again as whoever asked for it, with
 * the rights that they have now, and runs once. Refusals: `not_found`, `forbidden` for whoever may not decide, `conflict` where it doesn't wait any
 * more or they have decided, `invalid_value` (`reason`).
 */
export async function decideRun(outside: RunOutside, by: AccountPrincipal, id: string, { decision, reason }: Deciding): Promise<Decided> {
  const { database, clock } = outside;
  const sql = database.forTenant(by.tenant);
  await storedRun(sql, by, id);
  if (decision === "break-glass" && [...reason.trim()].length < shortestReason)
    throw new Refusal("invalid_value", `Breaking the glass needs a reason of at least ${shortestReason} characters.`, { path: "reason" });
  const now = new Date(clock.now());
  const { outcome, run } = await sql.transaction(async (tx) => {
    const locked = await lockRun(tx, id);
    if (locked === undefined) throw noRun();
    requireWaiting(locked, now.getTime(), await listDecisions(tx, id));
    const outcome = await voice(tx, by, locked, { decision, reason: reason.trim() }, now);
    if (outcome === "rejected")
      await endRun(tx, id, { state: "refused", messages: [], data: null, error: errorBody(rejected(by, reason)) }, now);
    if (outcome === "approved") await beginWaiting(tx, id, now);
    // With the reason, so that it is read by whoever reads the audit.
    await audit(tx, {
      tenant: by.tenant,
      actor: actorOf(by),
      action: `run.${decision}`,
      object: { kind: "run", id, name: locked.command },
      detail: { reason: reason.trim(), requester: locked.account, outcome },
    });
    return { outcome, run: locked };
  });
  announceRun(outside, by.tenant, id);
  await tell(outside, by, run, { decision, reason }, outcome);
  if (outcome !== "approved") {
    return { run: answerOf(await storedRun(sql, by, id), clock.now()), ended: undefined };
  }
  const running = { ...answerOf(run, clock.now()), state: "running", expiresAt: null } as const;
  return { run: running, ended: runAgreed(outside, by.tenant, run, running) };
}

/** Writes the decision down and counts. */
async function voice(tx: Sql, by: AccountPrincipal, run: StoredRun, { decision, reason }: Deciding, at: Date) {
  const [people, before] = [await listApprovers(tx), await listDecisions(tx, run.id)];
  const waiting = { requester: run.account, rules: run.approval ?? [], decided: before };
  const me = people.find(({ account }) => account === by.account);
  const why = me === undefined ? "not asked" : whyNotDecide(waiting, me);
  if (by.kind !== "account") throw new Refusal("forbidden", "A person decides about a run, not a key.");
  if (decision === "break-glass") {
    if (!by.permissions.has("runs.break-glass") || (why === "not asked" && by.account !== run.account))
      throw new Refusal("forbidden", "You may not break the glass for this run.");
  } else if (why === "decided") throw new Refusal("conflict", "You have decided about this run already.");
  else if (why === "requester") throw new Refusal("forbidden", "You asked for this run, so somebody else decides about it.");
  else if (why !== undefined) throw new Refusal("forbidden", "You are not among those who decide about this run.");
  const decided = { account: by.account, decision, reason };
  if (!(await insertDecision(tx, run.id, { ...decided, at }))) throw new Refusal("conflict", "You have decided about this run already.");
  return decision === "break-glass" ? "approved" : decideApproval({ ...waiting, decided: [...before, decided] }, people);
}

const said: Record<Decision, string> = { approve: "approved it", reject: "refused it", "break-glass": "ran it without approval" };

/** Whoever presses late, on a card that was drawn before, is told who was first. */
function requireWaiting(run: StoredRun, nowMs: number, decisions: readonly RunDecision[]): void {
  const state = stateNow(run, nowMs);
  if (state === "waiting") return;
  const who = decisions.map(({ by, decision }) => `${by.name} ${said[decision]}, `).join("");
  const why = run.state === "waiting" ? "nobody approved it in time" : `${who}it is ${state}`;
  throw new Refusal("conflict", `The run of "${run.command}" waits no more: ${why}.`, { current: { state } });
}

function rejected({ name }: AccountPrincipal, reason: string): Refusal {
  const why = reason.trim() === "" ? "" : `: ${reason.trim()}`;
  return new Refusal("forbidden", `${name} refused it${why}`);
}

/** Plans it again, and runs it where the world is as it was: for whoever asked, as they are now. Every way ends the run. */
async function runAgreed(outside: RunOutside, tenant: string, run: StoredRun, running: RunAnswer): Promise<RunAnswer> {
  const { database, clock, log } = outside;
  try {
    const performance = await replanned(outside, tenant, run);
    return await performRun(outside, running, performance, { whoAsked: false });
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) log.error({ err: thrown, run: run.id, command: run.command }, "an approved run could not begin");
    const error = errorBody(thrown, undefined, run.language ?? undefined);
    const end: RunEnd = { state: "refused", messages: [], data: null, error };
    const at = new Date(clock.now());
    await database.forTenant(tenant).transaction(async (tx) => {
      if (!(await endRun(tx, run.id, end, at))) return;
      await audit(tx, {
        tenant,
        actor: { kind: "account", id: run.account, ...(run.name === null ? {} : { name: run.name }) },
        action: run.command,
        object: { kind: "run", id: run.id },
        detail: { run: run.id, outcome: "refused", error: error.code },
      });
    });
    announceRun(outside, tenant, run.id);
    return { ...running, state: "refused", error, endedAt: at.toISOString() };
  }
}

/** Refusals: `unknown_command` where they may not run it any more, `stale` where the plan is another one, and those of the plan. */
async function replanned(outside: RunOutside, tenant: string, run: StoredRun): Promise<Performance> {
  const { database, clock, keys } = outside;
  const asked = { account: run.account, key: run.keyId, instead: run.id, language: run.language };
  const principal = await standIn(database.forTenant(tenant), asked, new Date(clock.now()));
  const command: Command | undefined = await commandOf(outside, tenant, run.command);
  if (principal === undefined) throw new Refusal("forbidden", "Whoever asked for it may not work here any more.");
  if (command === undefined) throw unknownCommand(run.command);
  const args: Args = checkArguments(command.args, run.args);
  const plan = await makePlan(command, principal, args);
  if (run.planHash === null || !isSamePlan(keys, { command, args, account: principal.account, plan }, run.planHash))
    throw worldChanged(run.plan ?? undefined, plan);
  // They said who they are, and that they mean it, when they asked.
  return { command, principal, run: run.id, args, steppedUp: true, confirmed: true, approved: true };
}

async function tell(
  outside: RunOutside,
  by: AccountPrincipal,
  run: StoredRun,
  { decision, reason }: Deciding,
  outcome: "waiting" | "approved" | "rejected",
): Promise<void> {
  const broken = decision === "break-glass";
  if (broken) {
    outside.log.warn(
      { audit: "break-glass", run: run.id, command: run.command, account: by.account },
      "a run was made without its approval",
    );
    const what = `${by.name} ran ${run.command} without your approval: ${reason.trim()}`;
    await tellAsked(outside, by.tenant, run.approval ?? [], { run: run.id, blueprint: run.blueprint ?? undefined, kind: "run", what }, [
      by.account,
    ]);
  }
  if (outcome === "waiting" || run.account === by.account || outside.tellOfRun === undefined) return;
  const what = `${by.name} ${outcome === "rejected" ? "refused" : broken ? "ran" : "approved"} your ${run.command}`;
  await outside
    .tellOfRun(by.tenant, { run: run.id, kind: "run", accounts: [run.account], what })
    .catch((error: unknown) => outside.log.warn({ error, run: run.id }, "could not tell of a decision"));
}
