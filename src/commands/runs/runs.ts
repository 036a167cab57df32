import { validate as isId, v7 as newId } from "uuid";
import { type Actor, actorOf, audit } from "../../access/audit/audit.ts";
import { requireStepUp } from "../../access/factors/stepUp.ts";
import type { Keys } from "../../access/keys/keys.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { ListRequest } from "../../platform/lists/listSql.ts";
import type { Platform } from "../../platform/platform.ts";
import type { RunAnswer } from "../../protocol/commands.ts";
import { errorBody, Refusal } from "../../protocol/refusal.ts";
import { checkArguments } from "../arguments.ts";
import type { Command, CommandResult } from "../command.ts";
import { type Execution, mayRun, unknownCommand } from "../execute.ts";
import { holderOf, needsConfirmation, requireConfirmation } from "../plans/confirmation.ts";
import { fingerprint, isSameRequest } from "../plans/fingerprint.ts";
import { refuseOtherPlan } from "../plans/plan.ts";
import { refuseSecrets } from "../refuseSecrets.ts";
import { isAudited, outcomeOf, recordOfRun, withoutSecrets } from "./auditRun.ts";
import { endRun, findRun, findRunByKey, insertRun, listRuns, type NewRun, type RunEnd, type StoredRun } from "./runStore.ts";

export interface RunRequest {
  command: Command;
  principal: AccountPrincipal;
  args: Readonly<Record<string, unknown>>;
  /** The same key and request once more gets the first run, and runs nothing. */
  idempotencyKey: string | undefined;
  /** The hash of its plan: needed for what can't be taken back. */
  planHash?: string | undefined;
  requestId?: string;
}

export interface StartedRun {
  /** What is known while it runs. */
  running: RunAnswer;
  /** How the run ends; what the command refused or broke on stands in its `error`. It never rejects because of the command. */
  ended: Promise<RunAnswer>;
}

type Outside = Pick<Platform, "database" | "clock" | "log"> & { keys: Keys };

/**
 * Writes down that a command is run, runs it, and writes down how it ended. What may not be run, or has wrong arguments, throws before anything
 * is written. Refusals: `unknown_command`, `invalid_value`, `step_up_needed`, `confirmation_needed`, `stale` (`planHash`),
 * `idempotency_key_reused`.
 */
export async function startRun(
  outside: Outside,
  { command, principal, args: given, idempotencyKey, planHash, requestId }: RunRequest,
  execute: (execution: Execution) => Promise<CommandResult>,
): Promise<StartedRun> {
  const { database, clock, keys } = outside;
  const sql = database.forTenant(principal.tenant);
  if (!mayRun(command, principal)) {
    // Who tries what they may not is told of; what they wrote was not checked, and stays out.
    if (isAudited(command, "refused"))
      await sql.transaction((tx) =>
        audit(tx, recordOfRun(whoOf(principal), { command, args: {} }, { outcome: "refused", error: "forbidden" })),
      );
    throw unknownCommand(command.name);
  }
  const args = checkArguments(command.args, given);
  refuseSecrets(command.args, args);
  const steppedUp = command.audience === "staff" && command.stepUp === true;
  if (steppedUp) await requireStepUp(outside, principal);
  const id = newId();
  const requestHash = fingerprint(keys, command, args);
  const createdAt = new Date(clock.now());
  const confirmed = needsConfirmation(command, args);
  if (!confirmed) refuseOtherPlan(requestHash, planHash);
  const newRun: NewRun = {
    id,
    command: command.name,
    args: withoutSecrets(command.args, args),
    principalKind: principal.kind,
    principal: principal.account,
    idempotencyKey,
    requestHash,
    createdAt,
  };
  // The code is used up with the run that it lets begin: a repeat by the same key finds that run, whatever became of the code.
  const isNew = confirmed
    ? await sql.transaction(async (tx) => {
        const inserted = await insertRun(tx, newRun);
        const confirming = { command, args, code: planHash, run: id };
        if (inserted) await requireConfirmation({ sql: tx, keys, nowMs: clock.now() }, holderOf(principal), confirming);
        return inserted;
      })
    : await insertRun(sql, newRun);
  if (!isNew && idempotencyKey !== undefined) {
    const first = await findRunByKey(sql, principal.account, idempotencyKey);
    if (first?.requestHash === undefined || first.requestHash === null || !isSameRequest(keys, command, args, first.requestHash)) {
      throw new Refusal(
        "idempotency_key_reused",
        "This Idempotency-Key came before with another request; use a new key for a new request.",
        {
          path: "Idempotency-Key",
        },
      );
    }
    const answer = answerOf(first, clock.now());
    return { running: answer, ended: Promise.resolve(answer) };
  }
  const running: RunAnswer = {
    id,
    command: command.name,
    state: "running",
    messages: [],
    data: null,
    error: null,
    undoableUntil: null,
    createdAt: createdAt.toISOString(),
  };
  return {
    running,
    ended: runAndRecord(outside, running, { command, principal, run: id, args, steppedUp, confirmed }, execute, requestId),
  };
}

async function runAndRecord(
  { database, clock, log }: Outside,
  running: RunAnswer,
  execution: Execution & { principal: AccountPrincipal },
  execute: (execution: Execution) => Promise<CommandResult>,
  requestId: string | undefined,
): Promise<RunAnswer> {
  const { command, principal, run } = execution;
  const begun = clock.monotonic();
  let end: RunEnd;
  let secret: CommandResult["once"];
  try {
    const { messages, data, once } = await execute(execution);
    secret = once;
    end = { state: "succeeded", messages, data: data ?? null, error: null };
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) log.error({ err: thrown, run, command: command.name }, "a command failed");
    end = { state: outcomeOf(thrown, command), messages: [], data: null, error: errorBody(thrown, requestId) };
  }
  const durationMs = Math.round(clock.monotonic() - begun);
  log.info({ audit: "run", run, command: command.name, account: principal.account, state: end.state, durationMs }, "command run");
  // The effect is there, whether or not this can be written: a run that stays `running` is told as `uncertain` later.
  await saveEnd({ database, clock }, execution, withoutOnce(end, secret)).catch((error: unknown) => {
    log.error({ err: error, run }, "the end of a run could not be written");
  });
  const shown = secret === undefined || end.data === null || typeof end.data !== "object" ? {} : { data: { ...end.data, ...secret } };
  return { ...running, ...end, ...shown };
}

/** What is shown once is not kept, in no sentence either. */
function withoutOnce(end: RunEnd, once: CommandResult["once"]): RunEnd {
  const hidden = (text: string) => Object.values(once ?? {}).reduce((kept, secret) => kept.replaceAll(secret, "(shown once)"), text);
  return { ...end, messages: end.messages.map((message) => ({ ...message, text: hidden(message.text) })) };
}

async function saveEnd(
  { database, clock }: Pick<Outside, "database" | "clock">,
  execution: Execution & { principal: AccountPrincipal },
  end: RunEnd,
): Promise<void> {
  const { command, principal, run } = execution;
  const sql = database.forTenant(principal.tenant);
  const { state, error } = end;
  if (state === "running" || state === "waiting" || state === "cancelled" || !isAudited(command, state))
    return await endRun(sql, run, end, new Date(clock.now()));
  await sql.transaction(async (tx) => {
    await endRun(tx, run, end, new Date(clock.now()));
    await audit(tx, recordOfRun(whoOf(principal), execution, { outcome: state, run, error: error?.code }));
  });
}

function whoOf(principal: AccountPrincipal): { tenant: string; actor: Actor } {
  return { tenant: principal.tenant, actor: actorOf(principal) };
}

/** The runs that this principal started, the newest first where nothing else is asked. Refusals: `invalid_value` with the path of what doesn't fit. */
export async function runsOf(
  { database, clock }: { database: Pick<Platform["database"], "forTenant">; clock: Platform["clock"] },
  principal: AccountPrincipal,
  request: ListRequest,
): Promise<{ items: RunAnswer[]; nextCursor: string | null }> {
  const now = clock.now();
  const { rows, nextCursor } = await listRuns(database.forTenant(principal.tenant), principal.account, request, now - lostAfterMs);
  return { items: rows.map((run) => answerOf(run, now)), nextCursor };
}

/** A run that this principal started. Refusal `not_found`, also for a run of somebody else. */
export async function runOf(
  { database, clock }: Pick<Platform, "database" | "clock">,
  principal: AccountPrincipal,
  id: string,
): Promise<RunAnswer> {
  const run = isId(id) ? await findRun(database.forTenant(principal.tenant), principal.account, id) : undefined;
  if (run === undefined) throw new Refusal("not_found", "There is no such run.", { path: "id" });
  return answerOf(run, clock.now());
}

/** No command runs for longer than 60 s: one that still does after ten minutes was lost with its process, and may have done something. */
export const lostAfterMs = 10 * 60_000;

function answerOf(run: StoredRun, nowMs: number): RunAnswer {
  const { id, command, messages, data, error, createdAt } = run;
  const lost = run.state === "running" && nowMs - createdAt.getTime() > lostAfterMs;
  return {
    id,
    command,
    state: lost ? "uncertain" : run.state,
    messages,
    data: data ?? null,
    error,
    undoableUntil: null,
    createdAt: createdAt.toISOString(),
  };
}
