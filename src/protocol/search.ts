/** Where in a text something was found: from and to, in UTF-16 units. */
export type Hit = [from: number, to: number];

/** What `GET /api/v1/search` answers: each group the newest first. */
export interface SearchAnswer {
  contacts: ContactFound[];
  conversations: ConversationFound[];
  messages: MessageFound[];
  /** For the messages before these. */
  nextCursor: string | null;
}

export interface ContactFound {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  /** The newest of theirs; null where they have none. */
  conversation: string | null;
  /** In the name. */
  hits: Hit[];
}

export interface ConversationFound {
  id: string;
  contact: { id: string; name: string };
  team: string;
  open: boolean;
  lastText: string;
  lastAt: string;
  tags: string[];
}

export interface MessageFound {
  conversation: string;
  contact: { id: string; name: string };
  seq: number;
  /** The id of an internal note, which stands behind the message `seq`; null for a message. */
  note: string | null;
  author: { kind: "visitor" | "bot" | "agent" | "system"; name: string };
  /** The part of the text around what was found. */
  excerpt: string;
  /** In the excerpt. */
  hits: Hit[];
  at: string;
}
