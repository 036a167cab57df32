import type { Sql } from "../../platform/database/database.ts";
import type { RunningJob } from "../../platform/jobs/jobs.ts";
import type { MessageOutside } from "./reaching.ts";
import { countMissed, endScheduled, type ScheduledMessage } from "./scheduledStore.ts";

/** It went to all, or failed where somebody wasn't reached, which its sender hears; answers whose notices are to be announced. */
export async function finishMessage(outside: MessageOutside, tx: Sql, job: RunningJob, message: ScheduledMessage): Promise<string[]> {
  const { state, error } = await endOf(tx, message.id);
  await endScheduled(tx, message.id, { state, error, at: new Date(outside.clock.now()) });
  if (error !== null) await notifySender(outside, tx, message, error);
  await job.finish(tx);
  return error === null ? [] : [message.account];
}

/** How it stands with a message that goes to nobody any more. */
export async function endOf(tx: Sql, message: string): Promise<{ state: "sent" | "failed"; error: string | null }> {
  const { failed, uncertain } = await countMissed(tx, message);
  const sentences = [
    ...(failed === 0 ? [] : [`${failed} of those who should get it were not reached.`]),
    ...(uncertain === 0 ? [] : [`Of ${uncertain} it isn't known whether they got it.`]),
  ];
  return { state: failed === 0 ? "sent" : "failed", error: sentences.length === 0 ? null : sentences.join(" ") };
}

export async function notifySender(
  { reaching }: MessageOutside,
  tx: Sql,
  { id, version, account, subject, text }: ScheduledMessage,
  reason: string,
): Promise<void> {
  const what = (subject ?? text).slice(0, 80);
  await reaching.notify(tx, { run: `${id}:${version}`, accounts: [account], text: `Your message "${what}" was not sent: ${reason}` });
}
