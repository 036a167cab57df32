import type { VisitorPrincipal } from "../../access/principal.ts";
import { type Received, receiveVisitorMessage } from "../../conversations/ledger/receiveMessage.ts";
import { uploadFile } from "../../files/uploadFile.ts";
import type { ActionBlock } from "../../protocol/blocks.ts";
import { maxFilesOfMessage } from "../../protocol/files.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { maxTextLength } from "../../protocol/visitor.ts";
import { cardOf } from "../asking/performing.ts";
import type { ChatEvent, ChatFile, ChatPlace } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import { ChatFailure } from "../chatService.ts";
import { findInstallation } from "../installations/installationStore.ts";
import { saveSaid } from "../outbox/outStore.ts";
import { becomeOne } from "../people/becomeOne.ts";
import { learnName } from "../people/learnName.ts";
import type { Who } from "../people/people.ts";
import { lockContactOf, saveContact } from "../people/personStore.ts";
import { beginTalk, findTalk, findThread, insertThread, lockPlace, type Talk } from "./threadStore.ts";

const mostBytesOfFile = 20 * 1024 * 1024;

/**
 * What somebody says where they talk with us becomes a message of their conversation: of the one that hangs there and is open, else of a new one in
 * the workspace's inbox. Once for the event's key.
 */
export async function talkAsContact(outside: ChatOutside, met: Who, said: ChatEvent & { kind: "said" }): Promise<void> {
  // Events of Slack bring an id and no name.
  const who = met.person.contact === null ? { ...met, person: { ...met.person, name: await learnName(outside, met) } } : met;
  const place = placeOfTalk(said.place, said.message);
  const conversation = await conversationAt(outside, who, place, said.key);
  const visitor = await visitorOf(outside, who, conversation);
  const { kept, missing } = await keepFiles(outside, who, visitor, said);
  const notes = missing.length === 0 ? "" : `\n(Not received: ${missing.join(", ")})`;
  const text = cut(said.text.trim() + notes);
  if (text === "" && kept.length === 0) return;
  const received = await write(outside, visitor, who.person.name, { clientId: clientIdOf(said.key), text, files: kept });
  if (said.message !== undefined)
    await saveSaid(outside.database.forTenant(visitor.tenant), {
      installation: who.installation.id,
      room: place.room,
      message: said.message,
      conversation,
      seq: received.seq,
      author: who.person.user,
    });
}

/** A choice of theirs, pressed where the assistant offered it. */
export async function chooseAsContact(
  outside: ChatOutside,
  who: Who,
  conversation: string,
  chosen: { key: string; text: string; blocks: [ActionBlock] },
): Promise<void> {
  const visitor = await contactOf(outside, who, conversation);
  await write(outside, visitor, who.person.name, { clientId: clientIdOf(chosen.key), text: chosen.text, blocks: chosen.blocks });
}

/** In a room of its own everything is one conversation after the other; elsewhere the thread is. */
export function placeOfTalk(place: ChatPlace, message: string | undefined): ChatPlace {
  if (place.scope === "personal" || place.thread !== undefined || message === undefined) return place;
  return { ...place, thread: message };
}

/** Who says something in a conversation from outside, as a visitor of its inbox. */
export async function visitorOf(
  outside: Pick<ChatOutside, "database">,
  { installation }: Pick<Who, "installation">,
  conversation: string,
): Promise<VisitorPrincipal> {
  const talk: Talk | undefined = await findTalk(outside.database.forTenant(installation.tenant), conversation);
  if (talk === undefined) throw new Refusal("not_found", "This conversation is gone.");
  const locale = talk.locale === null ? {} : { locale: talk.locale };
  return { kind: "visitor", tenant: installation.tenant, inbox: talk.inbox, contact: talk.contactId, conversation, ...locale };
}

/** As `visitorOf`, where somebody does what only the contact may: in a room others read along. Refusals: `not_found`, `forbidden`. */
export async function contactOf(outside: Pick<ChatOutside, "database">, who: Who, conversation: string): Promise<VisitorPrincipal> {
  const visitor = await visitorOf(outside, who, conversation);
  if (who.person.contact !== visitor.contact) throw new Refusal("forbidden", "Only whoever asked here may press this.");
  return visitor;
}

async function conversationAt(outside: ChatOutside, { installation, person }: Who, place: ChatPlace, key: string): Promise<string> {
  const sql = outside.database.forTenant(installation.tenant);
  const found = await findThread(sql, installation.id, place);
  // What was closed goes on in its own thread; in a room, a new one begins.
  if (found !== undefined && (found.open || place.thread !== undefined)) return found.conversation;
  const row = await findInstallation(sql, installation.id);
  if (row === undefined) throw new Refusal("not_found", "This workspace is not connected any more.");
  const inbox = await outside.inboxes.byId(installation.tenant, row.inbox);
  const conversation = cardOf(installation.id, `${key} conversation`);
  return await sql.transaction(async (tx) => {
    await lockPlace(tx, installation.id, place);
    const rival = await findThread(tx, installation.id, place);
    if (rival !== undefined && (rival.open || place.thread !== undefined)) return rival.conversation;
    if (person.account !== null) await becomeOne(tx, person.account);
    const known = await lockContactOf(tx, person.id);
    const contact = known ?? cardOf(installation.id, `${key} contact`);
    await beginTalk(tx, {
      conversation,
      contact: { id: contact, name: person.name, isNew: known === null },
      inbox: inbox.id,
      team: inbox.team,
      channel: installation.app.service,
    });
    if (known === null) await saveContact(tx, person.id, contact);
    await insertThread(tx, {
      id: cardOf(installation.id, `${key} thread`),
      installation: installation.id,
      conversation,
      side: "visitor",
      place,
      toldSeq: 0,
    });
    return conversation;
  });
}

async function keepFiles(
  outside: ChatOutside,
  { installation }: Who,
  visitor: VisitorPrincipal,
  { files, key }: { files: readonly ChatFile[]; key: string },
): Promise<{ kept: string[]; missing: string[] }> {
  const service = outside.services.get(installation.app.service);
  const [kept, missing]: [string[], string[]] = [[], files.slice(maxFilesOfMessage).map(({ name }) => name)];
  for (const [number, { name, url }] of files.slice(0, maxFilesOfMessage).entries()) {
    try {
      const bytes = await service?.fetchFile(installation, url, mostBytesOfFile);
      if (bytes === undefined) missing.push(name);
      else kept.push((await uploadFile(outside, visitor, { name, bytes, key: `${clientIdOf(key)}:${number}` })).id);
    } catch (error) {
      // What broke inside is nobody's to read there: it is logged, and tried again with all that was said.
      if (!(error instanceof ChatFailure || (error instanceof Refusal && error.code !== "unavailable"))) throw error;
      missing.push(`${name} (${error.message})`);
    }
  }
  return { kept, missing };
}

async function write(
  outside: ChatOutside,
  visitor: VisitorPrincipal,
  name: string,
  inbound: Parameters<typeof receiveVisitorMessage>[3],
): Promise<Received> {
  const received = await receiveVisitorMessage(outside, visitor, name, inbound);
  if (received.fresh?.turnDue === true) outside.turnDue(visitor, received);
  return received;
}

/** By which its own words are known again when they come back to the place where they were said. */
export function clientIdOf(key: string): string {
  return `chat:${key}`.slice(0, 120);
}

/** As much as a message may be. */
export function cut(text: string): string {
  const characters = [...text];
  return characters.length <= maxTextLength ? text : `${characters.slice(0, maxTextLength - 1).join("")}…`;
}
