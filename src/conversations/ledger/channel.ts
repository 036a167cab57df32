import type { z } from "zod";
import type { Sql } from "../../platform/database/database.ts";
import type { Language } from "../../protocol/languages.ts";
import type { StoredMessage } from "../events.ts";

/**
 * A channel through which people write who are not on a page of ours: a folder of `bots/`. It verifies what its service sends, translates it, and
 * presents what is said. It gets what it needs as functions and values, never the application.
 */
export interface Channel {
  /** Of its folder, and in the addresses of its doors: `/channels/<name>/<path>`. */
  readonly name: string;
  readonly doors: readonly ChannelDoor[];
  /** Writes down what is to go out to a visitor who reads it later, in the transaction that says it was delivered. */
  deliver?(sql: Sql, delivery: Delivery): Promise<void>;
  /** Writes down the question how a conversation was that began by this channel: once for each end, however often it is called. */
  askRating?(sql: Sql, ended: EndedTalk): Promise<void>;
}

/** An address that the channel's service calls. */
export interface ChannelDoor {
  method: "get" | "post";
  path: string;
  /** In the API's document. */
  id: string;
  summary: string;
  /** What it takes; of a `get` nothing is read. */
  mediaTypes: readonly string[];
  mostBytes: number;
  /** The header without which a request isn't read at all. */
  signature?: string;
  /** Whether the service speaks, as far as that can be seen without the body, before it is read. Refusal `unauthenticated`. */
  admit?(head: ChannelHead): Promise<void>;
  /** Its answers, as the API's document has them. */
  answers: { says: string; schema: z.ZodType };
  /** Verifies first, then reads. Refusals: `unauthenticated` for whatever the service did not sign, and what the channel says. */
  answer(request: ChannelRequest): Promise<ChannelReply>;
}

export interface ChannelHead {
  query: Readonly<Record<string, unknown>>;
  header(name: string): string | undefined;
}

export interface ChannelRequest extends ChannelHead {
  /** As it came: signatures are over the bytes. Empty for a `get`. */
  body: Buffer;
}

/** What the service gets: JSON, a text, or nothing. */
export interface ChannelReply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export type Translated =
  | { kind: "message"; message: ChannelMessage }
  /** How a conversation was that has ended. */
  | { kind: "rating"; conversation: string; score: number; comment: string }
  /** Nothing to answer: a machine's reply, a bounce. What the agents should know of it goes as a note. */
  | { kind: "passedOver"; reason: string; note?: { conversation: string; text: string } };

export interface ChannelMessage {
  /** The service's own id: the same again is the same message. */
  externalId: string;
  /** The conversation that it belongs to, or where a new one begins and with whom. */
  place: { conversation: string } | { inbox: { id: string; team: string }; contact: { name: string; email: string | null } };
  /** What a new conversation is about. */
  title: string;
  /** Each becomes a message; at least one, which may be empty where there are files. */
  texts: readonly string[];
  /** They go with the last text. */
  files: readonly { name: string; bytes: Uint8Array }[];
  /** What only the agents should know. */
  note?: string;
}

/** Answers that a visitor has not read, on their way to where the visitor is. */
export interface Delivery {
  tenant: string;
  conversation: string;
  /** Where else they are reached, the channel knows by the conversation. */
  contact: { name: string; email: string | null };
  language: Language;
  inbox: { name: string };
  /** Where the chat goes on: a page of the inbox's own, or none. */
  page: string | undefined;
  answers: readonly StoredMessage[];
}

/** A conversation whose end nobody has rated, in which an agent spoke. */
export interface EndedTalk {
  tenant: string;
  conversation: string;
  /** Of its end. */
  generation: number;
  contact: { name: string; email: string | null };
  language: Language;
  inbox: { name: string };
}
