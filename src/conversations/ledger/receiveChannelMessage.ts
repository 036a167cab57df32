import { createHash } from "node:crypto";
import { v7 as newId } from "uuid";
import type { VisitorPrincipal } from "../../access/principal.ts";
import { type Uploading, uploadFile } from "../../files/uploadFile.ts";
import { maxFilesOfMessage } from "../../protocol/files.ts";
import { pickLanguage } from "../../protocol/languages.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { keys, type NewMessage, type Write } from "../conversation.ts";
import { findControl } from "../conversationStore.ts";
import { mailWords } from "../delivery/mailWords.ts";
import { addSystemNote } from "../notes/notes.ts";
import type { ChannelMessage } from "./channel.ts";
import { beginChannelConversation, type Correspondent, findContact, keepChannelMessage } from "./channelStore.ts";
import { cleanText, withFiles } from "./receiveMessage.ts";
import { type Recording, record } from "./record.ts";

type Receiving = Recording & Uploading;

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
  const clientId = (part: number | string) => `${channel}:${digest}:${part}`;
  const author = { kind: "visitor", id: contact.id, name: contact.name } as const;
  const last = message.texts.length - 1;
  const { kept, refused } = await keepFiles(deps, { tenant, conversation, contact }, clientId("file"), message.files);
  const messages: NewMessage[] = message.texts.slice(0, last).map((text, part) => ({
    key: keys.visitor(clientId(part)),
    author,
    text: cleanText(text),
  }));
  const key = keys.visitor(clientId(last));
  const words = mailWords(pickLanguage(contact.locale === null ? [] : [contact.locale]));
  const text = message.texts[last] || (kept.length === 0 ? words.noText : "");
  const place = { tenant, id: conversation };
  const { said, settle } = await withFiles(
    deps,
    place,
    { clientId: clientId(last), text, files: kept },
    { by: contact.id, messageKey: key, internal: false },
  );
  messages.push({ key, author, ...said });
  if (refused.length > 0) {
    const missing = words.filesNotReceived(refused.join(", ")).slice(0, 4000);
    messages.push({ key: keys.visitor(clientId("missing")), author: { kind: "system", name: "Switchboard" }, text: missing });
  }
  const seq = await write(deps, { conversation: place, messages }, contact.muted ? undefined : `wrote by ${channel}`);
  await settle?.(true);
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

/** Keeps what the message brings; what may not be kept is named, and the rest goes on. */
async function keepFiles(
  deps: Receiving,
  { tenant, conversation, contact }: { tenant: string; conversation: string; contact: Correspondent },
  key: string,
  files: ChannelMessage["files"],
): Promise<{ kept: string[]; refused: string[] }> {
  const uploader: VisitorPrincipal = { kind: "visitor", tenant, inbox: contact.inbox, contact: contact.id, conversation };
  const [kept, refused]: [string[], string[]] = [[], files.slice(maxFilesOfMessage).map(({ name }) => name)];
  for (const [number, { name, bytes }] of files.slice(0, maxFilesOfMessage).entries()) {
    try {
      kept.push((await uploadFile(deps, uploader, { name, bytes, key: `${key}:${number}` })).id);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code === "unavailable") throw error;
      refused.push(`${name} (${error.message})`);
    }
  }
  return { kept, refused };
}

/** Fenced by what stands now: an agent who takes the conversation at the same moment keeps it. */
async function write(deps: Receiving, { conversation, messages }: Write, reason: string | undefined): Promise<number> {
  for (let tries = 0; tries < 8; tries++) {
    const current = await findControl(deps.database.forTenant(conversation.tenant), conversation.id);
    if (current === undefined) throw gone();
    const outcome = await record(deps, {
      conversation,
      messages,
      fence: { generation: current.generation },
      ...(current.controller === "bot" && reason !== undefined
        ? { control: { to: "queue", open: true, by: { kind: "visitor" }, reason } }
        : {}),
    });
    if (outcome.kind === "committed") return outcome.firstSeq;
    if (outcome.kind === "known") return outcome.seq;
  }
  throw new Refusal("conflict", "Others changed this conversation at the same moment; send it again.");
}

function gone(): Refusal {
  return new Refusal("not_found", "There is no such conversation.");
}
