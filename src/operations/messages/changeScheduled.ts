import { validate as isId } from "uuid";
import { actorOf, audit } from "../../access/audit/audit.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import { wasAgreedTo } from "../../commands/approvals/approvalStore.ts";
import type { Sql } from "../../platform/database/database.ts";
import { cancelJob, moveJob } from "../../platform/jobs/jobStore.ts";
import { addJob, announceJobs } from "../../platform/jobs/jobs.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { slotsIn } from "../slots.ts";
import { checkTime, composeFor } from "./composeMessage.ts";
import type { MessageOutside } from "./reaching.ts";
import { endScheduled, listWaiting, lockScheduled, type ScheduledMessage, saveRecipientTexts, saveWaiting } from "./scheduledStore.ts";
import { sendKind } from "./scheduleMessage.ts";
import { stopThere } from "./sendByChannel.ts";

type Outside = Pick<MessageOutside, "database" | "bus" | "clock">;

export interface MessageChange {
  /** ISO 8601; what is past is now. */
  at?: string;
  subject?: string;
  text?: string;
  /** The version that was looked at. */
  seen?: number;
}

/**
 * Changes a message that waits: when it goes, or what it says. What it says only its sender changes. Refusals:
 * `not_found`, `forbidden`, `invalid_value`, `stale`, `conflict` for one that goes in this moment, or went.
 */
export async function changeScheduled(outside: Outside, by: AccountPrincipal, id: string, change: MessageChange): Promise<void> {
  const now = outside.clock.now();
  await changing(outside, by, id, change.at === undefined ? "message.edit" : "message.reschedule", async (tx, message) => {
    requireWaiting(message);
    const at = change.at === undefined ? undefined : (checkTime(change.at, now, "args.at") ?? new Date(now));
    if (change.seen !== undefined && change.seen !== message.version)
      throw new Refusal("stale", "Somebody changed it first; look at it again.", {
        path: "args.version",
        current: { version: message.version },
      });
    const rewritten = change.text !== undefined || change.subject !== undefined;
    if (rewritten) await requireOwnWords(tx, by, message);
    const dueAt = at ?? message.dueAt;
    // Held until the commit: nobody begins to send it meanwhile.
    if (!(await moveJob(tx, message.job, dueAt))) throw goes();
    const draft = { subject: message.subject === null ? null : (change.subject ?? message.subject), text: change.text ?? message.text };
    if (rewritten) await rewrite(tx, message.id, draft);
    await saveWaiting(tx, message.id, { dueAt, job: message.job, by: by.name, draft });
  });
  if (change.at !== undefined) announceJobs(outside, sendKind);
}

/** It goes in its sender's name, and says what was published, or what others agreed to: who may not make operations sends no text of their own. */
async function requireOwnWords(tx: Sql, by: AccountPrincipal, { account, key, run }: ScheduledMessage): Promise<void> {
  const words =
    account !== by.account || (by.key !== undefined && by.key.id !== key)
      ? "It goes in its sender's name: only they change what it says."
      : !by.permissions.has("operations.manage")
        ? "It says what was published: cancel it, or ask somebody who makes operations."
        : (await wasAgreedTo(tx, run))
          ? "Others agreed to what it says: cancel it, and run it again."
          : undefined;
  if (words !== undefined) throw new Refusal("forbidden", words);
}

async function rewrite(tx: Sql, id: string, draft: { subject: string | null; text: string }): Promise<void> {
  for (const [field, text] of Object.entries(draft)) {
    const strange = slotsIn(text).find(({ root }) => root !== "row");
    if (strange !== undefined)
      throw new Refusal("invalid_value", `${strange.text} has no value here: the values of the run stand in the text already.`, {
        path: `args.${field}`,
      });
  }
  const recipients = await listWaiting(tx, id);
  const texts = recipients.map(({ position, slots }) => ({ position, ...composeFor(draft, { row: slots }) }));
  await saveRecipientTexts(tx, id, texts);
}

/** It is never sent; of one that goes already, to nobody more. Refusals: `not_found`, `conflict` for one that goes in this moment, or went. */
export async function cancelScheduled(
  outside: Outside & Pick<MessageOutside, "channels">,
  by: AccountPrincipal,
  id: string,
): Promise<void> {
  await changing(outside, by, id, "message.cancel", async (tx, message) => {
    const isOpen = message.state === "waiting" || message.state === "going";
    if (isOpen && (await cancelJob(tx, message.job)) !== "waiting") throw goes();
    if (message.state === "going") await stopThere(outside, tx, message);
    if (message.state === "sent" || message.state === "cancelled") requireWaiting(message);
    if (message.state === "failed") await saveWaiting(tx, message.id, { dueAt: message.dueAt, job: message.job, by: by.name });
    await endScheduled(tx, message.id, { state: "cancelled", error: null, at: new Date(outside.clock.now()) });
  });
}

/** Has one that failed tried again now, for those who didn't get it. Refusals: `not_found`, `conflict` for one that didn't fail. */
export async function retryScheduled(outside: Outside, by: AccountPrincipal, id: string): Promise<void> {
  await changing(outside, by, id, "message.retry", async (tx, message) => {
    if (message.state !== "failed") throw new Refusal("conflict", `It didn't fail: it is ${message.state}.`);
    const job = await addJob(tx, { kind: sendKind, key: `${message.run}:${message.version + 1}`, data: { message: message.id } });
    await saveWaiting(tx, message.id, { dueAt: new Date(outside.clock.now()), job, by: by.name });
  });
  announceJobs(outside, sendKind);
}

async function changing(
  { database }: Outside,
  by: AccountPrincipal,
  id: string,
  action: string,
  work: (tx: Sql, message: ScheduledMessage) => Promise<void>,
): Promise<void> {
  await database.forTenant(by.tenant).transaction(async (tx) => {
    const message = isId(id) ? await lockScheduled(tx, id) : undefined;
    if (message === undefined || (message.account !== by.account && !by.permissions.has("operations.manage")))
      throw new Refusal("not_found", "There is no such message.", { path: "args.message" });
    await work(tx, message);
    await audit(tx, { tenant: by.tenant, actor: actorOf(by), action, object: { kind: "message", id } });
  });
}

function requireWaiting({ state }: ScheduledMessage): void {
  if (state !== "waiting") throw new Refusal("conflict", `It waits no more: it is ${state}.`, { current: { state } });
}

function goes(): Refusal {
  return new Refusal("conflict", "It goes in this moment.");
}
