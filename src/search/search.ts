import { validate as isId } from "uuid";
import type { AccountPrincipal } from "../access/principal.ts";
import { readingReach } from "../access/roles/reachStore.ts";
import { listItems } from "../conversations/conversationStore.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { ConversationFound, MessageFound, SearchAnswer } from "../protocol/search.ts";
import { excerptOf, hitsIn, readSearch, type SearchQuery, toTsQuery } from "./searchQuery.ts";
import { conversationsOf, type FoundMessage, findContacts, findMessages, findTagged, noNote, readMessages } from "./searchStore.ts";

type Outside = { database: Pick<Database, "forTenant"> };

export interface SearchRequest {
  text: string;
  /** Of each group at most so many. */
  limit: number;
  /** What the page before answered: then only older messages. */
  cursor?: string | undefined;
}

/** Looks through what was said, who said it, and the conversations, as far as the person may read. Refusals: `invalid_value`, `forbidden`. */
export async function search(
  { database }: Outside,
  person: AccountPrincipal,
  { text, limit, cursor }: SearchRequest,
): Promise<SearchAnswer> {
  const reach = readingReach(person);
  const { tenant } = person;
  const query = readSearch(text);
  const words = toTsQuery(tenant, query);
  const sql = database.forTenant(tenant);
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const [messages, people] = await Promise.all([
    findMessages(sql, reach, words, { limit: limit + 1, after }).then((found) => readMessages(sql, found)),
    after === undefined ? findContacts(sql, reach, words, limit) : [],
  ]);
  const page = messages.slice(0, limit);
  const last = messages.length > limit ? page.at(-1) : undefined;
  const ids =
    after === undefined
      ? await Promise.all([
          conversationsOf(
            sql,
            reach,
            people.map(({ id }) => id),
            limit,
          ),
          findTagged(sql, reach, text.trim(), limit),
        ])
      : [];
  const conversations = await listItems(sql, [...new Set(ids.flat())].slice(0, limit));
  return {
    contacts: people.map((contact) => ({ ...contact, hits: hitsIn(contact.name, query) })),
    conversations: conversations
      .map(
        ({ id, contact, team, open, lastText, lastAt, tags }): ConversationFound => ({ id, contact, team, open, lastText, lastAt, tags }),
      )
      .sort((a, b) => (a.lastAt > b.lastAt ? -1 : 1)),
    messages: page.map((message) => toFound(message, query)),
    nextCursor: last === undefined ? null : writeCursor(last),
  };
}

function toFound(message: Awaited<ReturnType<typeof readMessages>>[number], query: SearchQuery): MessageFound {
  return {
    conversation: message.conversation,
    contact: { id: message.contact, name: message.contactName },
    seq: message.seq,
    note: message.note === noNote ? null : message.note,
    author: { kind: message.authorKind, name: message.authorName },
    ...excerptOf(message.text, query),
    at: message.at.toISOString(),
  };
}

function writeCursor({ place, conversation, seq, note }: FoundMessage): string {
  return Buffer.from(`${place}|${conversation}|${seq}|${note}`).toString("base64url");
}

function readCursor(cursor: string): FoundMessage {
  const [, place, conversation, seq, note = noNote] =
    /^(\d{4}-[\d:.+ -]{10,40})\|([0-9a-f-]{36})\|(\d{1,15})(?:\|([0-9a-f-]{36}))?$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (
    place !== undefined &&
    conversation !== undefined &&
    isId(conversation) &&
    isId(note) &&
    !Number.isNaN(Date.parse(place.replace(/([+-]\d\d)$/, "$1:00")))
  )
    return { place, conversation, seq: Number(seq), note };
  throw new Refusal("invalid_value", "This cursor is none that a search answered; begin without one.", { path: "cursor" });
}
