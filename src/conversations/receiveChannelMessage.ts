import { createHash } from "node:crypto";
import { v7 as newId } from "uuid";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { ChannelMessage } from "./channel.ts";
import { beginChannelConversation, findContact, keepChannelMessage } from "./channelStore.ts";
import { keys, type NewMessage, type Write } from "./conversation.ts";
import { findControl } from "./conversationStore.ts";
import { addSystemNote } from "./notes.ts";
import { cleanText } from "./receiveMessage.ts";
import { type Recording, record } from "./record.ts";

type Receiving = Recording & Pick<Platform, "database">;

export interface ReceivedFromChannel {
  conversation: string;
  seq: number;
}

/**
 * A message of a channel where people read what people write: with the assistant in charge it goes to the queue, since nobody there waits for
 * commands. Once for each id that the channel gave it. Refusal `not_found`: the conversation is gone.
 */
export async function receiveChannelMessage(
  deps: Receiving,
  tenant: string,
  channel: string,
  message: ChannelMessage,
): Promise<ReceivedFromChannel> {
  const sql = deps.database.forTenant(tenant);
  const digest = createHash("sha256").update(message.externalId).digest("hex").slice(0, 32);
  // An id may be longer than an index takes.
  const externalId = message.externalId.length <= 300 ? message.externalId : digest;
  const conversation = await conversationOf(deps, tenant, channel, externalId, message);
  const contact = await findContact(sql, conversation);
  if (contact === undefined) throw gone();
  const key = (part: number | string) => keys.visitor(`${channel}:${digest}:${part}`);
  const messages: NewMessage[] = message.texts.map((text, part) => ({
    key: key(part),
    author: { kind: "visitor", id: contact.id, name: contact.name },
    text: cleanText(text),
  }));
  if (message.missing !== undefined) {
    messages.push({ key: key("missing"), author: { kind: "system", name: "Switchboard" }, text: message.missing.slice(0, 4000) });
  }
  const seq = await write(deps, { conversation: { tenant, id: conversation }, messages }, `wrote by ${channel}`);
  if (message.note !== undefined) await addSystemNote(deps, { tenant, id: conversation }, `n:${channel}:${digest}`, message.note);
  return { conversation, seq };
}

/** Whether a message's `clientId` says that it came by a channel and not from the page. */
export function cameByChannel(clientId: string | undefined): boolean {
  return /^[a-z]+:[0-9a-f]{32}:/.test(clientId ?? "");
}

async function conversationOf(
  { database }: Receiving,
  tenant: string,
  channel: string,
  externalId: string,
  { place, title }: ChannelMessage,
): Promise<string> {
  const sql = database.forTenant(tenant);
  if ("conversation" in place) {
    if (!(await keepChannelMessage(sql, { channel, externalId, conversation: place.conversation, title }))) throw gone();
    return place.conversation;
  }
  const contact = { id: newId(), ...place.contact };
  return await beginChannelConversation(sql, { channel, externalId, title, inbox: place.inbox, contact, conversation: newId() });
}

/** Fenced by what stands now: an agent who takes the conversation at the same moment keeps it. */
async function write(deps: Receiving, { conversation, messages }: Write, reason: string): Promise<number> {
  for (let tries = 0; tries < 8; tries++) {
    const current = await findControl(deps.database.forTenant(conversation.tenant), conversation.id);
    if (current === undefined) throw gone();
    const outcome = await record(deps, {
      conversation,
      messages,
      fence: { generation: current.generation },
      ...(current.controller === "bot" ? { control: { to: "queue", open: true, by: { kind: "visitor" }, reason } } : {}),
    });
    if (outcome.kind === "committed") return outcome.firstSeq;
    if (outcome.kind === "known") return outcome.seq;
  }
  throw new Refusal("conflict", "Others changed this conversation at the same moment; send it again.");
}

function gone(): Refusal {
  return new Refusal("not_found", "There is no such conversation.");
}
