import { validate as isId, v7 as newId } from "uuid";
import { requireConversation } from "../../access/roles/reachStore.ts";
import { addJob, announceJobs } from "../../platform/jobs/jobs.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { OperationCall } from "../operationKind.ts";
import { composeFor, draftOf, valuesFor } from "./composeMessage.ts";
import type { Message } from "./message.ts";
import type { MessageOutside } from "./reaching.ts";
import type { Recipient } from "./recipient.ts";
import { insertRecipients, insertScheduled, type ScheduledRecipient } from "./scheduledStore.ts";

export const sendKind = "message.send";

/**
 * Writes down a message that goes later, or whose recipients are written to one after the other, with the job that sends it. The same run again
 * finds it. `whom` are people, or the id of a conversation. Refusals: `forbidden` for a visitor, and `not_found` for a conversation.
 */
export async function scheduleMessage(
  outside: Pick<MessageOutside, "database" | "bus" | "clock">,
  message: Message,
  call: OperationCall,
  at: Date | undefined,
  whom: readonly Recipient[] | string,
): Promise<{ id: string }> {
  const { principal, run } = call;
  if (principal.kind === "visitor") throw new Refusal("forbidden", "What a visitor asks for goes at once, and to no chat.");
  const sql = outside.database.forTenant(principal.tenant);
  if (typeof whom === "string") {
    if (!isId(whom)) throw new Refusal("not_found", "There is no such conversation.", { path: "message.conversation" });
    await requireConversation(sql, principal, "conversations.answer", whom);
  }
  const now = new Date(outside.clock.now());
  const id = await sql.transaction(async (tx) => {
    const own = newId();
    const job = await addJob(tx, { kind: sendKind, key: run, data: { message: own }, ...(at === undefined ? {} : { at }) });
    const stands = await insertScheduled(tx, {
      id: own,
      run,
      account: principal.account,
      key: principal.key?.id ?? null,
      operation: call.operation ?? null,
      way: message.by,
      channel: message.by === "channel" ? message.channel : null,
      ...draftOf(message, call),
      dueAt: at ?? now,
      job,
      by: principal.name,
      at: now,
    });
    if (stands === own) await insertRecipients(tx, own, recipientsOf(message, call, whom));
    return stands;
  });
  if (at === undefined) announceJobs(outside, sendKind);
  return { id };
}

function recipientsOf(message: Message, call: OperationCall, whom: readonly Recipient[] | string): ScheduledRecipient[] {
  const nobody = {
    position: 0,
    name: "A conversation",
    email: null,
    account: null,
    contact: null,
    room: null,
    conversation: null,
    slots: {},
  };
  if (typeof whom === "string") return [{ ...nobody, conversation: whom, ...draftOf(message, call) }];
  return whom.map((one, position) => {
    const { name, email, account, contact, room = null, row } = one;
    const composed = composeFor(message, valuesFor(call, one));
    return { position, name, email, account, contact, room, conversation: null, ...composed, slots: { ...row } };
  });
}
