import { v7 as newId } from "uuid";
import type { AccountPrincipal } from "../access/principal.ts";
import type { Platform } from "../platform/platform.ts";
import type { NoteItem } from "../protocol/desk.ts";
import { Refusal } from "../protocol/refusal.ts";
import { type ConversationRef, keys } from "./conversation.ts";
import { publishConversationEvent } from "./events.ts";
import { insertNote } from "./noteStore.ts";
import { cleanText, type InboundMessage } from "./receiveMessage.ts";

/** An agent's internal note. It is stored apart from messages, so that no channel can deliver it. Refusals as for a message. */
export async function addNote(
  deps: Pick<Platform, "database" | "bus">,
  agent: AccountPrincipal,
  conversation: string,
  inbound: InboundMessage,
): Promise<NoteItem> {
  const text = cleanText(inbound.text);
  const note = await add(
    deps,
    { tenant: agent.tenant, id: conversation },
    keys.agent(agent.account, inbound.clientId),
    { id: agent.account, name: agent.name },
    text,
  );
  if (note === undefined) throw new Refusal("not_found", "There is no such conversation.");
  if (note.text !== text)
    throw new Refusal("client_id_reused", "This clientId was used for another note, which stands.", { path: "clientId" });
  return note;
}

/** What Switchboard itself has to tell the agents. Repeating it with the same key changes nothing. */
export async function addSystemNote(
  deps: Pick<Platform, "database" | "bus">,
  conversation: ConversationRef,
  key: string,
  text: string,
): Promise<void> {
  await add(deps, conversation, key, { id: null, name: "Switchboard" }, text.slice(0, 4000));
}

async function add(
  { database, bus }: Pick<Platform, "database" | "bus">,
  conversation: ConversationRef,
  key: string,
  author: { id: string | null; name: string },
  text: string,
): Promise<NoteItem | undefined> {
  const note = await insertNote(database.forTenant(conversation.tenant), conversation.id, { id: newId(), key, author, text });
  if (note !== undefined) publishConversationEvent({ bus }, conversation.tenant, { kind: "noted", conversation: conversation.id, note });
  return note;
}
