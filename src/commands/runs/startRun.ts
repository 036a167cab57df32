import { v7 as newId } from "uuid";
import { audit } from "../../access/audit/audit.ts";
import { requireStepUp } from "../../access/factors/stepUp.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { TenantSql } from "../../platform/database/database.ts";
import type { Plan, RunAnswer } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { neededApprovals } from "../approvals/neededApprovals.ts";
import { tellApprovers } from "../approvals/tellApprovers.ts";
import { checkArguments } from "../arguments.ts";
import type { Args, Command } from "../command.ts";
import { commandFor, mayRun, unknownCommand } from "../execute.ts";
import { holderOf, needsConfirmation, requireConfirmation } from "../plans/confirmation.ts";
import { fingerprint, isSameRequest, planMark } from "../plans/fingerprint.ts";
import { makePlan, refuseOtherPlan } from "../plans/plan.ts";
import { refuseSecrets } from "../refuseSecrets.ts";
import { isAudited, recordOfRun, withoutSecrets } from "./auditRun.ts";
import { performRun, whoOf } from "./performRun.ts";
import { answerOf } from "./runAnswer.ts";
import { announceRun, type RunOutside } from "./runOutside.ts";
import { findRunByKey, insertRun, type NewRun } from "./runStore.ts";

export interface RunRequest {
  command: Command;
  principal: AccountPrincipal;
  args: Readonly<Record<string, unknown>>;
  /** The same key and request once more gets the first run, and runs nothing. */
  idempotencyKey: string | undefined;
  /** The hash of its plan: needed for what can't be taken back. */
  planHash?: string | undefined;
  requestId?: string | undefined;
  /** Where it is asked: one that they may read. */
  conversation?: string | undefined;
}

export interface StartedRun {
  /** What is known while it runs. */
  running: RunAnswer;
  /** How the run ends, or that it waits; what the command refused or broke on stands in its `error`. It never rejects because of the command. */
  ended: Promise<RunAnswer>;
}

const hourMs = 3_600_000;

/**
 * Writes down that a command is run, runs it, and writes down how it ended; where somebody must agree first, it waits for them. What may not be
 * run, or has wrong arguments, throws before anything is written. Refusals: `unknown_command`, `invalid_value`, `step_up_needed`,
 * `confirmation_needed`, `stale` (`planHash`), `idempotency_key_reused`, and those of the plan.
 */
export async function startRun(outside: RunOutside, request: RunRequest): Promise<StartedRun> {
  const { database, clock, keys } = outside;
  const { principal, idempotencyKey, planHash, requestId } = request;
  const sql = database.forTenant(principal.tenant);
  await requireMayRun(outside, request.command, principal);
  const command = commandFor(request.command, principal);
  const args = checkArguments(command.args, request.args);
  refuseSecrets(command.args, args);
  if (await needsStepUp(command, principal, args)) await requireStepUp(outside, principal);
  const confirmed = needsConfirmation(command, args);
  const { rules, hours } = await neededApprovals(sql, { command, principal, args });
  const waits = rules.length === 0 ? undefined : { rules, until: new Date(clock.now() + hours * hourMs) };
  const planned = confirmed || waits !== undefined || planHash !== undefined;
  // A repeat finds the run of before, whatever became of its plan.
  const again = planned ? await findAgain(outside, sql, request, args) : undefined;
  if (again !== undefined) return { running: again, ended: Promise.resolve(again) };
  if (waits !== undefined) refuseWaitingSecrets(command, args);
  const plan = planned ? await makePlan(command, principal, args) : undefined;
  if (plan !== undefined && !confirmed && planHash !== undefined) refuseOtherPlan(keys, { command, principal, args, plan }, planHash);
  const run: NewRun = {
    id: newId(),
    command: command.name,
    blueprint: blueprintOf(command, args),
    args: withoutSecrets(command.args, args),
    principalKind: principal.kind,
    principal: principal.account,
    keyId: principal.key?.id,
    idempotencyKey,
    requestHash: fingerprint(keys, command, args),
    createdAt: new Date(clock.now()),
    plan,
    resumable: command.resumable === true,
    onlyReads: command.risk === "read" && !isAudited(command, "succeeded"),
    planHash: plan === undefined ? undefined : planMark(keys, { command, args, account: principal.account, plan }),
    waits,
    language: principal.language,
  };
  // Written once, at its end: what only reads costs the database one statement, not two. A key must be there before anything runs.
  const late = run.onlyReads && idempotencyKey === undefined && plan === undefined;
  if (!late && !(await writeDown(outside, sql, run, { request, args, plan, confirmed }))) {
    // A run of before has this key.
    const first = await findAgain(outside, sql, request, args);
    if (first === undefined) throw new Error("a run that was there is gone");
    return { running: first, ended: Promise.resolve(first) };
  }
  const running = begunAnswer(run, principal);
  if (!late) announceRun(outside, principal.tenant, run.id);
  if (waits !== undefined) {
    await tellApprovers(outside, principal, running, run.blueprint);
    return { running, ended: Promise.resolve(running) };
  }
  const where = request.conversation === undefined ? {} : { conversation: request.conversation };
  const performance = { command, principal, run: run.id, args, steppedUp: true, confirmed, approved: true, ...where };
  return { running, ended: performRun(outside, running, performance, { requestId, whoAsked: true, unwritten: late ? run : undefined }) };
}

/** Of whose entities a run is, or what they are made of. */
function blueprintOf(command: Command, args: Args): string | undefined {
  if (command.audience === "staff" && command.blueprint !== undefined) return command.blueprint;
  const named = command.name.startsWith("blueprint.") ? (args["blueprint"] ?? args["key"]) : undefined;
  return typeof named === "string" ? named : undefined;
}

async function needsStepUp(command: Command, principal: AccountPrincipal, args: Args): Promise<boolean> {
  if (command.audience === "visitor") return false;
  return typeof command.stepUp === "function" ? await command.stepUp({ principal, args }) : command.stepUp === true;
}

/** Refusal `unknown_command`, the same as for one that isn't there. */
export async function requireMayRun(
  { database }: Pick<RunOutside, "database">,
  command: Command,
  principal: AccountPrincipal,
): Promise<void> {
  if (mayRun(command, principal)) return;
  // Who tries what they may not is told of; what they wrote was not checked, and stays out.
  if (isAudited(command, "refused"))
    await database
      .forTenant(principal.tenant)
      .transaction((tx) => audit(tx, recordOfRun(whoOf(principal), { command, args: {} }, { outcome: "refused", error: "forbidden" })));
  throw unknownCommand(command.name);
}

/** A waiting run is kept, and a secret never is. */
function refuseWaitingSecrets(command: Command, args: Args): void {
  const secret = Object.keys(args).find((name) => command.args.properties[name]?.format === "password");
  if (secret === undefined) return;
  throw new Refusal(
    "conflict",
    `"${command.name}" needs an approval here, and can't wait for one with "${secret}": secrets are not kept.`,
    {
      path: `args.${secret}`,
    },
  );
}

/** The run of before with this key. Refusal `idempotency_key_reused` where that was another request. Unique index of the key. */
async function findAgain(
  { keys, clock }: RunOutside,
  sql: TenantSql,
  { command, principal, idempotencyKey }: RunRequest,
  args: Args,
): Promise<RunAnswer | undefined> {
  const first = idempotencyKey === undefined ? undefined : await findRunByKey(sql, principal.account, idempotencyKey);
  if (first === undefined) return undefined;
  if (first.requestHash !== null && isSameRequest(keys, command, args, first.requestHash)) return answerOf(first, clock.now());
  throw new Refusal("idempotency_key_reused", "This Idempotency-Key came before with another request; use a new key for a new request.", {
    path: "Idempotency-Key",
  });
}

/** The code is used up with the run that it lets begin: a repeat by the same key finds that run, whatever became of the code. */
async function writeDown(
  { keys, clock }: RunOutside,
  sql: TenantSql,
  run: NewRun,
  { request, args, plan, confirmed }: { request: RunRequest; args: Args; plan: Plan | undefined; confirmed: boolean },
): Promise<boolean> {
  if (!confirmed || plan === undefined) return await insertRun(sql, run);
  const { command, principal, planHash } = request;
  return await sql.transaction(async (tx) => {
    const inserted = await insertRun(tx, run);
    const planned = { command, args, account: principal.account, plan };
    if (inserted)
      await requireConfirmation({ sql: tx, keys, nowMs: clock.now() }, holderOf(principal), { planned, code: planHash, run: run.id });
    return inserted;
  });
}

function begunAnswer(run: NewRun, { account, name }: AccountPrincipal): RunAnswer {
  const { id, command, createdAt, waits } = run;
  return {
    id,
    command,
    state: waits === undefined ? "running" : "waiting",
    messages: [],
    data: null,
    error: null,
    undoableUntil: null,
    createdAt: createdAt.toISOString(),
    endedAt: null,
    expiresAt: waits?.until.toISOString() ?? null,
    by: { id: account, name },
    args: { ...run.args },
    approvals: [...(waits?.rules ?? [])],
    progress: null,
    stopping: false,
    undoes: null,
    undoneBy: null,
  };
}
