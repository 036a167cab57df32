import { z } from "zod";
import { listColleagues } from "../../access/members/colleagueStore.ts";
import { standIn } from "../../access/members/standIn.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import { mayRun } from "../../commands/execute.ts";
import { needsConfirmation } from "../../commands/plans/confirmation.ts";
import { commandOf, type RunOutside } from "../../commands/runs/runOutside.ts";
import { findRunByKey } from "../../commands/runs/runStore.ts";
import { startRun } from "../../commands/runs/startRun.ts";
import type { Sql } from "../../platform/database/database.ts";
import type { GivenUpJob, JobKind, RunningJob } from "../../platform/jobs/jobs.ts";
import { announceMail } from "../../platform/mail/outbox.ts";
import type { RunAnswer } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { TimeState } from "../../protocol/schedules.ts";
import type { MessageOutside } from "../messages/reaching.ts";
import { addNext, scheduleKind } from "./saveSchedules.ts";
import { endTime, findTime, insertTime, lockSchedule, pauseSchedule, type StoredSchedule, saveNext } from "./scheduleStore.ts";
import { tellAnswer } from "./tellAnswer.ts";
import { timesOf } from "./when.ts";

export interface ScheduleRunning extends MessageOutside {
  runs: () => RunOutside;
}

const dataShape = z.object({ schedule: z.string(), version: z.number(), due: z.coerce.date() });
type Due = z.output<typeof dataShape>;

/** Of a run that goes on without its job: whose process ends, or that another one goes on with. It is looked at again so often. */
const lookAgainMs = 20_000;
/** So often what only reads is done again where it was lost. */
const mostAgain = 3;

/**
 * Runs an operation at one of its times. That the time was begun, and the job of the next one, are written in one transaction: of several workers
 * one begins it, and what was missed while nothing ran is made up once, for the next is counted from now.
 */
export function runScheduleJob(outside: ScheduleRunning): JobKind {
  return {
    kind: scheduleKind,
    atOnce: 4,
    perTenant: 2,
    deadlineMs: 30 * 60_000,
    attempts: 4,
    afterLoss: "again",
    run: async (job) => {
      const due = dataShape.parse(job.data);
      const begun = await begin(outside, job, due);
      return begun && (await runDue(outside, job, due, begun.schedule, begun.isFirst));
    },
    gaveUp: (job, reason) => giveUp(outside, job, reason),
  };
}

/** Undefined, and the job is done, where it is of a version before, paused, gone, or was done. */
async function begin(
  { database, clock, reaching }: ScheduleRunning,
  job: RunningJob,
  { schedule: id, version, due }: Due,
): Promise<{ schedule: StoredSchedule; isFirst: boolean } | undefined> {
  return await database.forTenant(job.tenant).transaction(async (tx) => {
    await job.hold(tx);
    const schedule = await lockSchedule(tx, id);
    const before = schedule && (await findTime(tx, id, due));
    const isCurrent = schedule?.state === "active" && schedule.version === version;
    if (schedule === undefined || (before === undefined ? !isCurrent : before.endedAt !== null || before.version !== version)) {
      await job.finish(tx);
      return undefined;
    }
    if (before !== undefined && (isCurrent || isPausedSince(schedule, version))) return { schedule, isFirst: false };
    if (before !== undefined) {
      // Begun as it was before: as it is now it would be done a second time, with other values or as somebody else.
      const ended = { state: "uncertain", run: null, outcome: "It was changed while it ran: look at its last run." } as const;
      await reaching.notify(tx, failureNotice({ schedule: id, version, due }, schedule, ended));
      await endTime(tx, id, due, { ...ended, at: new Date(clock.now()) });
      await job.finish(tx);
      return undefined;
    }
    await beginTime(tx, schedule, { due, version }, new Date(clock.now()));
    return { schedule, isFirst: true };
  });
}

/** That it does nothing at its next times says nothing of what it began: with what, and as whom, stands as it stood. */
function isPausedSince({ state, version }: StoredSchedule, begun: number): boolean {
  return state === "paused" && (version === begun || version === begun + 1);
}

/** That it was begun, and the job of the next. */
async function beginTime(tx: Sql, schedule: StoredSchedule, { due, version }: Omit<Due, "schedule">, now: Date): Promise<void> {
  await insertTime(tx, schedule.id, { dueAt: due, version, now });
  const [next] = timesOf(schedule.pattern, schedule.timeZone, now > due ? now : due, 1);
  await saveNext(tx, schedule.id, next ?? null);
  if (next !== undefined) await addNext(tx, schedule, next);
}

/** Answers when it is to be looked at again, where its run still goes on. */
async function runDue(
  outside: ScheduleRunning,
  job: RunningJob,
  due: Due,
  schedule: StoredSchedule,
  isFirst: boolean,
): Promise<Date | undefined> {
  const { database, clock } = outside;
  const asked = { account: schedule.account, key: schedule.key, instead: schedule.id };
  const principal = await standIn(database.forTenant(job.tenant), asked, new Date(clock.now()));
  if (principal === undefined) {
    await stop(outside, job, due, schedule);
    return undefined;
  }
  let run: RunAnswer;
  try {
    run = await runOnce(outside, principal, schedule, due, isFirst);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === "unavailable") throw error;
    return await end(outside, job, due, schedule, { state: "failed", run: null, outcome: error.message });
  }
  if (run.state === "running") return new Date(clock.now() + lookAgainMs);
  if (run.state !== "succeeded") {
    const waiting = "It waits for an approval; what it answers then stands with the run.";
    const outcome = run.state === "waiting" ? waiting : (run.error?.message ?? `It is ${run.state}.`);
    const state = run.state === "waiting" || run.state === "uncertain" ? run.state : "failed";
    return await end(outside, job, due, schedule, { state, run: run.id, outcome });
  }
  const told = await tellAnswer(outside, principal, schedule, run).catch((error: unknown) => {
    if (!(error instanceof Refusal) || error.code === "unavailable") throw error;
    return error;
  });
  if (told instanceof Refusal)
    return await end(outside, job, due, schedule, {
      state: "failed",
      run: run.id,
      outcome: `It ran, and its answer could not be told: ${told.message}`,
    });
  return await end(outside, job, due, schedule, { state: "succeeded", run: run.id, ...told });
}

/**
 * Under a key of the schedule and the time. One that was begun before, was lost with its process and only reads is done again; one that may have
 * changed something isn't.
 */
async function runOnce(
  outside: ScheduleRunning,
  principal: AccountPrincipal,
  { id, operation, args, state }: StoredSchedule,
  { due }: Due,
  isFirst: boolean,
): Promise<RunAnswer> {
  const runs = outside.runs();
  const command = await commandOf(runs, principal.tenant, operation);
  if (command?.source !== "operation" || !mayRun(command, principal))
    throw new Refusal("not_found", `There is no published operation "${operation}" that ${principal.name} may run.`);
  if (needsConfirmation(command, { ...args }))
    throw new Refusal("forbidden", "It can't be taken back now, so a person confirms it each time.");
  const key = `schedule:${id}:${due.toISOString()}`;
  const sql = runs.database.forTenant(principal.tenant);
  if (state === "paused" && (await findRunByKey(sql, principal.account, key)) === undefined)
    throw new Refusal("conflict", "It was paused before it ran.");
  for (let again = 0; ; again++) {
    const idempotencyKey = again === 0 ? key : `${key}:${again}`;
    const run = await (await startRun(runs, { command, principal, args, idempotencyKey })).ended;
    if (isFirst || command.risk !== "read" || again === mostAgain || !isLost(run)) return run;
  }
}

/** Whether or not somebody has written that down yet. */
function isLost({ state, error }: RunAnswer): boolean {
  return state === "uncertain" || (state === "failed" && error?.code === "unavailable");
}

interface Ended {
  state: TimeState;
  run: string | null;
  outcome: string;
  write?: (tx: Parameters<typeof endTime>[0]) => Promise<void>;
  accounts?: readonly string[];
  mails?: boolean;
}

/** How it went, what it tells, and the job's end are one transaction. A failure is told to its owner. */
async function end(outside: ScheduleRunning, job: RunningJob, due: Due, schedule: StoredSchedule, ended: Ended): Promise<undefined> {
  const isBad = ended.state === "failed" || ended.state === "uncertain";
  await outside.database.forTenant(job.tenant).transaction(async (tx) => {
    await ended.write?.(tx);
    if (isBad) await outside.reaching.notify(tx, failureNotice(due, schedule, ended));
    await endTime(tx, schedule.id, due.due, { ...ended, at: new Date(outside.clock.now()) });
    await job.finish(tx);
  });
  if (ended.mails === true) announceMail(outside);
  outside.reaching.announceNotices(job.tenant, [...(ended.accounts ?? []), ...(isBad ? [schedule.account] : [])]);
}

function failureNotice({ due }: Due, { id, name, account }: StoredSchedule, { run, outcome }: Pick<Ended, "run" | "outcome">) {
  const text = `Your schedule "${name}" failed: ${outcome}`;
  return { run: `schedule:${id}:${due.toISOString()}`, about: run, accounts: [account], text };
}

/** Nobody runs it any more: it stands still, and those who decide over the workspace hear of it. */
async function stop(outside: ScheduleRunning, job: RunningJob, due: Due, schedule: StoredSchedule): Promise<void> {
  const reason = "Whoever it runs as may not work here any more. Whoever changes or resumes it becomes its owner.";
  const accounts = await outside.database.forTenant(job.tenant).transaction(async (tx) => {
    const admins = (await listColleagues(tx, { emails: [], teams: [], roles: ["owner", "admin"] })).map(({ account }) => account);
    await pauseSchedule(tx, schedule.id, reason);
    const text = `The schedule "${schedule.name}" is paused: ${reason}`;
    await outside.reaching.notify(tx, { run: `schedule:${schedule.id}:${due.due.toISOString()}`, about: null, accounts: admins, text });
    await endTime(tx, schedule.id, due.due, { state: "failed", run: null, outcome: reason, at: new Date(outside.clock.now()) });
    await job.finish(tx);
    return admins;
  });
  outside.reaching.announceNotices(job.tenant, accounts);
}

/** Where it wasn't even begun, its next time comes all the same. One of a version before, or that has ended, is told to nobody. */
async function giveUp({ database, clock, reaching }: ScheduleRunning, job: GivenUpJob, reason: string): Promise<void> {
  const due = dataShape.parse(job.data);
  const account = await database.forTenant(job.tenant).transaction(async (tx) => {
    const schedule = await lockSchedule(tx, due.schedule);
    const before = schedule && (await findTime(tx, schedule.id, due.due));
    const isCurrent = schedule?.state === "active" && schedule.version === due.version;
    if (schedule === undefined || (before === undefined ? !isCurrent : before.endedAt !== null)) return undefined;
    const now = new Date(clock.now());
    if (before === undefined) await beginTime(tx, schedule, due, now);
    await endTime(tx, schedule.id, due.due, { state: "failed", run: null, outcome: reason, at: now });
    await reaching.notify(tx, failureNotice(due, schedule, { run: null, outcome: reason }));
    return schedule.account;
  });
  if (account !== undefined) reaching.announceNotices(job.tenant, [account]);
}
