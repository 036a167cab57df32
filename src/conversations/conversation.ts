import type { Block } from "../protocol/blocks.ts";
import type { AuthorKind, Controller } from "../protocol/conversation.ts";

/** Which conversation of which tenant. */
export interface ConversationRef {
  tenant: string;
  id: string;
}

export interface AgentRef {
  id: string;
  name: string;
}

/** Who answers, and which change of it this is: what a reply saw must still stand when it is written. */
export interface Control {
  controller: Controller;
  generation: number;
  agent: AgentRef | null;
  queuedAt: string | null;
  open: boolean;
  /** The key of the team whose conversation it is. */
  team: string;
}

/** An agent is asked whether they take the conversation: it is a lease, and changes nothing of who controls it. */
export interface Offer {
  to: AgentRef;
  kind: "assignment" | "transfer";
  /** ISO 8601, UTC; then it goes to the next. */
  until: string;
}

/** Closed as spam, of a blocked contact, or merged into another conversation, which is called instead. */
export type Muted = "spam" | "blocked" | "merged";

/** How a conversation stands when somebody is about to change it. */
export interface Standing extends Control {
  offer: Offer | null;
  /** Why what its visitor writes calls nobody here; absent where it does. */
  muted?: Muted;
}

export interface NewMessage {
  /** Unique in the conversation: a repeated write finds the first. */
  key: string;
  author: { kind: AuthorKind; id?: string; name: string };
  text: string;
  blocks?: Block[];
  command?: string;
}

/** What answers a message that isn't written yet. Written with it, if it's there in time and control is still as the command saw it. */
export interface EarlyAnswer {
  /** The change of control that gave the conversation to the bot. */
  generation: number;
  /** Undefined until the command has answered. */
  message: Omit<NewMessage, "key"> | undefined;
  /** Until then the write waits. Never rejects. */
  ready: Promise<void>;
}

export interface ControlChange {
  to: Controller;
  /** Only with `to: "agent"`. */
  agent?: AgentRef;
  open?: boolean;
  /** Its team from now on, by key. */
  team?: string;
  /** With `to: "queue"`: before the others of its priority. What an agent answered before comes back there by itself. */
  toFront?: boolean;
  by: { kind: "visitor" | "account" | "system"; id?: string };
  reason: string;
}

/**
 * Everything that changes a conversation in one step: messages, who controls it, the turn that it ends or begins.
 * All of it is committed, or nothing.
 */
export interface Write {
  conversation: ConversationRef;
  messages: NewMessage[];
  /** The write is refused where this is no longer so. */
  fence?: { generation?: number; agent?: string; offeredTo?: string };
  /** A visitor's message wants an answer; an answer ends the turn of the message `ends`, if `holder` still has it. */
  turn?: "wanted" | { ends: number; holder: string };
  control?: ControlChange;
  /** Of the only message, which wants a turn; where it can't be written with it, the turn begins. Never with `control`. */
  answer?: EarlyAnswer | undefined;
}

export type Outcome =
  | {
      kind: "committed";
      firstSeq: number;
      at: string;
      control: Control;
      unread: number;
      turnDue: boolean;
      answered: boolean;
    }
  /** Its first key was there already: the message that stands. */
  | { kind: "known"; seq: number; at: string; text: string }
  /** A fence didn't hold, or there is no such conversation. */
  | { kind: "refused" };

export const keys = {
  visitor: (clientId: string) => `v:${clientId}`,
  agent: (account: string, clientId: string) => `a:${account}:${clientId}`,
  answer: (turnSeq: number, step: string) => `t:${turnSeq}:${step}`,
  control: (generation: number) => `c:${generation}`,
};
