import type { Sql } from "../../platform/database/database.ts";
import type { Language } from "../../protocol/languages.ts";
import type { StoredMessage } from "../events.ts";

/**
 * A channel through which people write who are not on a page of ours: a folder of `bots/`. It verifies what its service sends, translates it,
 * and delivers what is said. It gets what it needs as functions and values, never the application.
 */
export interface Channel {
  /** Of its folder, and in `POST /channels/<name>/messages`. */
  readonly name: string;
  /** What that address takes; `signature` is the header without which a request isn't read at all. */
  readonly door: { summary: string; mediaType: string; mostBytes: number; signature: string };
  /** The tenant for whom the service speaks. Refusal `unauthenticated` for whatever the service did not sign. */
  verify(request: ChannelRequest): Promise<string>;
  /** What is to be done with it. Refusals: `invalid_value` where it can't be read, `not_found` where nobody here has the address. */
  translate(tenant: string, body: Buffer): Promise<Translated>;
  /** Writes down what is to go out, in the transaction that says it was delivered. */
  deliver(sql: Sql, delivery: Delivery): Promise<void>;
}

export interface ChannelRequest {
  query: Readonly<Record<string, unknown>>;
  header(name: string): string | undefined;
  /** As it came: signatures are over the bytes. */
  body: Buffer;
}

export type Translated =
  | { kind: "message"; message: ChannelMessage }
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
