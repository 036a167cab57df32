import type { Block, Reaction } from "./blocks.ts";
import type { Away } from "./inbox.ts";
import type { Rating } from "./rating.ts";

/** Who answers a conversation. Exactly one at a time. */
export type Controller = "bot" | "queue" | "agent";

export type AuthorKind = "visitor" | "bot" | "agent" | "system";

export interface Author {
  kind: AuthorKind;
  name: string;
  avatar?: string;
}

/** A message as everyone who sees the conversation sees it. `seq` counts from 1 without gap or repeat. */
export interface Message {
  seq: number;
  author: Author;
  text: string;
  blocks?: Block[];
  /** ISO 8601, UTC. */
  at: string;
  /** The name of the command that a bot's message answers with. */
  command?: string;
  clientId?: string;
  /** When its words were changed last; `text` is what they are now. ISO 8601, UTC. */
  changedAt?: string;
  /** Then `text` says so in words, and nothing else of the message is left. */
  deleted?: { at: string; by: string };
  reactions?: Reaction[];
}

/** Who answers at the moment, and how long it takes. */
export interface ConversationState {
  controller: Controller;
  /** The agent who answers; only with `controller: "agent"`. */
  agent?: { name: string };
  /** 1 is next; only with `controller: "queue"`. */
  position?: number;
  /** The expected wait, from the waits of the last hour; absent while there is nothing to tell it from. */
  waitSeconds?: number;
  /** No person answers at the moment. */
  away?: Away;
  open: boolean;
  /** What the visitor said of the conversation; only while it is closed. */
  rating?: Rating;
}
