import type { ConversationHead, ConversationItem } from "../../src/protocol/desk.ts";

const at = "2026-11-21T10:00:00.000Z";

/** An open conversation that the assistant answers, save what is said otherwise. */
export function conversation(id: string, changes: Partial<ConversationItem> = {}): ConversationItem {
  return {
    kind: "conversation",
    id,
    contact: { id: `contact of ${id}`, name: `Visitor ${id}` },
    inbox: { id: "inbox", name: "Website" },
    team: "support",
    controller: "bot",
    generation: 1,
    agent: null,
    open: true,
    queuedAt: null,
    priority: 3,
    queueRank: 1,
    language: null,
    skills: [],
    channel: "website",
    offer: null,
    lastSeq: 1,
    lastText: "hello",
    lastAuthor: "visitor",
    lastAt: at,
    unread: 0,
    createdAt: at,
    tags: [],
    ...changes,
  };
}

export const queued = (id: string, queuedAt: string) => conversation(id, { controller: "queue", queuedAt });
export const heldBy = (agent: string, id: string, changes: Partial<ConversationItem> = {}) =>
  conversation(id, { controller: "agent", agent: { id: agent, name: `Agent ${agent}` }, ...changes });

export function head(changes: Partial<ConversationHead> = {}): ConversationHead {
  const { kind: _, contact, ...rest } = conversation("c");
  return {
    ...rest,
    kind: "head",
    contact: {
      ...contact,
      email: null,
      phone: null,
      notes: "",
      locale: null,
      page: null,
      browser: null,
      timeZone: null,
      createdAt: at,
      tags: [],
      fields: {},
      version: 0,
      identities: [],
      answers: [],
    },
    fields: {},
    version: 0,
    rating: null,
    visitorReadSeq: 0,
    visitorShownSeq: 0,
    agentReadSeq: 0,
    visitorConnected: true,
    ...changes,
  };
}
