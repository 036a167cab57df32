import { z } from "zod";
import { activeColleagues } from "../../access/members/colleagueStore.ts";
import { standIn } from "../../access/members/standIn.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import { mayRun } from "../../commands/execute.ts";
import { executeAudited } from "../../commands/runs/executeAudited.ts";
import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { GivenUpJob, JobKind, RunningJob } from "../../platform/jobs/jobs.ts";
import { announceMail } from "../../platform/mail/outbox.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { findPublished } from "../operationStore.ts";
import { finishMessage, notifySender } from "./finishMessage.ts";
import { type MessageOutside, queueMessage, signed } from "./reaching.ts";
import { refusals, type Way } from "./recipients.ts";
import {
  endRecipient,
  endScheduled,
  listWaiting,
  lockScheduled,
  type ScheduledMessage,
  type ScheduledRecipient,
  savePlace,
} from "./scheduledStore.ts";
import { sendKind } from "./scheduleMessage.ts";
import { handOver, lookThere } from "./sendByChannel.ts";

const dataShape = z.object({ message: z.string() });

/**
 * Sends a message when it is due. A mail and a notice are written in the transaction that ends the job; where a contact is written to is decided and
 * kept before it is done, under a key of its own: whoever goes on after a fall finds what is there, and nobody gets it twice.
 */
export function sendMessageJob(outside: MessageOutside): JobKind {
  return {
    kind: sendKind,
    atOnce: 4,
    perTenant: 2,
    deadlineMs: 5 * 60_000,
    attempts: 6,
    afterLoss: "again",
    run: (job) => send(outside, job),
    gaveUp: (job, reason) => fail(outside, job, reason),
  };
}

/** Answers when it is looked at again. */
async function send(outside: MessageOutside, job: RunningJob): Promise<Date | undefined> {
  const sql = outside.database.forTenant(job.tenant);
  const message = await current(sql, job);
  // Cancelled, or given to another job, while this one waited.
  if (message === undefined) {
    await sql.transaction((tx) => job.finish(tx));
    return undefined;
  }
  if (message.state === "going") return await lookThere(outside, job, message);
  const principal = await standIn(sql, { account: message.account, key: message.key, instead: message.id }, new Date(outside.clock.now()));
  if (principal === undefined) throw new Refusal("forbidden", "Whoever wrote it may not work here any more.");
  await requireOperation(outside, principal, message);
  if (message.way === "reply" || message.way === "note") {
    await writeThere(outside, job, message, principal);
    return undefined;
  }
  const way = message.way === "channel" ? { by: message.way, channel: message.channel ?? "" } : { by: message.way };
  await leaveOut(outside, job, message.id, way, principal);
  if (message.way === "channel") return await handOver(outside, job, message, principal);
  if (message.way === "chat") await sendInTurn(outside, job, message, principal);
  else await sendAtOnce(outside, job, message, principal);
  return undefined;
}

/** What was taken back, or isn't its sender's to run any more, sends nothing: refusal `forbidden`. */
async function requireOperation(
  { database, commands }: MessageOutside,
  principal: AccountPrincipal,
  { operation }: ScheduledMessage,
): Promise<void> {
  if (operation === null) return;
  const published = await findPublished(database.forTenant(principal.tenant), operation);
  const command = published && (await commands(principal.tenant)).find(published.name);
  if (command === undefined || !mayRun(command, principal))
    throw new Refusal("forbidden", "The operation that wrote it was taken back, or its sender may not run it any more.");
}

/** Who may not get it any more: they were blocked since, are gone, or a mail to them was refused. */
async function leaveOut(outside: MessageOutside, job: RunningJob, id: string, way: Way, principal: AccountPrincipal): Promise<void> {
  const sql = outside.database.forTenant(job.tenant);
  const recipients = await listWaiting(sql, id);
  const ids = recipients.flatMap(({ contact }) => contact ?? []);
  const accounts = recipients.flatMap(({ account }) => account ?? []);
  const colleagues = new Set(await activeColleagues(sql, accounts));
  const known = new Map((await outside.findContacts(principal, { ids, emails: [] })).map((contact) => [contact.id, contact]));
  const met = recipients.map((one) => ({ ...one, blocked: known.get(one.contact ?? "")?.blocked === true }));
  const whyNot = await refusals(outside, way, job.tenant, met);
  const whyGone = ({ contact, account }: (typeof met)[number]) => {
    if (account !== null && !colleagues.has(account)) return "they don't work here any more";
    return contact !== null && !known.has(contact) ? "there is no such contact any more, or its sender may not read of them" : undefined;
  };
  await sql.transaction(async (tx) => {
    await job.hold(tx);
    for (const one of met) {
      const why = whyGone(one) ?? whyNot(one);
      if (why !== undefined) await endRecipient(tx, id, one.position, "failed", `Left out: ${why}.`);
    }
  });
}

async function current(sql: TenantSql, job: GivenUpJob): Promise<ScheduledMessage | undefined> {
  const { message: id } = dataShape.parse(job.data);
  const message = await sql.transaction((tx) => lockScheduled(tx, id));
  const isOpen = message?.state === "waiting" || message?.state === "going";
  return isOpen && message.job === job.id ? message : undefined;
}

/** All of it and the job's end in one transaction. */
async function sendAtOnce(outside: MessageOutside, job: RunningJob, message: ScheduledMessage, principal: AccountPrincipal) {
  const { database, reaching } = outside;
  const { id, way, run } = message;
  const accounts = await database.forTenant(job.tenant).transaction(async (tx) => {
    const recipients = await listWaiting(tx, id);
    for (const { email, account, subject, text } of recipients) {
      if (way === "mail") await queueMessage(tx, run, { to: email ?? "", subject: subject ?? "", text });
      else await reaching.notify(tx, { run, accounts: account === null ? [] : [account], text: signed(principal, text) });
    }
    await endRecipient(tx, id, null, "sent", null);
    const told = await finishMessage(outside, tx, job, message);
    return [...(way === "notice" ? recipients.flatMap(({ account }) => account ?? []) : []), ...told];
  });
  if (way === "mail") announceMail(outside);
  reaching.announceNotices(job.tenant, accounts);
}

/** Contact after contact, each for itself. */
async function sendInTurn(outside: MessageOutside, job: RunningJob, message: ScheduledMessage, principal: AccountPrincipal) {
  const sql = outside.database.forTenant(job.tenant);
  const recipients = await listWaiting(sql, message.id);
  for (const [done, recipient] of recipients.entries()) {
    job.signal.throwIfAborted();
    await sendToContact(outside, job, message, principal, recipient).catch(async (error: unknown) => {
      if (!(error instanceof Refusal) || error.code === "unavailable") throw error;
      await endOne(sql, job, message.id, recipient.position, error.message);
    });
    job.progress({ done: done + 1, of: recipients.length });
  }
  outside.reaching.announceNotices(job.tenant, await sql.transaction((tx) => finishMessage(outside, tx, job, message)));
}

async function sendToContact(
  outside: MessageOutside,
  job: RunningJob,
  { id, run }: ScheduledMessage,
  principal: AccountPrincipal,
  { position, contact, conversation, email, text }: ScheduledRecipient,
): Promise<void> {
  const { database, reaching } = outside;
  const sql = database.forTenant(job.tenant);
  const mailed = { subject: `A message from ${principal.name}`, text };
  const place = await sql.transaction(async (tx) => {
    await job.hold(tx);
    if (conversation !== null) return await placeStill(reaching, tx, principal, { contact, conversation });
    const found = contact === null ? ({ kind: "mail", to: email ?? "" } as const) : await reaching.placeFor(tx, principal, contact);
    if (found.kind === "conversation") await savePlace(tx, id, position, found.conversation);
    else if (found.kind === "mail") {
      await queueMessage(tx, run, { to: found.to, contact, ...mailed });
      await endRecipient(tx, id, position, "sent", null);
    } else await endRecipient(tx, id, position, "failed", found.why);
    return found;
  });
  if (place.kind === "mail") announceMail(outside);
  if (place.kind !== "conversation") return;
  await reaching.write(principal, place.conversation, { key: `message-${id}-${position}`, text });
  await endOne(sql, job, id, position, null);
}

/** Begun before: whoever sends it may have lost the right meanwhile, or the contact may be blocked. Refusals `forbidden`, `conflict`. */
async function placeStill(
  reaching: MessageOutside["reaching"],
  tx: Sql,
  principal: AccountPrincipal,
  { contact, conversation }: { contact: string | null; conversation: string },
) {
  const place = contact === null ? undefined : await reaching.placeFor(tx, principal, contact);
  if (place?.kind === "nowhere") throw new Refusal("forbidden", place.why);
  if (place?.kind !== "conversation" || place.conversation !== conversation)
    throw new Refusal("conflict", "Their conversation is another one by now: look whether they got it.");
  return { kind: "conversation", conversation } as const;
}

async function endOne(sql: TenantSql, job: RunningJob, message: string, position: number, error: string | null): Promise<void> {
  await sql.transaction(async (tx) => {
    await job.hold(tx);
    await endRecipient(tx, message, position, error === null ? "sent" : "failed", error);
  });
}

/** A command of the conversation does it, as whoever wrote it, with the rights that they have now. Its key is that of the run. */
async function writeThere(outside: MessageOutside, job: RunningJob, message: ScheduledMessage, principal: AccountPrincipal): Promise<void> {
  const sql = outside.database.forTenant(job.tenant);
  const [recipient] = await listWaiting(sql, message.id);
  const command = (await outside.commands(job.tenant)).find(`conversation.${message.way}`);
  if (recipient === undefined || recipient.conversation === null || command === undefined)
    throw new Refusal("not_found", "There is no such conversation any more.");
  const { conversation, text } = recipient;
  await executeAudited(outside, { command, principal, run: message.run, args: { conversation, text }, conversation });
  await sql.transaction(async (tx) => {
    await endRecipient(tx, message.id, null, "sent", null);
    await endScheduled(tx, message.id, { state: "sent", error: null, at: new Date(outside.clock.now()) });
    await job.finish(tx);
  });
}

async function fail(outside: MessageOutside, job: GivenUpJob, reason: string): Promise<void> {
  const sql = outside.database.forTenant(job.tenant);
  const message = await current(sql, job);
  if (message === undefined) return;
  await sql.transaction(async (tx) => {
    await endRecipient(tx, message.id, null, message.state === "going" ? "uncertain" : "failed", reason);
    await endScheduled(tx, message.id, { state: "failed", error: reason, at: new Date(outside.clock.now()) });
    await notifySender(outside, tx, message, reason);
  });
  outside.reaching.announceNotices(job.tenant, [message.account]);
}
