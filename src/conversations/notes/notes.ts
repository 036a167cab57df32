import { v7 as newId } from "uuid";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Block } from "../../protocol/blocks.ts";
import type { NoteItem } from "../../protocol/desk.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { type ConversationRef, keys } from "../conversation.ts";
import { publishConversationEvent } from "../events.ts";
import { type InboundMessage, withFiles } from "../ledger/receiveMessage.ts";
import { type Mentions, nobodyMentioned, readMentions, tellMentioned } from "./mentions.ts";
import { insertNote } from "./noteStore.ts";

export interface InboundNote extends InboundMessage {
  /** Whom it names: ids of accounts, mail addresses, `team:` and a key. */
  mentions?: readonly string[];
  /** Where a wrong one of them stood. */
  mentionPath?: (index: number) => string;
}

/**
 * An agent's internal note. It is stored apart from messages, so that no channel can deliver it. Refusals as for a message, and `invalid_value`
 * for somebody who can't be named.
 */
export async function addNote(
  deps: Pick<Platform, "database" | "bus">,
  agent: AccountPrincipal,
  conversation: string,
  inbound: InboundNote,
): Promise<NoteItem> {
  const ref = { tenant: agent.tenant, id: conversation };
  const key = keys.agent(agent.account, inbound.clientId);
  const { mentions: wanted = [], mentionPath = (index) => `mentions.${index}` } = inbound;
  const mentions = await readMentions(deps.database.forTenant(agent.tenant), agent.account, conversation, wanted, mentionPath);
  const { said, settle } = await withFiles(deps, ref, inbound, { by: agent.account, messageKey: key, internal: true });
  const note = await add(deps, ref, key, { id: agent.account, name: agent.name }, said, mentions);
  await settle?.(note?.text === said.text);
  if (note === undefined) throw new Refusal("not_found", "There is no such conversation.");
  if (note.text !== said.text)
    throw new Refusal("client_id_reused", "This clientId was used for another note, which stands.", { path: "clientId" });
  tellMentioned(deps, agent.tenant, mentions);
  return note;
}

/** What Switchboard itself has to tell the agents. Repeating it with the same key changes nothing. */
export async function addSystemNote(
  deps: Pick<Platform, "database" | "bus">,
  conversation: ConversationRef,
  key: string,
  text: string,
  blocks?: Block[],
): Promise<void> {
  const said = { text: text.slice(0, 4000), ...(blocks === undefined ? {} : { blocks }) };
  await add(deps, conversation, key, { id: null, name: "Switchboard" }, said, nobodyMentioned);
}

async function add(
  { database, bus }: Pick<Platform, "database" | "bus">,
  conversation: ConversationRef,
  key: string,
  author: { id: string | null; name: string },
  said: { text: string; blocks?: Block[] },
  mentions: Mentions,
): Promise<NoteItem | undefined> {
  const note = await insertNote(database.forTenant(conversation.tenant), conversation.id, { id: newId(), key, author, mentions, ...said });
  if (note !== undefined) publishConversationEvent({ bus }, conversation.tenant, { kind: "noted", conversation: conversation.id, note });
  return note;
}
