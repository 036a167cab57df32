import { type Actor, actorOf, audit } from "../../access/audit/audit.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { RunAnswer } from "../../protocol/commands.ts";
import { errorBody, Refusal } from "../../protocol/refusal.ts";
import type { Command, CommandResult } from "../command.ts";
import { type Execution, execute } from "../execute.ts";
import { isAudited, outcomeOf, recordOfRun } from "./auditRun.ts";
import { forgetResults } from "./effectStore.ts";
import { endTogether } from "./endTogether.ts";
import { followRun } from "./followRun.ts";
import { announceRun, type RunOutside } from "./runOutside.ts";
import { endRun, insertRun, type NewRun, type RunEnd } from "./runStore.ts";

/** Who was asked to stop and doesn't within this time, is let go: what it still does is not known. */
const stopWithinMs = 3000;
const hourMs = 3_600_000;

/** What is run: everything that had to be said, proved or agreed to was. */
export type Performance = Omit<Execution, "work"> & {
  principal: AccountPrincipal;
  /** How many processes went on with it before: 0, or missing, for the first. */
  fence?: number;
};

/**
 * Runs what is written down as running, and writes down how it ended. It never rejects because of the command. What is shown once is shown to
 * `whoAsked`, who waits for the answer, and to nobody else: somebody whose approval lets it run reads what is kept.
 */
export async function performRun(
  outside: RunOutside,
  running: RunAnswer,
  performance: Performance,
  { requestId, whoAsked, unwritten }: { requestId?: string | undefined; whoAsked: boolean; unwritten?: NewRun | undefined },
): Promise<RunAnswer> {
  const { clock, log } = outside;
  const { command, principal, run } = performance;
  const begun = clock.monotonic();
  const followed = followRun(outside, {
    tenant: principal.tenant,
    run,
    fence: performance.fence ?? 0,
    resumable: command.resumable === true,
    unwritten,
  });
  let end: RunEnd;
  let secret: CommandResult["once"];
  try {
    const { messages, data, once, undo, stopped } = await unlessStopped(
      outside,
      followed.work.signal,
      execute({ ...performance, work: followed.work }),
    );
    secret = once;
    const state = stopped === true ? "cancelled" : "succeeded";
    end = { state, messages, data: data ?? null, error: null, undo: undoOf(command, undo, clock.now()) };
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) log.error({ err: thrown, run, command: command.name }, "a command failed");
    const stopped = followed.work.signal.aborted && outcomeOf(thrown, command) !== "uncertain";
    const error = stopped && !(thrown instanceof Refusal) ? stoppedByCommand : thrown;
    end = {
      state: stopped ? "cancelled" : outcomeOf(thrown, command),
      messages: [],
      data: null,
      error: errorBody(error, requestId, principal.language),
    };
  }
  const toWrite = await followed.end();
  const durationMs = Math.round(clock.monotonic() - begun);
  log.info({ audit: "run", run, command: command.name, account: principal.account, state: end.state, durationMs }, "command run");
  // The effect is there, whether or not this can be written: a run that stays `running` is told as `uncertain` later.
  const kept = withoutOnce(end, secret);
  const isSaved = await saveEnd(outside, performance, kept, toWrite).catch((error: unknown) => {
    log.error({ err: error, run }, "the end of a run could not be written");
    // Nobody is shown what nobody could read later that they were shown.
    if (toWrite !== undefined) end = { state: "failed", messages: [], data: null, error: errorBody(notWritten, requestId) };
    return true;
  });
  // Another process goes on with it: how it ends, that one says.
  if (!isSaved && command.resumable === true && followed.isGone()) return running;
  announceRun(outside, principal.tenant, run);
  const { undo, ...shownEnd } = whoAsked ? end : kept;
  const shown =
    !whoAsked || secret === undefined || end.data === null || typeof end.data !== "object" ? {} : { data: { ...end.data, ...secret } };
  const endedAt = new Date(clock.now()).toISOString();
  return { ...running, ...shownEnd, ...shown, endedAt, expiresAt: null, undoableUntil: undo?.until.toISOString() ?? null };
}

const notWritten = new Refusal("unavailable", "It could not be written down that this was asked, so its answer isn't shown; try again.", {
  retryAfterMs: 1000,
});
const stoppedByCommand = new Refusal("conflict", "It was cancelled; what it had done until then stays.");

/** Rejects a while after the signal, where the command goes on regardless. */
function unlessStopped<Result>({ clock }: Pick<RunOutside, "clock">, signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    let cancel = () => {};
    const stop = () => {
      cancel = clock.after(stopWithinMs, () =>
        reject(new Refusal("conflict", "It was cancelled, and didn't stop by itself: look at what it has done.")),
      );
    };
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", stop);
      cancel();
    });
  });
}

function undoOf(command: Command, kept: object | undefined, nowMs: number): RunEnd["undo"] {
  if (kept === undefined || command.audience === "visitor" || command.undo === undefined) return undefined;
  return { kept, until: new Date(nowMs + command.undo.hours * hourMs) };
}

/** What is shown once is not kept, in no sentence either. */
function withoutOnce(end: RunEnd, once: CommandResult["once"]): RunEnd {
  const hidden = (text: string) => Object.values(once ?? {}).reduce((kept, secret) => kept.replaceAll(secret, "(shown once)"), text);
  return { ...end, messages: end.messages.map((message) => ({ ...message, text: hidden(message.text) })) };
}

/** False where the run has ended already, or another process goes on with it. */
async function saveEnd(
  { database, clock }: RunOutside,
  performance: Performance,
  end: RunEnd,
  unwritten: NewRun | undefined,
): Promise<boolean> {
  const { command, principal, run, fence = 0 } = performance;
  const sql = database.forTenant(principal.tenant);
  const { state, error } = end;
  const at = new Date(clock.now());
  const ending = { fence, onlyReads: command.risk === "read" };
  if (state === "running" || state === "waiting" || !isAudited(command, state)) {
    if (unwritten !== undefined && (await endTogether(database, { tenant: principal.tenant, run: unwritten, end, endedAt: at })))
      return true;
    return await endRun(sql, run, end, at, ending);
  }
  return await sql.transaction(async (tx) => {
    if (unwritten !== undefined) await insertRun(tx, unwritten);
    // What was ended meanwhile, as lost, has its entry already.
    if (!(await endRun(tx, run, end, at, { fence }))) return false;
    if (command.resumable === true) await forgetResults(tx, run);
    await audit(tx, recordOfRun(whoOf(principal), performance, { outcome: state, run, error: error?.code }));
    return true;
  });
}

export function whoOf(principal: AccountPrincipal): { tenant: string; actor: Actor } {
  return { tenant: principal.tenant, actor: actorOf(principal) };
}
