import type { AccountPrincipal } from "../../access/principal.ts";
import type { Sql } from "../../platform/database/database.ts";
import type { RunningJob } from "../../platform/jobs/jobs.ts";
import { finishMessage } from "./finishMessage.ts";
import { type ChannelOutcome, channelNamed } from "./messageChannel.ts";
import type { MessageOutside } from "./reaching.ts";
import { endRecipient, endRecipients, listWaiting, type ScheduledMessage, saveGoing } from "./scheduledStore.ts";

/**
 * Hands a message over to its service's outbox, all of it in one transaction with what says so: whoever goes on after a fall finds it done. Answers
 * when it is looked at again. The batch is the job's: a message that is tried again has another one.
 */
export async function handOver(
  outside: MessageOutside,
  job: RunningJob,
  message: ScheduledMessage,
  principal: AccountPrincipal,
): Promise<Date | undefined> {
  const channel = channelNamed(outside, message.channel ?? "");
  await outside.database.forTenant(job.tenant).transaction(async (tx) => {
    await job.hold(tx);
    const items = await listWaiting(tx, message.id);
    await channel.send(tx, { tenant: job.tenant, id: message.job, sender: principal.name }, items);
    await saveGoing(tx, message.id);
  });
  channel.announce();
  return nextLook(outside, message);
}

/** Notes who got it; once that is known of all, it ends. */
export async function lookThere(outside: MessageOutside, job: RunningJob, message: ScheduledMessage): Promise<Date | undefined> {
  const sql = outside.database.forTenant(job.tenant);
  const outcomes = await channelNamed(outside, message.channel ?? "").outcomes(sql, message.job);
  const ended = outcomes.filter(isEnded);
  job.progress({ done: ended.length, of: outcomes.length });
  const told = await sql.transaction(async (tx) => {
    await job.hold(tx);
    await endRecipients(tx, message.id, ended);
    if (ended.length < outcomes.length) return undefined;
    await endRecipient(tx, message.id, null, "failed", "It was forgotten before it went.");
    return await finishMessage(outside, tx, job, message);
  });
  if (told === undefined) return nextLook(outside, message);
  outside.reaching.announceNotices(job.tenant, told);
  return undefined;
}

/** Whoever it didn't begin to go to doesn't get it any more; what goes in this moment can't be stopped. */
export async function stopThere(outside: Pick<MessageOutside, "channels">, tx: Sql, message: ScheduledMessage): Promise<void> {
  const channel = channelNamed(outside, message.channel ?? "");
  await channel.withdraw(tx, message.job);
  await endRecipients(tx, message.id, (await channel.outcomes(tx, message.job)).filter(isEnded));
  await endRecipient(tx, message.id, null, "uncertain", "It went in the moment in which it was taken back.");
}

function isEnded({ state }: ChannelOutcome): boolean {
  return state !== "waiting";
}

/** Soon at first, and then the later the longer it takes: at most a minute. */
function nextLook({ clock }: Pick<MessageOutside, "clock">, { dueAt }: ScheduledMessage): Date {
  const now = clock.now();
  return new Date(now + Math.min(Math.max((now - dueAt.getTime()) / 5, 1000), 60_000));
}
